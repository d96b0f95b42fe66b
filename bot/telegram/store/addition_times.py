"""
When articles were added to a chat, for as long as that is counted.

Like bot.telegram.store.replies: one transaction each, outside of the event loop.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, delete, func, select

from bot.telegram.store.tables import additions
from bot.telegram.store.upserts import put_row
from index.storage.engine import writing

COUNTED = timedelta(hours=1)


def note_addition(engine: Engine, chat: int) -> None:
    """Count one more addition to the articles of *chat*."""
    with writing(engine) as connection:
        put_row(connection, additions, {"chat": chat, "added_at": _now()})


def count_additions(engine: Engine, chat: int) -> int:
    """How many there were in the last hour, in *chat*."""
    recent = (additions.c.chat == chat, additions.c.added_at >= _now() - COUNTED)
    query = select(func.count()).select_from(additions).where(*recent)
    with engine.connect() as connection:
        return connection.scalar(query) or 0


def forget(connection: Connection) -> None:
    """Forget those that count no more."""
    connection.execute(delete(additions).where(additions.c.added_at < _now() - COUNTED))


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
