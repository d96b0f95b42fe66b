"""Two programs that poll for one bot: which of them leaves, and when."""

from __future__ import annotations

import time

import pytest

from bot.telegram.poll_conflicts import PollConflicts


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time in seconds, as a list of one."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def meets(clock: list[float], conflicts: PollConflicts, *moments: float) -> list[bool]:
    """Whether the program stays at conflicts so many seconds after its start."""
    stays = []
    for moment in moments:
        clock[0] = conflicts.started + moment
        stays.append(conflicts.meet())
    return stays


def test_the_younger_leaves_after_a_minute(clock: list[float]) -> None:
    """Whose first polls meet another program gives it a minute to end."""
    assert meets(clock, PollConflicts(), 1, 30, 59, 62) == [True, True, True, False]


def test_the_older_stays(clock: list[float]) -> None:
    """Whoever was there before waits until the other has left, though not for ever."""
    assert meets(clock, PollConflicts(), 500, 560, 640) == [True, True, True]
    assert meets(clock, PollConflicts(), *range(500, 1101, 50))[-2:] == [True, False]


def test_a_conflict_of_long_ago_does_not_count(clock: list[float]) -> None:
    """A rolling restart a day is no conflict."""
    assert meets(clock, PollConflicts(), 1, 200, 400, 600) == [True] * 4
