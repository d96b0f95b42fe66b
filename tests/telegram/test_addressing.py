"""Which messages are meant for the bot."""

from __future__ import annotations

from typing import Any

import pytest
from fake_telegram.api import BotApi
from telegram import Message, User

from bot.telegram import addressing

BOT = User(1, "Article bot", is_bot=True, username="ArticleBot")


def message(text: str, **fields: Any) -> Message:
    """Make a message of a supergroup as Telegram makes it."""
    with BotApi() as api:
        ann = api.user()
        group = api.supergroup(members=[ann])
        return Message.de_json(api.send(group, ann, text, **fields), None)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("@ArticleBot who came?", "who came?"),
        ("@articlebot: who came?", "who came?"),
        ("who came, @ARTICLEBOT?", "who came, ?"),
        ("😀😀 @ArticleBot who 😀 came?", "😀😀 who 😀 came?"),
        ("@ArticleBot", ""),
        ("who came?", None),
        ("@ArticleBotFan who came?", None),
        ("mail me at x@ArticleBot.example", None),
    ],
)
def test_a_mention_is_taken_out_of_the_question(text: str, question: str | None) -> None:
    """What is asked is the text without the mention, wherever it stands."""
    assert addressing.addressed_question(message(text), BOT) == question


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("/ask who came?", "who came?"),
        ("/ask@ArticleBot  who came? ", "who came?"),
        ("/ask\nwho came?\nand why?", "who came?\nand why?"),
        ("/ask who\ncame?", "who\ncame?"),
        ("/ask", ""),
    ],
)
def test_the_argument_of_a_command(text: str, rest: str) -> None:
    """Everything behind the command, on its line or below, is its argument."""
    assert addressing.command_argument(message(text)) == rest


@pytest.mark.parametrize(
    ("text", "language", "asks"),
    [
        ("really?", "en", True),
        ("who came", "en", True),
        ("Who came", None, True),
        ("wer kam", "de", True),
        ("wer kam", "en", False),
        ("old news", "en", False),
        ("I know who came", "en", False),
        ("", "en", False),
    ],
)
def test_an_open_question_looks_like_one(text: str, language: str | None, asks: bool) -> None:
    """A question mark, or a word that begins questions in the language of who writes."""
    assert addressing.asks_openly(text, language) is asks
