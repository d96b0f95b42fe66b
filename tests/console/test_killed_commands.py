"""Commands that are killed; tests/benchmarks/command_kills.py does it more often, and at random."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from killed_commands import JOBS, kill, place_on

from index.encoding.protocol import Encoder

SERVER = os.environ.get("ARTICLE_BOT_TEST_POSTGRESQL", "")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("job", "server"), [("export", "sqlite"), ("add a file", "postgresql"), ("migration", "sqlite")]
)
def test_a_killed_command_leaves_nothing_half(
    job: str, server: str, tmp_path: Path, cache: Path, encoder: Encoder
) -> None:
    """The database is whole, and the same command completes what it was to do."""
    if server == "postgresql" and not SERVER:
        pytest.skip("no PostgreSQL server is named")
    server = SERVER if server == "postgresql" else server
    with place_on(server, tmp_path / "place", cache, encoder) as place:
        death = kill(place, JOBS[job], fraction=0.9, whole=1.0)

    assert death.wrong == []
