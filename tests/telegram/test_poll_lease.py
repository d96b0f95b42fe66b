"""Processes that share a database and a bot: one polls, all answer."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from fake_telegram.api import TOKEN
from local_bot import make_inbox
from sqlalchemy import Engine

from bot.config import Settings
from bot.doctor import poller_check
from bot.doctor.poller_check import examine_pollers
from bot.telegram import store_thread
from bot.telegram.bot_context import BotData
from bot.telegram.poll_lease import PollLease
from bot.telegram.store import pollers, tables
from bot.telegram.store.kept_updates import Worker
from bot.telegram.store.replies import open_store
from index.storage.database import open_database
from index.storage.engine import writing
from index.storage.leases import LEASE, LeaseWatch

ELSEWHERE = "another machine//1/2/"
Elect = Callable[..., pollers.Election]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new database of each kind."""
    if request.param == "postgresql":
        given: str = request.getfixturevalue("postgresql_url")
        return given
    return f"sqlite:///{tmp_path / 'articles.sqlite'}"


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """The database as a bot has opened it."""
    engine = open_database(url)
    open_store(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def elect(engine: Engine) -> Elect:
    """Give a function that lets a process of another machine look for the lease."""
    watches: dict[str, LeaseWatch] = {}

    def look(name: str, beat: int, bot: int = 1) -> pollers.Election:
        watch = watches.setdefault(name, LeaseWatch())
        with writing(engine) as connection:
            worker = Worker(bot, ELSEWHERE + name, beat)
            return pollers.elect(connection, worker, name, watch)

    return look


def test_the_first_one_polls(elect: Elect) -> None:
    """As long as it lives; the others know who it is."""
    found = [elect("one", 1), elect("two", 1), elect("one", 2), elect("two", 2)]

    assert [election.polls for election in found] == [True, False, True, False]
    assert [election.others for election in found] == [0, 1, 1, 1]
    assert found[3].holder == "one"


def test_each_bot_has_its_own_lease(elect: Elect) -> None:
    """Two bots in one database poll both."""
    assert elect("one", 1, bot=1).polls
    assert elect("two", 1, bot=2).polls


def test_who_shows_no_life_loses_the_lease(elect: Elect) -> None:
    """When it comes back, as one that was only stopped for a while, it follows."""
    elect("one", 1)
    found = [elect("two", beat) for beat in range(LEASE + 3)]

    assert (found[0].polls, found[-1].polls, found[-1].others) == (False, True, 0)
    assert not elect("one", 2).polls


def test_who_leaves_hands_the_lease_over(elect: Elect, engine: Engine) -> None:
    """The next one that looks has it."""
    elect("one", 1)
    elect("two", 1)
    with writing(engine) as connection:
        held = pollers.is_vacant(connection, 1)
        pollers.leave(connection, 1, ELSEWHERE + "one")
        left = pollers.is_vacant(connection, 1)

    assert (held, left) == (False, True)
    assert elect("two", 2).polls


def examined(url: str) -> list[str]:
    """What doctor says of the processes that poll."""
    return [found.line for found in examine_pollers(url, Settings(token=TOKEN))]


def test_doctor_tells_who_polls(url: str, elect: Elect, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose beat moves lives, whatever the clock of its machine says."""
    bot = int(TOKEN.partition(":")[0])
    silent = examined(url)

    def move(_: float) -> None:
        for beat in (1, 2):
            elect("one", beat, bot)
            elect("two", beat, bot)

    move(0.0)
    monkeypatch.setattr(poller_check.time, "sleep", lambda _: None)
    dead = examined(url)
    monkeypatch.setattr(poller_check.time, "sleep", move)
    elect("one", 7, bot)
    elect("two", 7, bot)

    assert silent == []
    assert dead == ["✓ polling: no process polls just now"]
    assert examined(url) == ["✓ polling: one polls, 1 other beside it"]


class Follower:
    """A process that looks for the lease, and what it does: it begins to poll, and ends."""

    def __init__(self, engine: Engine) -> None:
        self.inbox, self.did = make_inbox(engine), list[str]()
        self.lease = PollLease(self.inbox, BotData(), self.begin, self.end)

    async def begin(self) -> None:
        self.did.append("begins")

    async def end(self) -> None:
        self.did.append("ends")

    async def look(self) -> None:
        """Look once, and let begin what begins."""
        await self.lease._look()
        await asyncio.sleep(0)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Let another program hold the database."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, Engine]]:
    """A database in a file, which nobody waits for long."""
    monkeypatch.setattr(tables, "LONG_WAIT", 0.01)
    monkeypatch.setattr(store_thread, "PAUSE", 0.0)
    engine = open_database(f"sqlite:///{tmp_path / 'a.sqlite'}")
    open_store(engine)
    yield tmp_path / "a.sqlite", engine
    engine.dispose()


def test_without_a_database_to_write_to_a_process_polls(file: tuple[Path, Engine]) -> None:
    """As it would alone, or else nobody would be answered."""
    path, engine = file
    only = Follower(engine)
    with locked(path):
        asyncio.run(only.look())

    assert only.did == ["begins"]


def test_a_follower_does_not_poll_while_the_database_fails(file: tuple[Path, Engine]) -> None:
    """The one that polls goes on, too, though neither can show that it lives."""
    path, engine = file
    first, second = Follower(engine), Follower(engine)

    async def work() -> None:
        for _ in range(2):
            await first.look()
            await second.look()
        with locked(path):
            await first.look()
            await second.look()
        await second.look()

    asyncio.run(work())

    assert (first.did, second.did) == (["begins"], [])


def test_who_was_replaced_unseen_yields(file: tuple[Path, Engine]) -> None:
    """At the conflict that this makes; a conflict with a stranger is none of that."""
    path, engine = file
    first, second = Follower(engine), Follower(engine)
    yields: list[bool] = []

    async def work() -> None:
        for _ in range(2):
            await first.look()
            await second.look()
        yields.append(first.lease.yields())
        with locked(path):
            await first.look()
            yields.append(first.lease.yields())
            await first.look()

    asyncio.run(work())

    assert yields == [False, True]
    assert first.did == ["begins", "ends"]
