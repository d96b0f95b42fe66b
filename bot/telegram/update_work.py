"""What a task works on, for those who send and keep what it says."""

from __future__ import annotations

import math
from collections.abc import Coroutine
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any


@dataclass
class Work:
    """
    The work on the update *number* of *chat*, which has called Telegram so many times.

    *stale* is when what it says must be made anew, on the monotonic clock; *again* is set when it
    could not be done now, and is to be; *taken_over*, when another worker has begun it and called
    Telegram, too. What a handler leaves in *beside* is done while the next updates of the chat are
    worked on.
    """

    number: int
    chat: int
    calls: int = 0
    stale: float = math.inf
    again: bool = False
    taken_over: bool = False
    beside: Coroutine[Any, Any, None] | None = None


# What the task works on, None for what is not kept.
WORK: ContextVar[Work | None] = ContextVar("work", default=None)
