"""`article-bot doctor`: a line for each thing that the bot needs, on a real Bot API server."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from email.utils import formatdate
from pathlib import Path

import pytest
from fake_telegram.api import TOKEN, BotApi
from fake_telegram.delivery import Webhook
from fake_telegram.server import Handler
from fakes import HashingEncoder

from bot.cli import main
from bot.config import Settings
from bot.doctor import machine_checks
from index.errors import ModelError
from index.storage.database import open_database

Examine = Callable[[], tuple[int, str]]


@pytest.fixture
def telegram() -> Iterator[BotApi]:
    """Start a Bot API server with a bot that BotFather allows everything."""
    with BotApi(can_read_all_group_messages=True) as api:
        yield api


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, telegram: BotApi) -> Path:
    """Work in an empty folder where all is well: a token, a database, a cache."""
    for name in ("TEST_POSTGRESQL", *map(str.upper, Settings.__dataclass_fields__)):
        monkeypatch.delenv(f"ARTICLE_BOT_{name}", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("ARTICLE_BOT_READER", "off")
    monkeypatch.setenv("ARTICLE_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("ARTICLE_BOT_API_URL", telegram.url)
    monkeypatch.setenv("ARTICLE_BOT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("ARTICLE_BOT_DATABASE", f"sqlite:///{tmp_path / 'db.sqlite'}")
    open_database(f"sqlite:///{tmp_path / 'db.sqlite'}").dispose()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def examine(capsys: pytest.CaptureFixture[str]) -> Examine:
    """Give a function that runs the command with a model that loads at once."""

    def run() -> tuple[int, str]:
        code = main(["doctor"], load_encoder=lambda _: HashingEncoder())
        return code, capsys.readouterr().out

    return run


def test_when_all_is_well_each_line_has_a_tick(cache: Path, place: Path, telegram: BotApi) -> None:
    """The command as a process, with the real model, names each thing once and ends with 0."""
    environment = os.environ | {"ARTICLE_BOT_CACHE": str(cache), "ARTICLE_BOT_READER": "packaged"}
    environment["PYTHONPATH"] = str(Path(__file__).parents[2])
    command = [sys.executable, "-m", "bot", "doctor"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    lines = done.stdout.splitlines()
    assert (done.returncode, {line[0] for line in lines}) == (0, {"✓"}), done
    assert list(dict.fromkeys(line[2:].partition(":")[0] for line in lines)) == [
        *("configuration", "token", "privacy mode", "inline mode", "webhook", "clock"),
        *("database", "model", "disk", "cache"),
    ]
    assert TOKEN not in done.stdout + done.stderr


def test_json_has_each_finding(capsys: pytest.CaptureFixture[str]) -> None:
    """Scripts get one line: whether all is well, and what each check says."""
    main(["doctor", "--json"], load_encoder=lambda _: HashingEncoder())

    found = json.loads(capsys.readouterr().out)
    assert found["ok"] is True
    assert found["checks"][1]["check"] == "token"
    assert found["checks"][1]["state"] == "ok"
    assert "@ArticleBot" in found["checks"][1]["said"]


@pytest.mark.parametrize(
    ("variable", "value", "line"),
    [
        ("THRESHOLD", "high", "✗ configuration: ARTICLE_BOT_THRESHOLD is 'high'"),
        ("TOKEN", "", "✗ token: there is no token; get one from @BotFather"),
        ("TOKEN", TOKEN[:-1] + "x", "✗ token: Telegram does not accept the token"),
        ("API_URL", "http://127.0.0.1:9", "✗ token: the Bot API cannot be reached at http://127"),
        ("DATABASE", "postgres", "✗ database: 'postgres' is not a database URL"),
        ("DATABASE", "postgresql+psycopg://nobody@127.0.0.1:9/x", "✗ database: the database post"),
        ("DATABASE", "sqlite:////proc/nothing/db.sqlite", "✗ database: /proc/nothing/db.sqlite"),
        ("CACHE", "/proc/nothing", "✗ cache: nothing can be kept in /proc/nothing"),
    ],
)
def test_what_does_not_work_is_told_and_ends_with_1(
    variable: str, value: str, line: str, examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sentence says what to do, never with the token, and no traceback is seen."""
    monkeypatch.setenv(f"ARTICLE_BOT_{variable}", value)

    code, out = examine()

    assert code == 1
    assert any(said.startswith(line) for said in out.splitlines()), out
    assert TOKEN[:-1] not in out


