"""What a task works on, for those who send and keep what it says."""

from __future__ import annotations

import math
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Work:
    """
    The work on the update *number*, which has called Telegram so many times.

    *stale* is when what it says must be made anew, on the monotonic clock; *again* is set when it
    could not be done now, and is to be.
    """

    number: int
    calls: int = 0
    stale: float = math.inf
    again: bool = False


# What the task works on, None for what is not kept.
WORK: ContextVar[Work | None] = ContextVar("work", default=None)
