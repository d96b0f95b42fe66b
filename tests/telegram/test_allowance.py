"""How many questions one person may ask."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.telegram import store_thread
from bot.telegram.allowance import Allowance
from bot.telegram.store import recent_moments, tables
from bot.telegram.store.recent_moments import Verdict
from bot.telegram.store.replies import open_store
from bot.telegram.store_thread import StoreThread
from index.storage.database import open_database
from index.storage.engine import writing


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database that a bot has opened, of each kind."""
    url = f"sqlite:///{tmp_path / 'a.sqlite'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
    engine = open_database(url)
    open_store(engine)
    yield engine
    engine.dispose()


def take(allowances: list[Allowance], owner: int, times: int = 1) -> list[Verdict]:
    """Count so often for *owner*, in turns on each of *allowances*."""

    async def run() -> list[Verdict]:
        return [await allowances[n % len(allowances)].take(owner) for n in range(times)]

    return asyncio.run(run())


@pytest.fixture
def allowances(engine: Engine) -> Iterator[list[Allowance]]:
    """Those of two workers, which grant two questions together."""
    stores = [StoreThread(engine) for _ in range(2)]
    yield [Allowance("questions", 2, store) for store in stores]
    for store in stores:
        store.close()


def test_too_many_questions_are_warned_of_once(allowances: list[Allowance]) -> None:
    """Whichever worker is asked: the first one too many gets a warning, the rest nothing."""
    assert take(allowances, 7, 5) == ["free", "free", "warn", "over", "over"]
    assert take(allowances, 8) == ["free"]


def test_after_a_minute_questions_are_free_again(
    allowances: list[Allowance], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the last minute counts, and what was before is forgotten."""
    before = take(allowances, 7, 3)
    later = recent_moments.time.time() + 200
    monkeypatch.setattr(recent_moments.time, "time", lambda: later)
    with writing(allowances[0]._store.engine) as connection:
        recent_moments.forget(connection)
        assert connection.execute(tables.recent.select()).all() == []

    assert (before[-1], take(allowances, 7)) == ("warn", ["free"])


def test_a_worker_that_cannot_write_counts_for_itself(
    allowances: list[Allowance], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person without end would be worse than one who is counted twice."""
    monkeypatch.setattr(store_thread, "PAUSE", 100.0)
    allowances[0]._store._resume = recent_moments.time.monotonic() + 100

    assert take(allowances[:1], 7, 4) == ["free", "free", "warn", "over"]
