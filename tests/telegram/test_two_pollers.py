"""
Two processes that poll for one bot: one life of both, for all tests of this module.

Both are asked; who polls is killed and started again; then the other, which polls now, is stopped.
"""

from __future__ import annotations

import os
import re
import signal
import time
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from bots import Bot
from fake_telegram.api import BotApi
from killed_bots import MANY, Toll, Workers, enter
from killed_databases import database_on
from ports import free_port

SERVER = os.environ.get("ARTICLE_BOT_TEST_POSTGRESQL", "")

pytestmark = pytest.mark.slow


class Poller(Bot):
    """One of them, which tells its figures."""

    def __init__(self, api: BotApi, folder: Path, url: str) -> None:
        self._port = free_port()
        super().__init__(api, folder, "--metrics-port", str(self._port), DATABASE=url, **MANY)

    def figure(self, name: str) -> float:
        """A figure that it tells."""
        address = f"http://127.0.0.1:{self._port}/metrics"
        with urllib.request.urlopen(address, timeout=10) as answer:
            told = answer.read().decode()
        (value,) = re.findall(rf"^article_bot_{re.escape(name)} (\S+)$", told, re.MULTILINE)
        return float(value)


@dataclass(frozen=True)
class Life:
    """
    What both have done.

    Of the time before the kill: whether each *polls*, and how many questions it has *answered*.
    *gap* are the seconds from the kill until the other polls; *killed* and *handed_over* say what
    became of what was asked until then, and while the other was stopped. *codes* are those of the
    ends, *conflicts* counts the polls before the kill, and after it, that met another one.
    """

    polls: list[float]
    answered: list[float]
    gap: float
    killed: Toll
    handed_over: Toll
    codes: list[int]
    conflicts: list[int]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def life(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, cache: Path
) -> Life:
    """Let two live on a new database of each kind."""
    if request.param == "postgresql" and not SERVER:
        pytest.skip("no PostgreSQL server is named")
    folder = tmp_path_factory.mktemp("pollers")
    server = SERVER if request.param == "postgresql" else "sqlite"
    with database_on(server) as url, BotApi() as api, ExitStack() as stack:
        bots = [Poller(api, folder, url or f"sqlite:///{folder / 'a.sqlite'}") for _ in range(2)]
        enter(stack, bots)
        return live(api, bots)


def live(api: BotApi, bots: list[Poller]) -> Life:
    """Ask both, kill the one that polls, and stop the other when it does."""
    while not (polling := [bot for bot in bots if "this process polls (others: 1)" in bot.log]):
        assert all(bot.is_running() for bot in bots)
        time.sleep(0.02)
    first, second = polling[0], bots[1 - bots.index(polling[0])]
    workers, later = Workers(api, [first, second]), Workers(api, [first, second])
    workers.ask(20, per_chat=2)
    workers.wait_for_answers(16)
    polls = [bot.figure("polls") for bot in (first, second)]
    answered = [bot.figure('questions_total{place="private"}') for bot in (first, second)]
    conflicts = [count_conflicts(api)]
    workers.ask(12, per_chat=3)
    killed = time.monotonic()
    workers.kill(first)
    second.wait_for_line("this process polls")
    gap = time.monotonic() - killed
    workers.settle()
    first.wait_for_line("polls, this one answers, too")
    before = count_conflicts(api)
    later.ask(16, per_chat=4)
    assert second.process is not None
    second.process.send_signal(signal.SIGTERM)
    later.settle()
    first.wait_for_line("this process polls")
    codes = [second.wait(), first.stop()]
    conflicts.append(count_conflicts(api) - before)
    return Life(polls, answered, gap, workers.toll(), later.toll(), codes, conflicts)


def count_conflicts(api: BotApi) -> int:
    """How many polls another one has ended."""
    return sum(call.error_code == 409 for call in api.polls)


def test_one_polls_and_both_answer(life: Life) -> None:
    """What the one that polls has no hands for is the other's."""
    assert life.polls == [1.0, 0.0]
    assert all(life.answered), life.answered


def test_they_never_poll_at_once(life: Life) -> None:
    """Neither side by side, nor when one hands over to the other."""
    assert life.conflicts == [0, 0]


def test_when_one_is_killed_the_other_polls(life: Life) -> None:
    """Within seconds; nothing is lost, and hardly anything answered twice."""
    assert life.gap < 10
    assert (life.killed.lost, life.killed.disordered) == (0, 0)
    assert life.killed.doubled <= 1


def test_a_rolling_restart_loses_nothing(life: Life) -> None:
    """One is there while the other is stopped and asked; nothing is answered twice either."""
    handed_over = life.handed_over
    assert handed_over.asked == 16
    assert (handed_over.lost, handed_over.doubled, handed_over.disordered) == (0, 0, 0)


def test_both_end_well(life: Life) -> None:
    """The exit code of who is stopped is 0."""
    assert life.codes == [0, 0]
