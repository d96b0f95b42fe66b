"""
Which processes poll for a bot: one of them asks Telegram for updates, all of them answer.

Functions over a connection inside of a transaction. Each process has a row, whose beat moves while
it lives; one of the rows holds the lease to poll.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from bot.telegram.store.kept_updates import Worker
from bot.telegram.store.tables import pollers
from bot.telegram.store.upserts import lock_owner, put_row
from index.storage.leases import LeaseWatch


@dataclass(frozen=True, slots=True)
class Poller:
    """A process that may poll, by its *name*; people are told its *place*."""

    name: str
    place: str
    beat: int
    polls: bool


@dataclass(frozen=True, slots=True)
class Election:
    """Whether this process *polls*, how many *others* there are, and who polls instead."""

    polls: bool
    others: int
    holder: str


def elect(connection: Connection, worker: Worker, place: str, watch: LeaseWatch) -> Election:
    """
    Show that *worker* lives, and give it the lease to poll when nobody who lives has it.

    Those that *watch* knows to have ended are forgotten.
    """
    lock_owner(connection, worker.bot)
    others = [row for row in read_pollers(connection, worker.bot) if row.name != worker.name]
    gone = watch.gone({row.name: row.beat for row in others})
    if gone:
        leave(connection, worker.bot, *gone)
    living = [row for row in others if row.name not in gone]
    holder = next((row for row in living if row.polls), None)
    row = {"bot": worker.bot, "name": worker.name, "place": place, "beat": worker.beat}
    put_row(connection, pollers, row | {"polls": holder is None})
    return Election(holder is None, len(living), place if holder is None else holder.place)


def read_pollers(connection: Connection, bot: int) -> list[Poller]:
    """All processes that have shown themselves for *bot*, some of which may have ended."""
    columns = (pollers.c.name, pollers.c.place, pollers.c.beat, pollers.c.polls)
    rows = connection.execute(select(*columns).where(pollers.c.bot == bot).order_by(pollers.c.name))
    return [Poller(*row) for row in rows]


def is_vacant(connection: Connection, bot: int) -> bool:
    """Whether who had the lease has handed it over, so that nobody has it."""
    held = select(pollers.c.name).where(pollers.c.bot == bot, pollers.c.polls)
    return connection.scalar(held.limit(1)) is None


def leave(connection: Connection, bot: int, *names: str) -> None:
    """Forget the processes *names*, and with one of them the lease."""
    connection.execute(delete(pollers).where(pollers.c.bot == bot, pollers.c.name.in_(names)))
