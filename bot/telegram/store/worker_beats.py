"""
Which workers live, by what they have taken of the inbox, and what those have left who do not.

Like bot.telegram.store.kept_updates, of all chats at once: a look around, once a second.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, func, update

from bot.telegram.store.kept_updates import Worker, undone
from bot.telegram.store.tables import inbox


def beat(connection: Connection, worker: Worker) -> None:
    """Let others see that *worker* lives."""
    mine = (inbox.c.bot == worker.bot, inbox.c.worker == worker.name, inbox.c.content.is_not(None))
    connection.execute(update(inbox).where(*mine).values(beat=worker.beat))


def beats(connection: Connection, worker: Worker) -> dict[str, int]:
    """The last beat of each other worker that has taken something."""
    others = (inbox.c.worker.is_not(None), inbox.c.worker != worker.name)
    query = undone(worker.bot, inbox.c.worker, *others).add_columns(func.max(inbox.c.beat))
    rows = connection.execute(query.group_by(inbox.c.worker))
    return {str(name): int(last) for name, last in rows}


def release(connection: Connection, bot: int, gone: Iterable[str], *, ended: bool = False) -> None:
    """Let others take what the workers *gone* have taken; *ended* is who leaves in order."""
    theirs = (inbox.c.bot == bot, inbox.c.worker.in_(list(gone)), inbox.c.content.is_not(None))
    values: dict[str, Any] = {"worker": None, "aside": False}
    if ended:
        values["tries"] = inbox.c.tries - 1
    connection.execute(update(inbox).where(*theirs).values(values))
