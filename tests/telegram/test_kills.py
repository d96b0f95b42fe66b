"""
Processes that are killed while they are asked; tests/benchmarks/kills.py does it for longer.

test_two_pollers.py kills one of two that poll, test_service.py one of two on PostgreSQL.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from killed_bots import WAYS, kill_at_random


@pytest.mark.slow
@pytest.mark.parametrize("way", ["polling", "webhook"])
def test_a_kill_loses_nothing(way: str, tmp_path: Path, cache: Path) -> None:
    """All is answered in its order, hardly any of it twice, and no file is left behind."""
    with WAYS[way](tmp_path) as workers:
        kill_at_random(workers, kills=2, burst=15, seed=2)
        toll = workers.toll()

    assert (toll.lost, toll.disordered) == (0, 0)
    assert toll.worst <= 1
    assert [file.name for file in tmp_path.iterdir()] == ["articles.sqlite"]
