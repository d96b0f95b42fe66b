"""Processes that share a database and a bot: one polls, all answer."""

from __future__ import annotations

import re
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bots import Bot
from fake_telegram.api import TOKEN, BotApi
from killed_bots import MANY, Workers
from ports import free_port
from sqlalchemy import Engine

from bot.config import Settings
from bot.doctor import poller_check
from bot.doctor.poller_check import examine_pollers
from bot.telegram.store import pollers
from bot.telegram.store.kept_updates import Worker
from bot.telegram.store.replies import open_store
from index.storage import leases
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


def test_who_shows_no_life_loses_the_lease(elect: Elect, monkeypatch: pytest.MonkeyPatch) -> None:
    """When it comes back, as one that was only stopped for a while, it follows."""
    now = [1000.0]
    monkeypatch.setattr(leases.time, "monotonic", lambda: now[0])
    elect("one", 1)
    before = elect("two", 1)
    now[0] += LEASE + 1
    after = elect("two", 2)

    assert (before.polls, after.polls, after.others) == (False, True, 0)
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


class Pair:
    """Two processes that poll for one bot, and what they tell of themselves."""

    def __init__(self, api: BotApi, folder: Path, url: str) -> None:
        self.api, self.ports = api, [free_port(), free_port()]
        self.bots = [
            Bot(api, folder, "--metrics-port", str(port), DATABASE=url, **MANY)
            for port in self.ports
        ]

    def figure(self, number: int, name: str) -> float:
        """A figure of one of the two."""
        address = f"http://127.0.0.1:{self.ports[number]}/metrics"
        with urllib.request.urlopen(address, timeout=10) as answer:
            told = answer.read().decode()
        (value,) = re.findall(rf"^article_bot_{re.escape(name)} (\S+)$", told, re.MULTILINE)
        return float(value)

    def conflicts(self) -> int:
        """How many polls another one has ended."""
        return sum(call.error_code == 409 for call in self.api.polls)


@pytest.mark.slow
def test_two_processes_share_the_work(url: str, tmp_path: Path, cache: Path) -> None:
    """One polls and both answer; when it is killed, the other goes on, and nothing is lost."""
    with BotApi() as api:
        pair = Pair(api, tmp_path, url)
        first, second = pair.bots
        first.start()
        first.wait_until_ready()
        second.start()
        second.wait_until_ready()
        first.wait_for_line("this process polls", "others: 1")
        workers = Workers(api, pair.bots)
        workers.ask(36, per_chat=3)
        workers.wait_for_answers(30)
        polling = [pair.figure(number, "polls") for number in (0, 1)]
        answered = [pair.figure(number, 'questions_total{place="private"}') for number in (0, 1)]
        conflicts = pair.conflicts()
        workers.ask(20, per_chat=3)
        killed = time.monotonic()
        workers.kill(first)
        second.wait_for_line("this process polls")
        taken_over = time.monotonic() - killed
        workers.settle()
        toll = workers.toll()
        first.wait_for_line("polls, this one answers, too")
        codes = [first.stop(), second.stop()]

    assert polling == [1.0, 0.0]
    assert all(answered), answered
    assert conflicts == 0
    assert taken_over < 10
    assert (toll.lost, toll.disordered) == (0, 0)
    assert toll.doubled <= 1
    assert codes == [0, 0]
