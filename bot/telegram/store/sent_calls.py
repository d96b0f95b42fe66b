"""
The outbox: what the bot calls while it works on an update, kept before it is sent.

Functions over a connection inside of a transaction; they wait for the database. When another
worker works on the update again, what Telegram has confirmed is not sent again.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from bot.telegram.store import kept_updates
from bot.telegram.store.kept_updates import Worker
from bot.telegram.store.tables import outbox

# Made once, which is half of what they cost.
_IS = (
    outbox.c.chat == bindparam("c"),
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


@dataclass(frozen=True, slots=True)
class CallPlace:
    """The place of the call *number* for an update of *chat*."""

    chat: int
    update_id: int
    number: int


def record(
    connection: Connection, worker: Worker, place: CallPlace, request: str
) -> SentCall | None:
    """
    Keep the call at *place* before it is made; an earlier worker may have kept it.

    None when *worker* may not go on with the update, since another one has taken it over.
    """
    name = kept_updates.worker_of(connection, worker.bot, place.chat, place.update_id)
    if name is None:  # it is done, and this comes behind
        return SentCall(request)
    if name != worker.name:
        return None
    row = connection.execute(_KEPT, _key(worker, place)).one_or_none()
    if row is not None:
        return SentCall(row.request, row.result, again=True)
    connection.execute(_INSERT, asdict(place) | {"bot": worker.bot, "request": request})
    return SentCall(request)


def forget_unsent(connection: Connection, worker: Worker, chat: int, update_id: int) -> None:
    """Let the calls for an update of *chat* that Telegram has not confirmed be made anew."""
    its = (outbox.c.chat == chat, outbox.c.bot == worker.bot, outbox.c.update_id == update_id)
    connection.execute(delete(outbox).where(*its, outbox.c.result.is_(None)))


def confirm(connection: Connection, worker: Worker, place: CallPlace, result: str) -> None:
    """Note what Telegram has answered to the call at *place*."""
    connection.execute(_CONFIRM, _key(worker, place) | {"r": result})


def _key(worker: Worker, place: CallPlace) -> dict[str, Any]:
    return {"c": place.chat, "b": worker.bot, "u": place.update_id, "n": place.number}
