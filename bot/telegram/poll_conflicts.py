"""Two programs that poll for the same bot: Telegram ends the poll of one when the other polls."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

# Seconds. A program that was told to stop still finishes its last poll, so that a new one meets it
# for a moment; and an update of the program may start the new one before the old one ends.
YOUNG_PATIENCE = 60.0
OLD_PATIENCE = 600.0  # of the one that was there before: the other one leaves first
YOUNG = 15.0  # a conflict that begins so soon after the start is with one that was there before
GAP = 90.0  # without a conflict for so long, an earlier one is over


@dataclass
class PollConflicts:
    """
    The conflicts that this program had since it *started* to poll, on the monotonic clock.

    Of two programs the younger one leaves.
    """

    started: float = field(default_factory=time.monotonic)
    first: float | None = None
    last: float = 0.0

    def meet(self) -> bool:
        """Note one more conflict; False when it has gone on for too long."""
        now = time.monotonic()
        if self.first is None or now - self.last > GAP:
            self.first = now
        self.last = now
        young = self.first - self.started < YOUNG
        return now - self.first < (YOUNG_PATIENCE if young else OLD_PATIENCE)
