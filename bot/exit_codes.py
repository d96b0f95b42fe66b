"""The exit codes of `article-bot`, which scripts rely on."""

from __future__ import annotations

DONE = ANSWERED = 0
FAILED = 1
MISUSED = 2
NOT_ANSWERED = 3
INTERRUPTED = 130
