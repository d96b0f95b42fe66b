"""
The outbox: what the bot calls while it works on an update, kept before it is sent.

Functions over a connection inside of a transaction; they wait for the database. When another
worker works on the update again, what Telegram has confirmed is not sent again.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from bot.telegram.store import kept_updates
from bot.telegram.store.kept_updates import Worker
from bot.telegram.store.tables import outbox

# Made once, which is half of what they cost.
_IS = (
    outbox.c.bot == bindparam("b"),
    outbox.c.update_id == bindparam("u"),
    outbox.c.number == bindparam("n"),
)
_KEPT = select(outbox.c.request, outbox.c.result).where(*_IS)
_INSERT = insert(outbox)
_CONFIRM = update(outbox).where(*_IS).values(result=bindparam("r"))


@dataclass(frozen=True, slots=True)
class SentCall:
    """A *request* as JSON, and the *result* as JSON, None as long as Telegram has not confirmed."""

    request: str
    result: str | None = None
    again: bool = False


def record(
    connection: Connection, worker: Worker, update_id: int, number: int, request: str
) -> SentCall | None:
    """
    Keep the call *number* of an update before it is made; an earlier worker may have kept it.

    None when *worker* may not go on with the update, since another one has taken it over.
    """
    name = kept_updates.worker_of(connection, worker.bot, update_id)
    if name is None:  # it is done, and this comes behind
        return SentCall(request)
    if name != worker.name:
        return None
    key = {"b": worker.bot, "u": update_id, "n": number}
    row = connection.execute(_KEPT, key).one_or_none()
    if row is not None:
        return SentCall(row.request, row.result, again=True)
    values = {"bot": worker.bot, "update_id": update_id, "number": number, "request": request}
    connection.execute(_INSERT, values)
    return SentCall(request)


def forget_unsent(connection: Connection, worker: Worker, update_id: int) -> None:
    """Let the calls of an update that Telegram has not confirmed be made anew."""
    its = (outbox.c.bot == worker.bot, outbox.c.update_id == update_id)
    connection.execute(delete(outbox).where(*its, outbox.c.result.is_(None)))


def confirm(
    connection: Connection, worker: Worker, update_id: int, number: int, result: str
) -> None:
    """Note what Telegram has answered."""
    values = {"b": worker.bot, "u": update_id, "n": number, "r": result}
    connection.execute(_CONFIRM, values)
