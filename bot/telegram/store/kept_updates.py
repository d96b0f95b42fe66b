"""
The inbox: updates that are kept until they are worked on, by whichever worker.

Functions over a connection inside of a transaction; they wait for the database. An update is
*taken* by one worker at a time, and of a chat only one is taken, the first that is not done. What
is done keeps its number, so that a repeated update is known, and not a word of what it said.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from bot.telegram.store import recent_moments
from bot.telegram.store.tables import inbox, outbox
from bot.telegram.store.upserts import lock_owner

# Updates of one chat that wait. A group gets twenty messages a minute of a bot.
MAX_WAITING = 40
# Seconds in which a repeated update is known; Telegram sends none again after a day.
REMEMBERED = 2 * 24 * 3600
FORGET_EVERY = 500  # updates; forgetting scans an index
MAX_TRIES = 10  # an update with which so many workers ended is not begun again

Outcome = Literal["taken", "waits", "known", "crowded"]


@dataclass(frozen=True, slots=True)
class Worker:
    """Who works for *bot*, by a *name* of its own; *beat* moves as long as it lives."""

    bot: int
    name: str
    beat: int = 0


@dataclass(frozen=True, slots=True)
class KeptUpdate:
    """An update of *chat* with its *content* as JSON, and how often it was begun before."""

    number: int
    chat: int
    content: str
    tries: int = 0


def receive(
    connection: Connection, worker: Worker, given: KeptUpdate, *, takes: bool, droppable: bool
) -> Outcome:
    """
    Keep what came, and take it if *worker* *takes* more and nothing of its chat comes before.

    A *droppable* one is noted as done when its chat has no room for it.
    """
    lock_owner(connection, given.chat)
    known = connection.execute(
        select(inbox.c.worker, inbox.c.content.is_(None)).where(*_is(worker.bot, given.number))
    ).one_or_none()
    if known is not None:  # a commit may have been lost on its way back
        return "taken" if known == (worker.name, False) else "known"
    waiting = connection.scalar(_undone(worker.bot, func.count(), inbox.c.chat == given.chat)) or 0
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
    connection.execute(inbox.insert(), row)
    if given.number % FORGET_EVERY == 0:
        forget(connection)
    return "crowded" if crowded else "taken" if taken else "waits"


def finish(
    connection: Connection, worker: Worker, given: KeptUpdate, *, takes: bool
) -> KeptUpdate | None:
    """Note that what was *given* is done; take and return the next of its chat, if there is one."""
    lock_owner(connection, given.chat)
    done = {"content": None, "worker": None}
    connection.execute(update(inbox).where(*_is(worker.bot, given.number)).values(done))
    sent = (outbox.c.bot == worker.bot, outbox.c.update_id == given.number)
    connection.execute(delete(outbox).where(*sent))
    if not takes:
        return None
    first = _first_of_chats(worker.bot, 1).where(inbox.c.chat == given.chat)
    return next(iter(_take(connection, worker, connection.scalars(first).all())), None)


def take_waiting(connection: Connection, worker: Worker, limit: int) -> list[KeptUpdate]:
    """Take the first updates of up to *limit* chats of which nobody works on any."""
    first = _first_of_chats(worker.bot, limit).with_for_update(skip_locked=True)
    return _take(connection, worker, connection.scalars(first).all())


def beat(connection: Connection, worker: Worker) -> None:
    """Let others see that *worker* lives."""
    mine = (inbox.c.bot == worker.bot, inbox.c.worker == worker.name, inbox.c.content.is_not(None))
    connection.execute(update(inbox).where(*mine).values(beat=worker.beat))


def beats(connection: Connection, worker: Worker) -> dict[str, int]:
    """The last beat of each other worker that has taken something."""
    others = (inbox.c.worker.is_not(None), inbox.c.worker != worker.name)
    query = _undone(worker.bot, inbox.c.worker, *others).add_columns(func.max(inbox.c.beat))
    rows = connection.execute(query.group_by(inbox.c.worker))
    return {str(name): int(last) for name, last in rows}


def release(connection: Connection, bot: int, gone: Iterable[str], *, ended: bool = False) -> None:
    """Let others take what the workers *gone* have taken; *ended* is who leaves in order."""
    theirs = (inbox.c.bot == bot, inbox.c.worker.in_(list(gone)), inbox.c.content.is_not(None))
    values: dict[str, Any] = {"worker": None}
    if ended:
        values["tries"] = inbox.c.tries - 1
    connection.execute(update(inbox).where(*theirs).values(values))


def count_undone(connection: Connection, bot: int) -> int:
    """How many updates wait or are worked on."""
    return connection.scalar(_undone(bot, func.count())) or 0


def is_undone_before(connection: Connection, bot: int, chat: int, number: int) -> bool:
    """Whether *chat* has updates from before the one with *number* that are not done."""
    earlier = (inbox.c.chat == chat, inbox.c.update_id < number)
    return connection.scalar(_undone(bot, inbox.c.update_id, *earlier).limit(1)) is not None


def worker_of(connection: Connection, bot: int, number: int) -> str | None:
    """The name of who works on an update, None when it is done, or nobody has begun."""
    return connection.scalar(select(inbox.c.worker).where(*_is(bot, number)))


def forget(connection: Connection) -> None:
    """Forget the numbers of updates that cannot come again, and what is over."""
    old = (inbox.c.received_at < int(time.time()) - REMEMBERED, inbox.c.content.is_(None))
    connection.execute(delete(inbox).where(*old))
    recent_moments.forget(connection)


def _take(connection: Connection, worker: Worker, numbers: Sequence[int]) -> list[KeptUpdate]:
    """Take the updates with *numbers* that nobody else has just taken, in their order."""
    if not numbers:
        return []
    free = (inbox.c.worker.is_(None), inbox.c.content.is_not(None))
    taken = (
        update(inbox)
        .where(inbox.c.bot == worker.bot, inbox.c.update_id.in_(numbers), *free)
        .values(worker=worker.name, beat=worker.beat, tries=inbox.c.tries + 1)
        .returning(inbox.c.update_id, inbox.c.chat, inbox.c.content, inbox.c.tries - 1)
    )
    return sorted((KeptUpdate(*row) for row in connection.execute(taken)), key=lambda k: k.number)


def _first_of_chats(bot: int, limit: int) -> Any:  # noqa: ANN401 (a query of numbers)
    """The first updates of chats of which none is taken."""
    other = inbox.alias()
    before = (other.c.update_id < inbox.c.update_id) | other.c.worker.is_not(None)
    held = select(other.c.update_id).where(
        other.c.bot == bot,
        other.c.chat == inbox.c.chat,
        other.c.content.is_not(None),
        before,
    )
    free = (inbox.c.worker.is_(None), ~held.exists())
    return _undone(bot, inbox.c.update_id, *free).order_by(inbox.c.update_id).limit(limit)


def _undone(bot: int, wanted: Any, *where: ColumnElement[bool]) -> Any:  # noqa: ANN401
    """A query of *wanted*, of the updates that are not done."""
    undone = (inbox.c.bot == bot, inbox.c.content.is_not(None))
    return select(wanted).select_from(inbox).where(*undone, *where)


def _is(bot: int, number: int) -> tuple[ColumnElement[bool], ...]:
    return inbox.c.bot == bot, inbox.c.update_id == number
