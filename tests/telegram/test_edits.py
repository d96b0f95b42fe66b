"""Questions that are edited after they were answered."""

from __future__ import annotations

import pytest
from local_bot import GROUP, PRIVATE, Json, LocalBot, buttons_of, message, sent_message

from bot.telegram.store import replies
from bot.telegram.store.reply_values import Conversation

QUESTION = "what conditions did the US set?"
OTHER = "who is the US special representative?"


@pytest.mark.parametrize(("chat", "before"), [(PRIVATE, ""), (PRIVATE, "/ask "), (GROUP, "/ask ")])
def test_an_edited_question_changes_its_reply(local_bot: LocalBot, chat: Json, before: str) -> None:
    """The same message answers the new words, and its buttons belong to them."""
    (first,) = local_bot.receive(message=message(chat, before + QUESTION))
    (edit,) = local_bot.receive(edited_message=message(chat, before + OTHER, edit_date=1))

    assert edit.method == "editMessageText"
    assert edit.given["message_id"] == 99
    assert edit.given["text"] != first.given["text"]
    assert buttons_of(edit)["👍"] != buttons_of(first)["👍"]
    assert replies.earlier_questions(local_bot.engine, Conversation(chat["id"])) == [OTHER]


@pytest.mark.parametrize(
    "edit",
    [
        message(PRIVATE, QUESTION, edit_date=1),
        message(PRIVATE, OTHER, edit_date=1, message_id=77),
        message(PRIVATE, "", edit_date=1),
    ],
)
def test_other_edits_get_nothing(local_bot: LocalBot, edit: Json) -> None:
    """A reaction, which arrives as an edit without one; a message that had no reply; no words."""
    local_bot.receive(message=message(PRIVATE, QUESTION))

    assert local_bot.receive(edited_message=edit) == []


def test_a_reply_of_several_messages_becomes_one(local_bot: LocalBot) -> None:
    """What is too much is deleted."""
    numbers = iter(range(100, 200))

    def sent(given: Json) -> Json:
        return sent_message(given) | {"message_id": next(numbers)}

    local_bot.request.results["sendMessage"] = sent
    things = ("boat", "house", "dog", "garden", "school")
    rule = "be kind to the cat, " * 3
    rules = [
        f"The rules of the {it} are:\n\n" + "\n".join(f"- {i}: {rule}{it}" for i in range(12))
        for it in things
    ]
    local_bot.put("\n\n".join([*rules, "The cat is called Tom."]))
    questions = " ".join(f"what are the rules of the {it}?" for it in things)
    asked = local_bot.receive(message=message(PRIVATE, questions))
    calls = local_bot.receive(
        edited_message=message(PRIVATE, "how is the cat called?", edit_date=1)
    )

    assert len(asked) > 1
    edit, deletion = calls
    assert (edit.method, edit.given["message_id"]) == ("editMessageText", 100)
    assert deletion.method == "deleteMessages"
    assert deletion.given["message_ids"] == list(range(101, 100 + len(asked)))


def test_a_reply_that_is_gone_is_given_anew(local_bot: LocalBot) -> None:
    """Somebody has deleted it."""
    local_bot.receive(message=message(PRIVATE, QUESTION))
    local_bot.request.refusals["editMessageText"] = (400, "Bad Request: message to edit not found")

    calls = local_bot.receive(edited_message=message(PRIVATE, OTHER, edit_date=1))

    assert [call.method for call in calls] == ["editMessageText", "sendMessage"]
