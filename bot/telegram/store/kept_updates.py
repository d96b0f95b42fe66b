"""
The inbox: updates that are kept until they are worked on, by whichever worker.

Functions over a connection inside of a transaction; they wait for the database. An update is
*taken* by one worker at a time, and of a chat only one is taken, the first that is not done; what
its worker has put *aside*, since it takes long, holds up no other. What is done keeps its number,
so that a repeated update is known, and not a word of what it said.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from bot.telegram.store import recent_moments
from bot.telegram.store.tables import inbox, outbox
from bot.telegram.store.upserts import lock_owner

# Updates of one chat that wait. A group gets twenty messages a minute of a bot.
MAX_WAITING = 40
# Seconds in which a repeated update is known; Telegram sends none again after a day.
REMEMBERED = 2 * 24 * 3600
FORGET_EVERY = 500  # updates; forgetting scans an index
# An update with which so many workers ended, since so many seconds, is what ends them. All that
# they work on is tried again with it, so that a few ends say nothing.
MAX_TRIES, MAX_TRIED = 10, 600

Outcome = Literal["taken", "waits", "known", "crowded"]


@dataclass(frozen=True, slots=True)
class Worker:
    """Who works for *bot*, by a *name* of its own; *beat* moves as long as it lives."""

    bot: int
    name: str
    beat: int = 0


@dataclass(frozen=True, slots=True)
class KeptUpdate:
    """
    An update of *chat* with its *content* as JSON.

    It was begun *tries* times before, and is here *since* so many seconds after 1970.
    """

    number: int
    chat: int
    content: str
    tries: int = 0
    since: int = 0

    @property
    def ends_workers(self) -> bool:
        """Whether it must be what ends those who work on it."""
        return self.tries >= MAX_TRIES and time.time() - self.since > MAX_TRIED


# Statements that each question needs are made once, which is half of what they cost.
_OTHER = inbox.alias()
_BOT: BindParameter[int] = bindparam("b")
_CHAT: BindParameter[int] = bindparam("c")
_NUMBER: BindParameter[int] = bindparam("n")
_UNDONE = (inbox.c.bot == _BOT, inbox.c.content.is_not(None))
_HELD = select(_OTHER.c.update_id).where(
    _OTHER.c.bot == _BOT,
    _OTHER.c.chat == inbox.c.chat,
    _OTHER.c.content.is_not(None),
    ~_OTHER.c.aside,
    (_OTHER.c.update_id < inbox.c.update_id) | _OTHER.c.worker.is_not(None),
)
_IS = (inbox.c.chat == _CHAT, inbox.c.bot == _BOT, inbox.c.update_id == _NUMBER)
_KNOWN = select(inbox.c.worker, inbox.c.content.is_(None)).where(*_IS)
_IN_LINE = (*_UNDONE, inbox.c.chat == _CHAT, ~inbox.c.aside)
_WAITING = select(func.count()).select_from(inbox).where(*_IN_LINE)
_INSERT = insert(inbox)
_FINISH = update(inbox).where(*_IS).values(content=None, worker=None)
_PUT_ASIDE = update(inbox).where(*_IS, inbox.c.worker == bindparam("w")).values(aside=True)
_UNSENT = delete(outbox).where(
    outbox.c.chat == _CHAT, outbox.c.bot == _BOT, outbox.c.update_id == _NUMBER
)
# Who is the first of a chat of which none is taken.
_FIRST = (
    select(inbox.c.chat, inbox.c.update_id)
    .where(*_UNDONE, inbox.c.worker.is_(None), ~_HELD.exists())
    .order_by(inbox.c.update_id)
)
_NEXT = _FIRST.where(inbox.c.chat == _CHAT).limit(1)
_TAKE = (
    update(inbox)
    .where(*_IS, inbox.c.worker.is_(None), inbox.c.content.is_not(None))
    .values(worker=bindparam("w"), beat=bindparam("at"), tries=inbox.c.tries + 1)
    .returning(
        *(inbox.c.update_id, inbox.c.chat, inbox.c.content),
        *(inbox.c.tries - 1, inbox.c.received_at),
    )
)
_WORKER_OF = select(inbox.c.worker).where(*_IS)


def receive(
    connection: Connection, worker: Worker, given: KeptUpdate, *, takes: bool, droppable: bool
) -> Outcome:
    """
    Keep what came, and take it if *worker* *takes* more and nothing of its chat comes before.

    A *droppable* one is noted as done when its chat has no room for it.
    """
    lock_owner(connection, given.chat)
    key = _key(worker.bot, given.chat, given.number)
    known = connection.execute(_KNOWN, key).one_or_none()
    if known is not None:  # a commit may have been lost on its way back
        return "taken" if known == (worker.name, False) else "known"
    waiting = connection.scalar(_WAITING, {"b": worker.bot, "c": given.chat}) or 0
    crowded = droppable and waiting > MAX_WAITING
    taken = takes and not waiting
    row = {
        "bot": worker.bot,
        "update_id": given.number,
        "chat": given.chat,
        "content": None if crowded else given.content,
        "received_at": int(time.time()),
        "worker": worker.name if taken else None,
        "beat": worker.beat,
        "tries": int(taken),
    }
    connection.execute(_INSERT, row)
    if given.number % FORGET_EVERY == 0:
        forget(connection)
    return "crowded" if crowded else "taken" if taken else "waits"


def finish(
    connection: Connection, worker: Worker, given: KeptUpdate, *, takes: bool
) -> KeptUpdate | None:
    """Note that what was *given* is done; take and return the next of its chat, if there is one."""
    lock_owner(connection, given.chat)
    key = _key(worker.bot, given.chat, given.number)
    connection.execute(_FINISH, key)
    connection.execute(_UNSENT, key)
    return _take_next(connection, worker, given) if takes else None


def put_aside(
    connection: Connection, worker: Worker, given: KeptUpdate, *, takes: bool
) -> KeptUpdate | None:
    """Let what was *given* go on beside the next update of its chat; take and return that one."""
    lock_owner(connection, given.chat)
    key = _key(worker.bot, given.chat, given.number)
    connection.execute(_PUT_ASIDE, key | {"w": worker.name})
    return _take_next(connection, worker, given) if takes else None


def _take_next(connection: Connection, worker: Worker, given: KeptUpdate) -> KeptUpdate | None:
    found = connection.execute(_NEXT, {"b": worker.bot, "c": given.chat}).all()
    return next(iter(_take(connection, worker, found)), None)


def take_waiting(connection: Connection, worker: Worker, limit: int) -> list[KeptUpdate]:
    """Take the first updates of up to *limit* chats of which nobody works on any."""
    first = _FIRST.limit(limit).with_for_update(skip_locked=True)
    return _take(connection, worker, connection.execute(first, {"b": worker.bot}).all())


def waiting_of(connection: Connection, worker: Worker, chat: int) -> list[KeptUpdate]:
    """What is not done of *chat*, in its order, if it is *worker* who has taken one of it."""
    its = (inbox.c.bot == worker.bot, inbox.c.chat == chat, inbox.c.content.is_not(None))
    columns = (inbox.c.update_id, inbox.c.chat, inbox.c.content, inbox.c.tries, inbox.c.received_at)
    query = select(*columns, inbox.c.worker).where(*its).order_by(inbox.c.update_id)
    rows = connection.execute(query).all()
    mine = any(row.worker == worker.name for row in rows)
    return [KeptUpdate(*row[:-1]) for row in rows] if mine else []


def count_undone(connection: Connection, bot: int) -> int:
    """How many updates wait or are worked on."""
    return connection.scalar(undone(bot, func.count())) or 0


def is_undone_before(connection: Connection, bot: int, chat: int, number: int) -> bool:
    """Whether *chat* has updates from before the one with *number* that hold others up."""
    earlier = (inbox.c.chat == chat, inbox.c.update_id < number, ~inbox.c.aside)
    return connection.scalar(undone(bot, inbox.c.update_id, *earlier).limit(1)) is not None


def is_undone(connection: Connection, bot: int, chat: int, number: int) -> bool:
    """Whether the update of *chat* with *number* is not done."""
    which = (inbox.c.chat == chat, inbox.c.update_id == number)
    return connection.scalar(undone(bot, inbox.c.update_id, *which)) is not None


def worker_of(connection: Connection, bot: int, chat: int, number: int) -> str | None:
    """The name of who works on an update, None when it is done, or nobody has begun."""
    return connection.scalar(_WORKER_OF, _key(bot, chat, number))


def forget(connection: Connection) -> None:
    """Forget the numbers of updates that cannot come again, and what is over."""
    old = (inbox.c.received_at < int(time.time()) - REMEMBERED, inbox.c.content.is_(None))
    connection.execute(delete(inbox).where(*old))
    recent_moments.forget(connection)


def _take(connection: Connection, worker: Worker, found: Iterable[Any]) -> list[KeptUpdate]:
    """Take what was *found* (chat and number) and nobody else has just taken, in its order."""
    taken = []
    for chat, number in found:
        values = _key(worker.bot, chat, number) | {"w": worker.name, "at": worker.beat}
        taken += [KeptUpdate(*row) for row in connection.execute(_TAKE, values)]
    return sorted(taken, key=lambda kept: kept.number)


def _key(bot: int, chat: int, number: int) -> dict[str, Any]:
    return {"b": bot, "c": chat, "n": number}


def undone(bot: int, wanted: Any, *where: ColumnElement[bool]) -> Any:  # noqa: ANN401
    """A query of *wanted*, of the updates that are not done."""
    undone = (inbox.c.bot == bot, inbox.c.content.is_not(None))
    return select(wanted).select_from(inbox).where(*undone, *where)
