"""
Which chats the bot is out of, and since when; what they have stored is kept for a while.

Like bot.telegram.store.replies: one transaction each, outside of the event loop.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, delete, select

from bot.telegram.store.tables import departures
from bot.telegram.store.upserts import put_row
from index.storage.engine import writing

KEPT_FOR = timedelta(days=30)  # who throws the bot out by mistake has so long to take it back


def note_departure(engine: Engine, chat: int) -> None:
    """Note that the bot is out of *chat* from now on."""
    with writing(engine) as connection:
        row = {"chat": chat, "left_at": _now()}
        put_row(connection, departures, row)


def cancel_departure(engine: Engine, chat: int) -> None:
    """Note that the bot is in *chat* again."""
    with writing(engine) as connection:
        connection.execute(delete(departures).where(departures.c.chat == chat))


def overdue_chats(engine: Engine) -> list[int]:
    """The chats that the bot has been out of for too long."""
    query = select(departures.c.chat).where(departures.c.left_at < _now() - KEPT_FOR)
    with engine.connect() as connection:
        return list(connection.scalars(query))


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
