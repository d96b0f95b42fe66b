"""How long the stages of an answer take, for whoever wants to know."""

from __future__ import annotations

import time
from collections.abc import Callable

Observe = Callable[[str, float], None]  # hears of a stage, and the seconds it took


def ignore(stage: str, seconds: float) -> None:
    """Let nobody hear of it."""


class StageClock:
    """Tells *observe* how long each stage took since the one before it ended."""

    def __init__(self, observe: Observe) -> None:
        self._observe = observe
        self._started = time.perf_counter()

    def lap(self, stage: str) -> None:
        """End *stage*; the next one begins."""
        now = time.perf_counter()
        self._observe(stage, now - self._started)
        self._started = now
