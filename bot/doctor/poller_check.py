"""Processes that poll for the bot: which one asks Telegram, and which answer beside it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress

from sqlalchemy import Connection, inspect

from bot.config import Settings
from bot.doctor.findings import Finding, advice, ok
from bot.plain_text import count
from bot.telegram.bot_token import find_token
from bot.telegram.store.pollers import Poller, read_pollers
from bot.telegram.store.tables import pollers
from index.errors import UsageError
from index.storage.engine import database_file, make_engine
from index.storage.leases import BEAT, has_ended_here

WAIT = 1.0  # seconds for a lock that another process holds


def examine_pollers(url: str, settings: Settings) -> Iterator[Finding]:
    """Say who polls, if somebody has for this bot in the database at *url*; raises LibraryError."""
    file = database_file(url)
    if file is not None and not file.exists():
        return
    with suppress(UsageError):  # another check says what is wrong with the token
        bot = int(find_token(settings).partition(":")[0])
        engine = make_engine(url, WAIT)
        try:
            with engine.connect() as connection:
                before = _read(connection, bot)
            if before:
                time.sleep(2 * BEAT)
                with engine.connect() as connection:
                    yield _told(before, _read(connection, bot))
        finally:
            engine.dispose()


def _read(connection: Connection, bot: int) -> dict[str, Poller]:
    if not inspect(connection).has_table(pollers.name):
        return {}
    return {row.name: row for row in read_pollers(connection, bot)}


def _told(before: dict[str, Poller], after: dict[str, Poller]) -> Finding:
    """Who lives, of those of two moments: whose beat has moved, or who came between them."""
    living = [
        row
        for name, row in after.items()
        if not has_ended_here(name) and (name not in before or before[name].beat != row.beat)
    ]
    holder = next((row for row in living if row.polls), None)
    if holder is not None:
        others = len(living) - 1
        beside = f", {count(others, 'other')} beside it" if others else ""
        return ok("polling", f"{holder.place} polls{beside}")
    if living:
        return advice("polling", "nobody polls just now; look again in ten seconds.")
    return ok("polling", "no process polls just now")
