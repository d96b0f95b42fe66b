"""What stands in the log: a line stays one, and has no token and nobody's words."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from local_bot import PRIVATE, LocalBot, message
from telegram.error import BadRequest

from bot.telegram.log_lines import JsonFormatter, TextFormatter, place_of, request_id
from index.errors import NotFoundError

TOKEN = "123456789:AAFakeTokenOfTheTestsOfTheBot-0_1234"  # noqa: S105
FORMATTERS = pytest.mark.parametrize("formatter", [TextFormatter(), JsonFormatter()])


def record(line: str, *args: Any, error: Exception | None = None) -> logging.LogRecord:
    """A record of the log."""
    failure = None if error is None else (type(error), error, error.__traceback__)
    return logging.LogRecord("bot.x", logging.ERROR, "x", 1, line, args, failure)


def raised(error: Exception) -> Exception:
    """*error* with a traceback."""
    try:
        raise error
    except type(error) as exc:
        return exc


@FORMATTERS
def test_no_token_stands_in_the_log(
    formatter: logging.Formatter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither in a line, whoever wrote it, nor in a traceback."""
    monkeypatch.setenv("ARTICLE_BOT_DEBUG", "1")
    error = raised(ValueError(f"https://api.telegram.org/bot{TOKEN}/getMe"))

    written = formatter.format(record("sent to %s", TOKEN, error=error))

    assert "sent to <token>" in written
    assert "bot<token>/getMe" in written
    assert TOKEN not in written


@FORMATTERS
@pytest.mark.parametrize("end", ["\n", "\r", "\x85", "\u2028", "\x1b[2K"])
def test_nobody_can_write_a_line_of_their_own(formatter: logging.Formatter, end: str) -> None:
    """What would end a line, or erase it on a terminal, does not."""
    forged = f"cats{end}2026-01-01 00:00:00,000 ERROR the bot is hacked"

    written = formatter.format(record("an article is called %s", forged))

    assert len(written.splitlines()) == 1
    assert "\x1b" not in written


def test_a_line_of_json_has_the_number_of_its_update() -> None:
    """Time, level, logger, message, process, and the update that all its lines share."""
    token = request_id.set(700)
    line = json.loads(JsonFormatter().format(record("chat %d is closed", 5)))
    request_id.reset(token)

    assert set(line) == {"time", "level", "logger", "message", "process", "request"}
    assert (line["level"], line["message"], line["request"]) == ("error", "chat 5 is closed", 700)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (BadRequest('unsupported start tag "my secret" at offset 4'), 'start tag "…" at offset 4'),
        (NotFoundError("there is no article 'my secret'; it's gone."), "'…'; it's gone."),
        (KeyError("my secret"), "failed: KeyError"),
    ],
)
def test_a_line_of_json_has_nobodys_words(error: Exception, said: str) -> None:
    """What an error quotes is left out, and of an unexpected one all but its kind."""
    line = json.loads(JsonFormatter().format(record("update %d failed: %s", 7, error)))

    assert said in line["message"]
    assert "secret" not in line["message"]


def test_a_traceback_comes_only_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the place where the error was raised is named."""
    monkeypatch.delenv("ARTICLE_BOT_DEBUG", raising=False)
    written = JsonFormatter().format(record("failed", error=raised(ValueError("my secret"))))

    assert "secret" not in written
    assert json.loads(written)["error"] == "ValueError in nowhere"


def test_an_unexpected_failure_names_the_place_and_no_words(
    local_bot: LocalBot, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log of a failed update has the kind of error, and not what was asked."""
    shared = local_bot.shared.answerers.shared

    def fail(*_: object, **__: object) -> None:
        raise KeyError("my secret question")

    monkeypatch.setattr(type(shared), "answer", fail)

    local_bot.receive(message=message(PRIVATE, "my secret question"))

    (line,) = [text for text in caplog.messages if "failed" in text]
    assert "unexpected KeyError in bot/telegram/chat_answer.py:" in line
    assert "secret" not in line


def test_lines_of_a_thread_know_their_update(local_bot: LocalBot) -> None:
    """What a handler leaves to a thread is logged with the same number."""
    seen: list[int] = []
    make = local_bot.shared.keeper.keep

    def keep(*given: Any) -> Any:
        seen.append(request_id.get())
        return make(*given)

    object.__setattr__(local_bot.shared.keeper, "keep", keep)
    local_bot.receive(message=message(PRIVATE, "who came?"))

    assert seen == [1]


def test_a_place_outside_of_the_program_is_none() -> None:
    """An error that no line of the program raised has no place in it."""
    assert place_of(raised(ValueError())) == "nowhere"
