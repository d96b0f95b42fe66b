"""Data that no client of Telegram's own sends: NUL, halves of pairs, numbers without end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from local_bot import ANN, CHANNEL, GROUP, PRIVATE, LocalBot, button, message, post

from bot.config import Settings
from bot.telegram.store import chats

ODD = ["\x00", "\ud800", "a\x00b\udfff"]


@pytest.fixture(params=["sqlite", "postgresql"])
def bot(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LocalBot]:
    """A bot on each kind of database."""
    url = f"sqlite:///{tmp_path / 'a.sqlite'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
    bot = LocalBot(Settings(threshold=0.0), url)
    yield bot
    bot.close()


@pytest.mark.parametrize("odd", ODD)
def test_odd_words_are_asked_like_any_other(bot: LocalBot, odd: str) -> None:
    """They are answered, and the reply can be kept and turned over."""
    (answer,) = bot.receive(message=message(PRIVATE, f"what conditions did {odd} the US set?"))
    (named,) = bot.told(message=message(PRIVATE, f"/article {odd}"))
    (linked,) = bot.told(message=message(PRIVATE, f"/start a_{odd}"))
    _, more = bot.receive(callback_query=button("m:1:1"))

    assert "<blockquote" in answer.given["text"]
    assert named == linked
    assert named.startswith("There is no such article")
    assert more.method == "editMessageText"


@pytest.mark.parametrize("odd", ODD)
def test_odd_words_from_elsewhere_are_no_failure(bot: LocalBot, odd: str) -> None:
    """Posts, inline queries and guests."""
    chats.change_setting(bot.engine, CHANNEL["id"], "indexed", True)
    query = {"id": "1", "from": ANN, "query": f"the US {odd}", "offset": ""}

    calls = bot.receive(channel_post=post(f"The harbour {odd} is closed. " * 30))
    calls += bot.receive(inline_query=query)
    calls += bot.receive(guest_message=message(GROUP, f"who {odd}?", guest_query_id="1"))

    assert [call.method for call in calls] == ["answerInlineQuery", "answerGuestQuery"]


@pytest.mark.parametrize("number", ["0", "9" * 9, "9" * 18, "9" * 26])
@pytest.mark.parametrize("button_", ["m", "u", "s"])
def test_a_number_without_end_is_no_failure(bot: LocalBot, button_: str, number: str) -> None:
    """No number reaches a database that cannot hold it."""
    (call,) = bot.receive(callback_query=button(f"{button_}:{number}"))

    assert call.method == "answerCallbackQuery"
    assert call.given["text"].startswith("This button has expired")
