"""
A service under load, and while parts of it fail.

tests/benchmarks/service_run.py and mixed_load.py do it for longer.
"""

from __future__ import annotations

import random
import time
from pathlib import Path

import postgresql_server
import pytest
from faulty_bots import ask_a_failing_service
from killed_bots import webhooks
from mixed_traffic import Traffic
from postgresql_server import PostgresqlServer


@pytest.mark.slow
def test_a_service_answers_all_while_its_parts_are_restarted(tmp_path: Path, cache: Path) -> None:
    """Two workers behind nginx: one is killed, then PostgreSQL is restarted."""
    if postgresql_server.programs() is None:
        pytest.skip("there is no PostgreSQL server")
    with PostgresqlServer() as server:
        url, folder = f"{server.url}/postgres", tmp_path / "bot"
        folder.mkdir()
        with webhooks(folder, 2, tmp_path / "nginx", DATABASE=url) as workers:
            ask_a_failing_service(workers, server, questions=30, chats=10, rate=10)
            workers.settle()
            toll = workers.toll()

    assert (toll.asked, toll.lost, toll.disordered) == (30, 0, 0)
    assert toll.doubled <= 1
    assert list(folder.iterdir()) == []  # no file is left behind


@pytest.mark.slow
def test_everything_that_people_want_is_answered_beside_a_flood(
    tmp_path: Path, cache: Path
) -> None:
    """Questions, commands, buttons, inline queries and edits; strangers too."""
    with webhooks(tmp_path, 1) as workers:
        traffic = Traffic(workers.api, random.Random(3))  # noqa: S311 (no secret)
        traffic.run(2.5, rate=8.0, flood=5.0)
        end = time.monotonic() + 20
        while any(None in kind for kind in traffic.waits(0.0).values()) and time.monotonic() < end:
            time.sleep(0.1)
        waits = traffic.waits(0.0)

    assert {"question", "command", "stranger"} <= waits.keys()
    assert [kind for kind, found in waits.items() if None in found] == []
