"""Buttons: what /start offers, what leads back, and what nobody offered."""

from __future__ import annotations

import pytest
from local_bot import (
    BOB,
    CHANNEL,
    GROUP,
    OWNER,
    PRIVATE,
    Json,
    LocalBot,
    button,
    buttons_of,
    message,
)

from bot.telegram import sending
from bot.telegram.store import chats
from bot.telegram.store.reply_values import Conversation

QUESTION = "what conditions did the US set?"
SEED = "taliban-us-recognition"
TIERS = ("The article says:\n<blockquote", "The article may say this:\n<blockquote")
TITLE = "Even as ISIS attacks from within, the Taliban seeks US approval"


def test_start_shows_what_is_there_and_three_questions(local_bot: LocalBot) -> None:
    """The greeting names the articles, and each question below it is answered when pressed."""
    (greeting,) = local_bot.receive(message=message(PRIVATE, "/start"))
    below = greeting.given["reply_markup"]

    assert TITLE in greeting.given["text"]
    assert len(buttons_of(greeting)) == 3
    for question, data in buttons_of(greeting).items():
        notice, answer = local_bot.receive(callback_query=button(data, reply_markup=below))
        assert notice.method == "answerCallbackQuery"
        begins = tuple(f"<b>{question}</b>\n\n{tier}" for tier in TIERS)
        assert answer.given["text"].startswith(begins)


def test_start_without_articles_offers_nothing(local_bot: LocalBot) -> None:
    """There is a greeting all the same."""
    local_bot.shared.answerers.shared.library.remove([SEED])

    ((_, given),) = local_bot.receive(message=message(PRIVATE, "/start"))

    assert given["text"].startswith("Hello!")
    assert "reply_markup" not in given


def test_a_narrowing_is_undone_where_it_is_said(local_bot: LocalBot) -> None:
    """The message that says so has a button that leads back."""
    _, said = local_bot.receive(message=message(PRIVATE, f"/article {SEED}"))
    notice, edit = local_bot.receive(callback_query=button(buttons_of(said)["All articles"]))

    assert said.given["text"].startswith(f"You now ask only “{TITLE}")
    assert notice.given["text"] == edit.given["text"] == "You now ask all articles."
    assert chats.scope_of(local_bot.engine, Conversation(7)) is None


def test_an_answer_names_the_article_that_alone_was_asked(local_bot: LocalBot) -> None:
    """It has the button too; pressed, the answer stays, and the button goes."""
    local_bot.receive(message=message(PRIVATE, f"/article {SEED}"))
    (answer,) = local_bot.receive(message=message(PRIVATE, QUESTION))
    data = buttons_of(answer)["All articles"]
    below = answer.given["reply_markup"]
    _, edit = local_bot.receive(callback_query=button(data, reply_markup=below))

    assert answer.given["text"].endswith("was asked.")
    assert TITLE in answer.given["text"].rpartition("Only")[2]
    assert edit.method == "editMessageReplyMarkup"
    assert "All articles" not in buttons_of(edit)
    assert "More" in buttons_of(edit)
    assert chats.scope_of(local_bot.engine, Conversation(7)) is None


def test_a_summary_is_one_press_away(local_bot: LocalBot) -> None:
    """Below an answer stands a button that shows what its article is about, and leads back."""
    (summary,) = local_bot.told(message=message(PRIVATE, f"/article {SEED}"))[:1]
    chats.narrow(local_bot.engine, Conversation(7), None)
    (answer,) = local_bot.receive(message=message(PRIVATE, QUESTION))
    _, shown = local_bot.receive(callback_query=button(buttons_of(answer)["Summary"]))
    _, back = local_bot.receive(callback_query=button(buttons_of(shown)["Back"]))

    assert summary.startswith(shown.given["text"].split("\n")[0])
    assert "<b>" not in shown.given["text"]  # none of its sentences answers more than the others
    assert back.given["text"] == answer.given["text"]


