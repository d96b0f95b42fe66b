"""How many questions one person may ask."""

from __future__ import annotations

from typing import Any

import pytest

from bot.telegram import allowance as module
from bot.telegram.allowance import Allowance


def test_too_many_questions_are_warned_of_once() -> None:
    """The first one too many gets a warning, the rest of the minute nothing."""
    allowance = Allowance(2)
    answers = [allowance.take(7) for _ in range(4)]

    assert answers == ["free", "free", "warn", "over"]
    assert allowance.take(8) == "free"


def test_after_a_minute_questions_are_free_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the last minute counts."""
    now: dict[str, Any] = {"s": 1000.0}
    monkeypatch.setattr(module.time, "monotonic", lambda: now["s"])
    allowance = Allowance(1)
    first, second = allowance.take(7), allowance.take(7)
    now["s"] += 61

    assert (first, second, allowance.take(7)) == ("free", "warn", "free")
