"""Which workers live."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from index.storage import leases
from index.storage.leases import LEASE, LeaseWatch, has_ended_here, worker_name

ELSEWHERE = "another machine//1/2/abc"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time in seconds, which a test moves."""
    now = [1000.0]
    monkeypatch.setattr(leases.time, "monotonic", lambda: now[0])
    return now


def test_who_beats_lives(clock: list[float]) -> None:
    """However long ago it began."""
    watch = LeaseWatch()
    for beat in range(5):
        assert watch.gone({ELSEWHERE: beat}) == []
        clock[0] += LEASE - 1


def test_who_does_not_beat_for_long_is_gone(clock: list[float]) -> None:
    """A worker of another machine, about which nothing else is known."""
    watch = LeaseWatch()
    first = watch.gone({ELSEWHERE: 3})
    clock[0] += LEASE + 1

    assert (first, watch.gone({ELSEWHERE: 3})) == ([], [ELSEWHERE])


def test_who_was_not_looked_at_for_long_is_not_gone_yet(clock: list[float]) -> None:
    """It had nothing to do meanwhile, and its beat has moved with what it does now."""
    watch = LeaseWatch()
    watch.gone({ELSEWHERE: 3})
    clock[0] += 100
    watch.gone({})

    assert watch.gone({ELSEWHERE: 3}) == []


def test_a_process_of_this_machine_is_known_to_be_gone() -> None:
    """At once, also when its number is another's again."""
    code = "from index.storage.leases import worker_name; print(worker_name())"
    name = subprocess.check_output([sys.executable, "-c", code], text=True).strip()
    mine = worker_name()
    place, _, rest = mine.partition("//")
    recycled = f"{place}//{os.getpid()}/1/{rest.rpartition('/')[2]}"

    assert has_ended_here(name)
    assert has_ended_here(recycled)
    assert not has_ended_here(mine)
    assert not has_ended_here(ELSEWHERE)
