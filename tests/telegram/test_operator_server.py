"""What the bot tells its operator: /health, /ready, /metrics, and the log as JSON."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bots import Bot, settle
from fake_telegram.api import BotApi
from fake_telegram.world import Chat
from local_bot import PRIVATE, LocalBot, message
from ports import free_port

from bot.config import Settings
from bot.telegram import instruments
from bot.telegram.operator_server import OperatorAddress, _State, telling
from index.errors import UsageError

CONDITIONS = "what conditions did the US set?"
NONSENSE = "how deep is the Mariana trench?"
ROOT = Path(__file__).parents[2]


def get(port: int, path: str, **headers: str) -> tuple[int, str]:
    """The status and the text that the bot answers."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


class Asked:
    """What a bot that was asked a few things has told, and its log after its end."""

    def __init__(self, folder: Path) -> None:
        self.port, self.metrics = free_port(), ""
        options = ("--metrics-port", str(self.port), "--log-format", "json")
        with BotApi() as api, Bot(api, folder, *options) as bot:
            self.ask(api)
            while "waiting_updates 0.0" not in self.metrics:  # its last reply is noted by then
                self.metrics = get(self.port, "/metrics")[1]
            self.ready = get(self.port, "/ready")
            self.health = get(self.port, "/health")
        self.log = bot.log

    def ask(self, api: BotApi) -> None:
        """Ask what is answered, what is not, and what breaks the bot."""
        ann = api.user(first_name="Ann", language_code="en")
        chat: Chat = api.private(ann)
        for text in (CONDITIONS, NONSENSE):
            api.send(chat, ann, text)
            api.wait("sendMessage", chat_id=chat.id)
        said = f'can\'t parse entities: unsupported start tag "{CONDITIONS}"'
        api.fail("sendMessage", 400, said, chat_id=chat.id)
        api.fail("sendMessage", 429, retry_after=1, chat_id=chat.id)
        api.send(chat, ann, CONDITIONS)
        settle(api, chat)

    def figure(self, name: str) -> float:
        """The value of a line of the figures, *name* with its labels."""
        (value,) = re.findall(rf"^{re.escape(name)} (\S+)$", self.metrics, re.MULTILINE)
        return float(value)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Asked:
    """Start a bot as a process, ask it, and end it."""
    return Asked(tmp_path_factory.mktemp("operator"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ('article_bot_questions_total{place="private"}', 3),
        ("article_bot_refused_total", 1),
        ('article_bot_stage_seconds_count{stage="answer"}', 3),
        ("article_bot_put_off_total", 1),
        ("article_bot_ready", 1),
        ("article_bot_polls", 1),
        ("article_bot_waiting_updates", 0),
    ],
)
def test_what_happens_is_counted(asked: Asked, name: str, value: float) -> None:
    """A question is counted where it was asked, by what came of it, and with its seconds."""
    assert asked.figure(name) == value


@pytest.mark.parametrize("stage", ["refresh", "encode", "find", "rank", "read", "quote", "send"])
def test_each_stage_is_timed(asked: Asked, stage: str) -> None:
    """Every stage of a question has taken some time."""
    assert asked.figure(f'article_bot_stage_seconds_sum{{stage="{stage}"}}') > 0


def test_the_cache_is_measured(asked: Asked) -> None:
    """Text that the second question needed was encoded for the first one."""
    assert asked.figure("article_bot_cache_hits_total") > 0
    assert asked.figure("article_bot_cache_bytes") > 0


def test_a_bot_that_answers_is_ready(asked: Asked) -> None:
    """It lives, it is ready, and nothing is missing."""
    assert asked.health == (200, '{"status": "alive"}')
    assert asked.ready == (200, '{"ready": true, "missing": [], "polls": true}')


def test_each_line_of_the_log_is_json(asked: Asked) -> None:
    """With the time, the level and the message."""
    lines = [json.loads(line) for line in asked.log.splitlines() if line.startswith("{")]

    assert len(lines) >= 3
    assert all({"time", "level", "message", "logger"} <= set(line) for line in lines)


def test_lines_about_an_update_have_its_number(asked: Asked) -> None:
    """A line that an update caused names it, so that its lines can be found."""
    (line,) = [line for line in asked.log.splitlines() if "gets a simpler reply" in line]

    assert json.loads(line)["request"] > 700_000_000


def test_nobodys_words_stand_in_the_log(asked: Asked) -> None:
    """Neither questions nor what Telegram repeats of them."""
    assert CONDITIONS not in asked.log
    assert NONSENSE not in asked.log


def test_nobodys_words_stand_in_the_figures(asked: Asked) -> None:
    """Names of chats, people and articles are no labels."""
    labels = set(re.findall(r"^article_bot_\w+\{(\w+)=", asked.metrics, re.MULTILINE))

    assert labels == {"kind", "place", "tier", "reason", "error", "stage", "version", "le"}


