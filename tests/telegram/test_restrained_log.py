"""Lines of the log that somebody else can cause."""

from __future__ import annotations

import logging
import time

import pytest

from bot.telegram.restrained_log import MAX_LINES, RestrainedFilter


def test_a_flood_of_lines_is_counted_instead_of_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty of a kind in a minute are written, others meanwhile too; the next tells how many."""
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    lines = RestrainedFilter()

    def write(text: str, *args: object) -> str | None:
        record = logging.LogRecord("bot", logging.INFO, "", 0, text, args, None)
        return record.getMessage() if lines.filter(record) else None

    written = [write("refused %d%%", number) for number in range(100)]
    others = write("another line")
    now[0] = 61.0

    assert len([line for line in written if line]) == MAX_LINES
    assert others == "another line"
    assert write("refused %d%%", 100) == "refused 100% (and 80 like it before)"
    assert write("refused %d%%", 101) == "refused 101%"
