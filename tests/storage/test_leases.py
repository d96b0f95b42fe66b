"""Which workers live."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from index.storage.leases import LEASE, LeaseWatch, has_ended_here, worker_name

ELSEWHERE = "another machine//1/2/abc"


def test_who_beats_lives() -> None:
    """However often it is looked at."""
    watch = LeaseWatch()
    for beat in range(3 * LEASE):
        assert watch.gone({ELSEWHERE: beat}) == []


def test_who_does_not_beat_for_long_is_gone() -> None:
    """A worker of another machine, about which nothing else is known."""
    watch = LeaseWatch()
    looks = [watch.gone({ELSEWHERE: 3}) for _ in range(LEASE + 2)]

    assert looks == [*[[]] * (LEASE + 1), [ELSEWHERE]]


def test_no_clock_says_who_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody could beat while this machine, or the database, was held up."""
    watch = LeaseWatch()
    watch.gone({ELSEWHERE: 3})
    for clock in ("time", "monotonic"):
        monkeypatch.setattr(time, clock, lambda: 1e12)

    assert watch.gone({ELSEWHERE: 3}) == []


def test_who_was_not_looked_at_for_long_is_not_gone_yet() -> None:
    """It had nothing to do meanwhile, and its beat has moved with what it does now."""
    watch = LeaseWatch()
    for _ in range(LEASE):
        watch.gone({ELSEWHERE: 3})
    watch.gone({})

    assert [watch.gone({ELSEWHERE: 3}) for _ in range(2)] == [[], []]


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
