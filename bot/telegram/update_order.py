"""In which order updates are worked on, and how many questions one person may ask."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable
from typing import Any, Literal
from weakref import WeakValueDictionary

from cachetools import TTLCache
from telegram import Update
from telegram.ext import BaseUpdateProcessor

# Updates that are worked on or wait for their chat; far more than a burst has, since those that
# wait cost nothing and may not keep other chats out.
AT_ONCE = 4096
MINUTE = 60.0
MANY_USERS = 100_000  # who are counted at the same time


class Locks:
    """
    A lock for each chat, as long as somebody holds it or waits for it.

    It is held while an update of the chat is worked on.
    """

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    def of(self, chat: int) -> asyncio.Lock:
        """The lock of *chat*; who waits for it gets it in turn."""
        return self._locks.setdefault(chat, asyncio.Lock())


class ByChat(BaseUpdateProcessor):
    """Work on the updates of one chat one after another, and on those of all chats at once."""

    def __init__(self, locks: Locks) -> None:
        super().__init__(AT_ONCE)
        self._locks = locks

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Wait for the earlier updates of the same chat, or for those of the same inline user."""
        owner = None
        if isinstance(update, Update):
            owner = update.effective_chat or update.effective_user
        if owner is None:
            await coroutine
            return
        async with self._locks.of(owner.id):
            await coroutine

    async def initialize(self) -> None:
        """Do nothing."""

    async def shutdown(self) -> None:
        """Do nothing."""


class Allowance:
    """How many questions each person has asked in the last minute; at most *limit* are free."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._asked: TTLCache[int, deque[float]] = TTLCache(MANY_USERS, MINUTE)
        self._warned: TTLCache[int, bool] = TTLCache(MANY_USERS, MINUTE)

    def take(self, user: int) -> Literal["free", "warn", "over"]:
        """Count one more question of *user*; "warn" is the first that is too many."""
        now = time.monotonic()
        times = self._asked.get(user) or deque(maxlen=self._limit)
        while times and times[0] <= now - MINUTE:
            times.popleft()
        if len(times) < self._limit:
            times.append(now)
            self._asked[user] = times
            return "free"
        if user in self._warned:
            return "over"
        self._warned[user] = True
        return "warn"
