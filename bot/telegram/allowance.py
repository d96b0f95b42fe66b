"""How much one person, or one chat, may ask for."""

from __future__ import annotations

import time
from collections import deque
from typing import Literal

from cachetools import TTLCache

PERIOD = 60.0  # seconds in which questions are counted
MAX_COUNTED_USERS = 100_000  # at the same time


# Of all kinds of updates that the bot answers: commands, buttons, queries, questions. A group
# gets twenty messages a minute of a bot, and buttons beside.
UPDATES_PER_PERSON = 60
UPDATES_PER_GROUP = 120


class Allowance:
    """How often each person or chat has asked in the last minute; at most *limit* are free."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._asked: TTLCache[int, deque[float]] = TTLCache(MAX_COUNTED_USERS, PERIOD)
        self._warned: TTLCache[int, bool] = TTLCache(MAX_COUNTED_USERS, PERIOD)

    def take(self, user: int) -> Literal["free", "warn", "over"]:
        """Count once more for *user*; "warn" is the first that is too many."""
        now = time.monotonic()
        times = self._asked.get(user) or deque(maxlen=self._limit)
        while times and times[0] <= now - PERIOD:
            times.popleft()
        if len(times) < self._limit:
            times.append(now)
            self._asked[user] = times
            return "free"
        if user in self._warned:
            return "over"
        self._warned[user] = True
        return "warn"
