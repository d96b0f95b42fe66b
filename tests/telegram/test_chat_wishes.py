"""Words that are no questions, in a private chat."""

from __future__ import annotations

import pytest
from local_bot import PRIVATE, LocalBot, message

from bot.phrases import phrase

QUESTION = "what conditions did the US set?"


def say(bot: LocalBot, *texts: str) -> str:
    """Say *texts* one after another, and give what the last was answered with."""
    return [bot.told(message=message(PRIVATE, text))[-1] for text in texts][-1]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        *(("help", "help"), ("?", "help"), ("who are you", "description"), ("bye", "farewell")),
        *(("ok", "all_right"), ("спасибо", "welcome"), ("👍", "nothing_yet")),
        *(("show me more", "nothing_yet"), ("the second one", "nothing_yet")),
    ],
)
def test_a_wish_gets_its_phrase(local_bot: LocalBot, text: str, name: str) -> None:
    """What asks nothing is not looked up, also when there is no answer that it is about."""
    assert say(local_bot, text) == phrase(name)


def test_more_shows_the_next_passages(local_bot: LocalBot) -> None:
    """In words as by the button."""
    shown = say(local_bot, QUESTION)
    more = say(local_bot, "show me more")
    assert more.startswith("<blockquote")
    assert more != shown


def test_in_short_is_the_sentence(local_bot: LocalBot) -> None:
    """Of the last answer its first sentence alone is shown."""
    long = say(local_bot, QUESTION)
    short = say(local_bot, "in short")
    assert short.startswith("The article may say this:\n<blockquote>")
    assert len(short) <= len(long)
    assert short.count("<blockquote") == 1


def test_wrong_is_a_vote(local_bot: LocalBot) -> None:
    """It is noted as the button would note it, and what can be done is said."""
    assert say(local_bot, QUESTION, "no, that is wrong") == phrase("corrected")


def test_an_unknown_command_names_the_nearest(local_bot: LocalBot) -> None:
    """A mistyped command is told which one was meant."""
    assert "/articles" in say(local_bot, "/artcles")
    assert say(local_bot, "/zzzz") == phrase("no_command")


def test_each_of_several_questions_has_its_reply(local_bot: LocalBot) -> None:
    """Two lines are two questions, each with its heading and its own tier."""
    shown = say(local_bot, f"{QUESTION}\nwhat does a zebra eat?")
    assert shown.startswith(f"<b>{QUESTION}</b>\nThe article")
    assert "<b>what does a zebra eat?</b>\nThe article" in shown


def test_a_foreign_article_is_noted_once_a_chat(
    local_bot: LocalBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the operator can set stands below the first such answer, and not again."""
    monkeypatch.setattr("bot.telegram.chat_answer.deserves_language_note", lambda *_: True)

    noted = ["ARTICLE_BOT_MODEL" in say(local_bot, QUESTION) for _ in range(2)]

    assert noted == [True, False]
