"""Inline and guest mode: answers in chats that the bot is no member of."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from bots import Bot
from fake_telegram.api import BotApi
from fake_telegram.world import User

CONDITIONS = "what conditions did the US set?"
CELLAR = "The password of the cellar is marzipan. It was chosen by grandmother Hilda in 1974."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the folder of the bot's database."""
    return tmp_path_factory.mktemp("inline")


@pytest.fixture(scope="module")
def api(folder: Path) -> Iterator[BotApi]:
    """Start a server and a bot that answers on it."""
    with BotApi() as api, Bot(api, folder):
        yield api
        assert not api.refusals, api.transcript()


@pytest.fixture
def ann(api: BotApi) -> User:
    """Make a person."""
    return api.user(first_name="Ann", language_code="en")


def test_a_query_gets_the_passages_as_results(api: BotApi, ann: User) -> None:
    """Each result names an article, shows its best sentence, and sends the quotation."""
    query = api.inline(ann, CONDITIONS)

    answer = api.wait("answerInlineQuery", inline_query_id=query["id"])

    first, second = answer.params["results"]
    assert first["description"].startswith("The US has not said publicly")
    assert "<blockquote" in first["input_message_content"]["message_text"]
    assert "And building a truly" in second["input_message_content"]["message_text"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("", "Type a question about the articles"),
        ("who is the mayor of Paris?", "The articles do not answer this"),
    ],
)
def test_a_query_without_results_says_why(api: BotApi, ann: User, words: str, told: str) -> None:
    """A button above the empty list says it."""
    query = api.inline(ann, words)

    answer = api.wait("answerInlineQuery", inline_query_id=query["id"])

    assert answer.params["results"] == []
    assert answer.params["button"]["text"] == told


def test_a_guest_is_answered_in_one_message(api: BotApi, ann: User) -> None:
    """Called into a chat where it is no member, the bot answers with the passages."""
    chat = api.supergroup("Elsewhere", members=[ann], bot="left")
    message = api.guest(chat, ann, f"@ArticleBot {CONDITIONS}")

    answer = api.wait("answerGuestQuery", guest_query_id=message["guest_query_id"])

    text = answer.params["result"]["input_message_content"]["message_text"]
    assert "has not said publicly" in text
    assert "And building a truly" in text


def test_a_guest_is_told_that_nothing_answers(api: BotApi, ann: User) -> None:
    """The one message says so and offers the nearest passage."""
    chat = api.supergroup("Elsewhere", members=[ann], bot="left")
    message = api.guest(chat, ann, "@ArticleBot who is the mayor of Paris?")

    answer = api.wait("answerGuestQuery", guest_query_id=message["guest_query_id"])

    text = answer.params["result"]["input_message_content"]["message_text"]
    assert text.startswith("The article does not answer this.")


def test_articles_of_a_chat_stay_there(api: BotApi, ann: User, folder: Path) -> None:
    """What only a private chat knows is found there, and never inline."""
    database = f"sqlite:///{folder / 'articles.sqlite'}"
    command = [sys.executable, "-m", "bot", "--database", database, "--chat", str(ann.id)]
    subprocess.run([*command, "add", "-", "--id", "cellar"], input=CELLAR, text=True, check=True)
    question = "what is the password of the cellar?"
    api.send(api.private(ann), ann, question)
    in_private = api.wait("sendMessage", chat_id=ann.id).result["text"]

    query = api.inline(ann, question)

    inline = api.wait("answerInlineQuery", inline_query_id=query["id"])
    assert "marzipan" in in_private
    assert "marzipan" not in str(inline.params["results"])
