"""Processes that end while they are asked; tests/benchmarks/kills.py does it for longer."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from bots import Bot
from killed_bots import MANY, WAYS, kill_at_random


@pytest.mark.slow
@pytest.mark.parametrize(
    ("way", "database"), [("polling", ""), ("webhook", ""), ("webhook", "postgresql_url")]
)
def test_a_kill_loses_nothing(
    way: str, database: str, tmp_path: Path, cache: Path, request: pytest.FixtureRequest
) -> None:
    """All is answered in its order, hardly any of it twice, and no file is left behind."""
    settings = {"DATABASE": request.getfixturevalue(database)} if database else {}
    with WAYS[way](tmp_path, **settings) as workers:
        kill_at_random(workers, kills=2, burst=15, seed=1)
        toll = workers.toll()

    assert (toll.lost, toll.disordered) == (0, 0)
    assert toll.worst <= 1
    assert [file.name for file in tmp_path.iterdir()] == ([] if database else ["articles.sqlite"])


@pytest.mark.slow
def test_a_rolling_restart_loses_nothing(tmp_path: Path, cache: Path) -> None:
    """One bot starts while the other is stopped and asked; nothing is answered twice either."""
    with WAYS["polling"](tmp_path) as workers:
        old = workers.bots[0]
        new = Bot(workers.api, tmp_path, **MANY)
        new.start()
        new.wait_until_ready()
        workers.ask(30, per_chat=5)
        assert old.process is not None
        old.process.send_signal(signal.SIGTERM)
        workers.settle()
        toll = workers.toll()
        new.wait_for_line("this process polls")
        assert (old.wait(), new.stop()) == (0, 0)

    assert toll.asked == 30
    assert (toll.lost, toll.doubled, toll.disordered) == (0, 0, 0)
    assert not any(call.error_code for call in workers.api.polls)  # they never poll at once