@pytest.mark.parametrize("name", ["grafana.json", "alerts.yaml"])
def test_every_figure_of_board_and_rules_exists(asked: Asked, name: str) -> None:
    """What they ask Prometheus for is told by the bot, with the values of the labels."""
    told = set(re.findall(r"^([a-z_]+)[ {]", asked.metrics, re.MULTILINE))
    text = (ROOT / "docs" / "deployment" / name).read_text(encoding="utf-8")
    named = set(re.findall(r"\b(?:article_bot|process)_[a-z_]+", text))

    assert len(named) >= 8
    assert named <= told
    for values in re.findall(r'reason=~"([a-z|]+)"', text):
        assert all(f'reason="{value}"' in asked.metrics for value in values.split("|"))


def test_the_page_explains_every_figure(asked: Asked) -> None:
    """Each family that the bot tells stands in docs/operating.md."""
    families = set(re.findall(r"^# TYPE (article_bot_\w+)", asked.metrics, re.MULTILINE))
    families = {name for name in families if not name.endswith("_created")}  # when each began
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")

    assert [name for name in families if f"`{name}`" not in page] == []


def test_the_board_is_one_that_grafana_reads() -> None:
    """Panels with a title, a place of their own, and something to ask."""
    text = (ROOT / "docs" / "deployment" / "grafana.json").read_text(encoding="utf-8")
    panels = json.loads(text)["panels"]

    assert len({(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}) == len(panels)
    assert all(panel["title"] and panel["targets"] for panel in panels)


# What is not as it should be


@pytest.fixture
def door(local_bot: LocalBot) -> Callable[..., Any]:
    """Give a function that gets a path from the bot in this process, as it is then."""

    def ask(path: str, during: Callable[[], None] = lambda: None) -> tuple[int, str]:
        async def work() -> tuple[int, str]:
            port = free_port()
            async with telling(local_bot.application, OperatorAddress("127.0.0.1", port)):
                during()
                return await asyncio.to_thread(get, port, path)

        return local_bot.run(work)  # type: ignore[no-any-return]

    return ask


def test_a_bot_that_loads_is_alive_and_not_ready(
    local_bot: LocalBot, door: Callable[..., Any]
) -> None:
    """/ready says that the models are not loaded."""
    local_bot.application.bot_data.shared = None

    assert door("/health")[0] == 200
    assert door("/ready") == (503, '{"ready": false, "missing": ["the models are not loaded"]}')
    assert "article_bot_ready 0.0" in door("/metrics")[1]


def test_a_bot_that_stops_is_not_ready(local_bot: LocalBot, door: Callable[..., Any]) -> None:
    """A balancer sends nothing more to it."""
    local_bot.application.bot_data.stopping.set()

    assert door("/ready") == (503, '{"ready": false, "missing": ["the bot is told to stop"]}')


def test_without_a_database_it_is_not_ready(tmp_path: Path) -> None:
    """/ready says which part is missing."""
    file = tmp_path / "db.sqlite"
    bot = LocalBot(Settings(), f"sqlite:///{file}")

    async def work() -> list[str]:
        bot.engine.dispose()
        file.write_bytes(b"This is no database at all, whatever its name says." * 100)
        return await _State(bot.application).lacks()

    lacking = bot.run(work)
    bot.close()

    assert lacking == ["no updates are taken yet", "the database does not answer"]


@pytest.mark.parametrize("path", ["/", "/metrics/x", "/../secret"])
def test_nothing_else_is_told(door: Callable[..., Any], path: str) -> None:
    """Any other path is not found."""
    assert door(path)[0] == 404


def test_a_port_that_is_in_use_is_one_sentence(local_bot: LocalBot) -> None:
    """The command ends, and says what to choose instead."""

    async def work() -> None:
        address = OperatorAddress("127.0.0.1", free_port())
        here = local_bot.application
        async with telling(here, address), telling(here, address):
            pass

    with pytest.raises(UsageError, match=r"cannot tell its figures at 127.0.0.1, port \d+ \(Addr"):
        local_bot.run(work)


def test_what_is_dropped_is_counted(local_bot: LocalBot) -> None:
    """A message that has waited for days is counted by its reason."""
    heard: list[dict[str, str]] = []

    class Listener:
        def count(self, name: str, **labels: str) -> None:
            heard.append({"name": name, **labels})

        def time(self, stage: str, seconds: float) -> None:
            """Do nothing."""

    with instruments.heard_by(Listener()):
        local_bot.receive(message=message(PRIVATE, "who came?", date=1))

    assert {"name": "dropped", "reason": "age"} in heard


def test_the_library_is_imported_only_when_it_is_asked_for() -> None:
    """A bot that tells no figures does without prometheus_client."""
    code = "import sys, bot.telegram.run; print('prometheus_client' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"
