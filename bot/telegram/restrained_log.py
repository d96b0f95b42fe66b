"""Log lines that cannot fill a disk: so many of a kind in a minute, and a count of the others."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field

MAX_LINES = 20  # of one kind in a period
PERIOD = 60.0  # seconds
MAX_KINDS = 1_000  # more than the program has templates of lines


@dataclass
class _Kind:
    """How many lines of a kind were written since *since*, and how many were *held* back."""

    since: float
    written: int = 0
    held: int = 0


@dataclass
class RestrainedFilter:
    """
    Lets MAX_LINES of one kind pass in a period; the next one that passes counts the others.

    Lines are of one kind when they have the same template. Whoever can make the bot write a line
    could else fill the disk with it.
    """

    kinds: dict[str, _Kind] = field(default_factory=dict)

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether *record* is written."""
        now = time.monotonic()
        if len(self.kinds) > MAX_KINDS:
            self.kinds.clear()
        kind = self.kinds.setdefault(str(record.msg)[:200], _Kind(now))
        if now - kind.since > PERIOD:
            kind.since, kind.written = now, 0
        if kind.written >= MAX_LINES:
            kind.held += 1
            return False
        kind.written += 1
        if kind.held:
            record.msg, kind.held = f"{record.msg} (and {kind.held:,} like it before)", 0
        return True
