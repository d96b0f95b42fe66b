"""Inline and guest mode: answers in chats that the bot is no member of."""

from __future__ import annotations

import pytest
from fake_telegram.api import BotApi
from fake_telegram.world import User

CONDITIONS = "what conditions did the US set?"


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
    assert text.startswith("The article does not say this.")
