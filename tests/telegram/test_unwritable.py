"""A database that cannot be written to: questions are answered all the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from local_bot import PRIVATE, LocalBot, button, message

from bot.config import Settings
from bot.telegram import reply_keeper
from bot.telegram.store import chats, tables
from bot.telegram.store.reply_values import Conversation

QUESTION = "what conditions did the US set?"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The file of a database that a bot has used."""
    bot = LocalBot(Settings(threshold=0.0), f"sqlite:///{tmp_path / 'a.sqlite'}")
    bot.receive(message=message(PRIVATE, QUESTION))
    chats.narrow(bot.engine, Conversation(PRIVATE["id"]), "nosuch")
    bot.close()
    return tmp_path / "a.sqlite"


@pytest.fixture(params=["locked", "read-only"])
def bot(
    request: pytest.FixtureRequest, file: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[LocalBot]:
    """A bot whose database takes nothing."""
    monkeypatch.setattr(tables, "SHORT_WAIT", 0.01)
    monkeypatch.setattr(tables, "LONG_WAIT", 0.01)
    url = f"sqlite:///{file}"
    if request.param == "read-only":
        url = f"sqlite:///file:{file}?mode=ro&uri=true"
    bot = LocalBot(Settings(threshold=0.0), url)
    with sqlite3.connect(file, isolation_level=None) as other:
        if request.param == "locked":
            other.execute("BEGIN IMMEDIATE")
        yield bot
    other.close()
    bot.close()


def test_a_question_is_answered_without_buttons(
    bot: LocalBot, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is kept, so there is nothing to press; one line of the log says why."""
    chats_of = [PRIVATE | {"id": number} for number in (20, 21, 22)]

    calls = [call for chat in chats_of for call in bot.receive(message=message(chat, QUESTION))]

    assert all("<blockquote" in call.given["text"] for call in calls)
    assert not any("reply_markup" in call.given for call in calls)
    assert len(calls) == 3
    assert caplog.text.count("cannot be kept") == 1


def test_keeping_is_tried_again(bot: LocalBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a while, in case it was a moment's lack."""
    bot.receive(message=message(PRIVATE | {"id": 20}, QUESTION))
    failed = bot.shared.keeper.resume
    monkeypatch.setattr(reply_keeper, "PAUSE", 0.0)
    bot.shared.keeper.resume = 0.0

    bot.receive(message=message(PRIVATE | {"id": 20}, QUESTION))

    assert failed > 0
    assert bot.shared.keeper.resume != failed


@pytest.mark.parametrize("data", ["set:short:on", "u:1", "all"])
def test_a_press_that_fails_stops_waiting(bot: LocalBot, data: str) -> None:
    """What cannot be kept is not said to be; the button says that it failed."""
    (call,) = bot.receive(callback_query=button(data))

    assert call.method == "answerCallbackQuery"
    assert call.given["text"].startswith("Something went wrong on my side")