@pytest.mark.parametrize(("member", "narrowed"), [(OWNER, True), (None, False)])
def test_in_a_group_narrowing_is_for_admins(
    local_bot: LocalBot, member: Json | None, *, narrowed: bool
) -> None:
    """A member is told so."""
    if member is not None:
        local_bot.request.results["getChatMember"] = member

    told = local_bot.told(message=message(GROUP, f"/article {SEED}"))

    assert (chats.scope_of(local_bot.engine, Conversation(GROUP["id"])) == SEED) is narrowed
    assert narrowed or told == ["Only admins of this chat can do that."]


@pytest.mark.parametrize("chat", [GROUP, CHANNEL])
def test_a_member_does_not_end_the_narrowing_of_a_chat(local_bot: LocalBot, chat: Json) -> None:
    """“All articles” is seen by all and for admins."""
    chats.narrow(local_bot.engine, Conversation(chat["id"]), SEED)

    _, (method, given) = local_bot.receive(callback_query=button("all", chat, BOB))

    assert (method, given["text"]) == (
        "answerCallbackQuery",
        "Only admins of this chat can do that.",
    )
    assert chats.scope_of(local_bot.engine, Conversation(chat["id"])) == SEED


@pytest.mark.parametrize(
    "data",
    ["all", "set:short:on", "q:0", "m:1", "m:" + "9" * 26, "m:" + "9" * 18, "\x00", "\ud800"],
)
def test_a_press_that_nothing_offers_changes_nothing(local_bot: LocalBot, data: str) -> None:
    """Whatever a client makes up is answered, so that it stops waiting, and does nothing."""
    chats.narrow(local_bot.engine, Conversation(7), SEED)
    offered = {"inline_keyboard": [[{"text": "More", "callback_data": "m:2"}]]}

    calls = local_bot.receive(callback_query=button(data, reply_markup=offered))
    without = local_bot.receive(callback_query=button(data, reply_markup=None))

    assert [call.method for call in [*calls, *without]] == ["answerCallbackQuery"] * 2
    assert chats.scope_of(local_bot.engine, Conversation(7)) == SEED


@pytest.mark.parametrize("number", ["9" * 9, "9" * 18, "9" * 26])
def test_a_button_with_an_endless_number_has_expired(local_bot: LocalBot, number: str) -> None:
    """No number reaches a database that cannot hold it."""
    ((method, given),) = local_bot.receive(callback_query=button(f"m:{number}"))

    assert method == "answerCallbackQuery"
    assert given["text"].startswith("This button has expired")


def test_what_comes_with_a_picture_says_that_it_was_not_read(local_bot: LocalBot) -> None:
    """The caption is answered, and nobody believes that the picture was seen."""
    file = {"file_id": "f", "file_unique_id": "f", "width": 1, "height": 1}
    given = message(PRIVATE, "", caption=QUESTION, photo=[file])
    del given["text"], given["entities"]

    (told,) = local_bot.told(message=given)

    note, answer = told.split("\n\n", 1)
    assert note == "I have read only your words, not the file that came with them."
    assert answer.startswith(TIERS)


def test_a_reply_that_is_held_back_says_one_moment(
    local_bot: LocalBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While Telegram lets the bot wait, the question has a reaction, and then no more."""
    monkeypatch.setattr(sending, "PATIENCE", 0.0)
    local_bot.request.pauses["sendMessage"] = 0.1

    calls = local_bot.receive(message=message(GROUP, "/help"))

    shown = [call.given.get("reaction") for call in calls if call.method == "setMessageReaction"]
    assert shown == [[{"type": "emoji", "emoji": "👀"}], None]


def test_a_prompt_reply_has_no_reaction(local_bot: LocalBot) -> None:
    """Nobody is told to wait for what is there."""
    assert {call.method for call in local_bot.receive(message=message(PRIVATE, "/help"))} == {
        "sendMessage"
    }