def test_the_other_checks_are_done_when_one_fails(
    examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a network the database, the model and the disks are looked at all the same."""
    monkeypatch.setenv("ARTICLE_BOT_API_URL", "http://127.0.0.1:9")

    _, out = examine()

    assert "✓ database: SQLite" in out
    assert "✓ model: " in out


def test_a_model_that_cannot_be_loaded_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """What the loading says is the line."""

    def load(_: str | None) -> HashingEncoder:
        raise ModelError("there is no model 'x'; name another.")

    code = main(["doctor"], load_encoder=load)

    assert code == 1
    assert "✗ model: there is no model 'x'; name another." in capsys.readouterr().out


def test_what_botfather_has_switched_off_is_advice(telegram: BotApi, examine: Examine) -> None:
    """Privacy mode and inline mode are told with what to send to BotFather; the exit code is 0."""
    telegram.world.features |= {
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
    }

    code, out = examine()

    assert code == 0
    assert "! privacy mode: Privacy mode is on" in out
    assert "! inline mode: Inline mode is off: send /setinline to @BotFather" in out


def test_a_webhook_that_is_not_reached_is_told(telegram: BotApi, examine: Examine) -> None:
    """Telegram's last error stands in the line, with how many updates wait."""
    telegram.delivery.put("message", {})
    telegram.delivery.webhook = Webhook(
        "https://bot.example.org/hook", None, 40, int(time.time()) - 120, "Connection refused"
    )

    code, out = examine()

    assert code == 1
    assert (
        "✗ webhook: Telegram could not deliver to https://bot.example.org/hook 2 minutes ago "
        "(Connection refused), 1 update waiting; check" in out
    )


def test_many_waiting_updates_are_advice(telegram: BotApi, examine: Examine) -> None:
    """More than a bot that runs would have left."""
    for _ in range(101):
        telegram.delivery.put("message", {})

    assert "! webhook: none, updates are polled, 101 updates waiting; start the bot" in examine()[1]


def test_a_wrong_clock_is_told(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The seconds are told by the date of Telegram's answers."""
    late = formatdate(time.time() - 300, usegmt=True)
    monkeypatch.setattr(Handler, "date_time_string", lambda _: late)

    code, out = examine()

    assert code == 1
    assert "✗ clock: 300 seconds ahead of Telegram's" in out.replace("301 seconds", "300 seconds")


def test_a_database_of_a_newer_version_is_told(place: Path, examine: Examine) -> None:
    """It is not opened any further."""
    with sqlite3.connect(place / "db.sqlite") as connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'article-bot schema'")

    code, out = examine()

    assert code == 1
    assert "✗ database: its schema is version 99, this article-bot knows" in out


def test_a_damaged_database_is_told(place: Path, examine: Examine) -> None:
    """Whatever SQLite finds first."""
    content = bytearray((place / "db.sqlite").read_bytes())
    content[5000:9000] = b"x" * 4000
    (place / "db.sqlite").write_bytes(content)

    code, out = examine()

    assert code == 1
    assert "✗ database: " in out


def test_a_locked_database_is_told(place: Path, examine: Examine) -> None:
    """After a second, not after ten."""
    holder = sqlite3.connect(place / "db.sqlite", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    code, out = examine()
    holder.close()

    assert code == 1
    assert "is locked by another process (waited 1 s)" in out


def test_a_database_that_is_not_there_is_not_made(
    place: Path, examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The doctor changes nothing."""
    monkeypatch.setenv("ARTICLE_BOT_DATABASE", f"sqlite:///{place / 'new.sqlite'}")

    code, out = examine()

    assert (code, (place / "new.sqlite").exists()) == (0, False)
    assert "new.sqlite is not there yet" in out


def test_a_misspelt_setting_is_told(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the one that was meant."""
    monkeypatch.setenv("ARTICLE_BOT_TRESHOLD", ".3")

    _, out = examine()

    assert "! configuration: ARTICLE_BOT_TRESHOLD is no setting and is ignored; did you mean" in out
    assert "ARTICLE_BOT_THRESHOLD?" in out


def test_a_token_that_everybody_can_read_is_told(place: Path, examine: Examine) -> None:
    """It is nobody else's."""
    (place / ".env").touch()
    (place / ".env").chmod(0o644)

    code, out = examine()

    assert code == 0
    assert "run chmod 600 .env." in out


@pytest.mark.parametrize(("limit", "mark", "code"), [("LITTLE", "!", 0), ("TOO_LITTLE", "✗", 1)])
def test_a_full_disk_is_told(
    limit: str, mark: str, code: int, examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is advice first, and then a failure."""
    monkeypatch.setattr(machine_checks, limit, 2**60)

    found, out = examine()

    assert found == code
    assert f"{mark} disk: only " in out


def test_postgresql_is_examined(
    postgresql_url: str, examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its version and the number of articles; the password is not shown."""
    open_database(postgresql_url).dispose()
    monkeypatch.setenv("ARTICLE_BOT_DATABASE", postgresql_url)

    code, out = examine()

    assert code == 0
    assert "✓ database: PostgreSQL " in out
    assert "with 1 article, postgresql+psycopg://" in out
