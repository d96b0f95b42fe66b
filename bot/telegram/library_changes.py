"""What other workers add or remove is made ready here before somebody asks."""

from __future__ import annotations

import asyncio
import threading

from bot.telegram.bot_context import SharedResources
from index.storage.change_feed import follow


async def follow_changes(shared: SharedResources) -> None:
    """Follow the database, where it tells of changes, until this task ends."""
    stopping = threading.Event()
    try:
        await asyncio.to_thread(follow, shared.engine, shared.answerers.refresh, stopping)
    finally:
        stopping.set()
