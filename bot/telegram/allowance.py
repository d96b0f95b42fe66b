"""How much one person, or one chat, may ask for."""

from __future__ import annotations

import time

from cachetools import TTLCache

from bot.telegram.store import recent_moments
from bot.telegram.store.recent_moments import PERIOD, Verdict
from bot.telegram.store_thread import StoreThread
from index.errors import LibraryError

MAX_COUNTED_USERS = 100_000  # at the same time

# Of all kinds of updates that the bot answers: commands, buttons, queries, questions. A group
# gets twenty messages a minute of a bot, and buttons beside.
UPDATES_PER_PERSON = 60
UPDATES_PER_GROUP = 120


class Allowance:
    """
    How often each person or chat has asked in the last minute; at most *limit* are free.

    All workers that share *store* count together, under its *name*; one that cannot write there
    counts for itself.
    """

    def __init__(self, name: str, limit: int, store: StoreThread) -> None:
        self._name = name
        self._limit = limit
        self._store = store
        self._asked: TTLCache[int, list[float]] = TTLCache(MAX_COUNTED_USERS, PERIOD)
        self._warned: TTLCache[int, float] = TTLCache(MAX_COUNTED_USERS, PERIOD)

    async def take(self, owner: int) -> Verdict:
        """Count once more for *owner*; "warn" is the first that is too many."""
        try:
            return await self._store.run(recent_moments.draw, self._name, owner, self._limit)
        except LibraryError:
            return self._take_alone(owner)

    def _take_alone(self, owner: int) -> Verdict:
        now = time.monotonic()
        times = self._asked.get(owner, [])
        verdict = recent_moments.judge(times, self._warned.get(owner, -PERIOD), self._limit, now)
        if verdict == "warn":
            self._warned[owner] = now
        self._asked[owner] = times
        return verdict
