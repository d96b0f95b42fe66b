"""What Telegram and its users may do to the bot: an answer arrives all the same, where it can."""

from __future__ import annotations

from typing import Any

import pytest
from bots import Bot, sent_to, settle
from fake_telegram.api import BotApi
from fake_telegram.world import Chat, User

CONDITIONS = "what conditions did the US set?"
ANSWER = "has not said publicly what conditions"


def test_what_is_put_off_is_sent_later_and_nobody_else_waits(
    api: BotApi, chat: Chat, ann: User
) -> None:
    """After a 429 the answer comes when Telegram said; another chat is answered meanwhile."""
    other = api.private(api.user(first_name="Bob"))
    api.fail("sendMessage", 429, retry_after=1, chat_id=chat.id)
    api.send(chat, ann, CONDITIONS)
    refused = api.wait("sendMessage", chat_id=chat.id, refused=True)
    api.send(other, other.user or ann, CONDITIONS)

    elsewhere = api.wait("sendMessage", chat_id=other.id)
    answer = api.wait("sendMessage", chat_id=chat.id)

    assert answer.at - refused.at >= 1
    assert elsewhere.at < answer.at


def test_markup_that_is_not_read_becomes_plain_text(api: BotApi, chat: Chat, ann: User) -> None:
    """The words arrive without markup, with the buttons, as a reply."""
    api.fail("sendMessage", 400, "can't parse entities: Unsupported start tag", chat_id=chat.id)
    api.send(chat, ann, CONDITIONS)

    answer = api.wait("sendMessage", chat_id=chat.id)

    assert ANSWER in answer.result["text"]
    assert "parse_mode" not in answer.params
    assert answer.params["reply_markup"]
    assert answer.params["reply_parameters"]


def test_a_question_that_was_deleted_is_answered(api: BotApi, chat: Chat, ann: User) -> None:
    """The answer is then no reply."""
    api.fail("sendMessage", 400, "message to be replied not found", chat_id=chat.id)
    api.send(chat, ann, CONDITIONS)

    answer = api.wait("sendMessage", chat_id=chat.id)

    assert ANSWER in answer.result["text"]
    assert "reply_parameters" not in answer.params


def test_a_topic_that_was_deleted_is_no_reason_for_silence(api: BotApi, ann: User) -> None:
    """The answer then lands in the group itself."""
    forum = api.supergroup("Forum", forum=True, members=[ann])
    topic = api.topic(forum, "News", ann)
    api.fail("sendMessage", 400, "message thread not found", chat_id=forum.id)
    api.send(forum, ann, f"/ask {CONDITIONS}", topic=topic)

    answer = api.wait("sendMessage", chat_id=forum.id)

    assert "message_thread_id" not in answer.params


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"error_code": 403, "description": "Forbidden: bot was blocked by the user"}, "blocked"),
        ({"error_code": 400, "description": "chat not found", "times": 2}, "not found"),
    ],
)
def test_who_cannot_be_answered_is_a_line_in_the_log(
    bot: Bot, chat: Chat, ann: User, fault: dict[str, Any], said: str
) -> None:
    """A chat that is closed to the bot is logged in one line, and the bot goes on."""
    api = bot.api
    api.fail("sendMessage", chat_id=chat.id, **fault)
    api.send(chat, ann, CONDITIONS)
    settle(api, chat)

    bot.wait_for_line(str(chat.id), "cannot be answered", said)


@pytest.mark.parametrize("fault", [{"drop": "before"}, {"error_code": 502}])
def test_a_broken_connection_is_tried_again(
    api: BotApi, chat: Chat, ann: User, fault: dict[str, Any]
) -> None:
    """A request that was cut off, or met a broken server, is made again."""
    api.fail("sendMessage", chat_id=chat.id, **fault)
    api.send(chat, ann, CONDITIONS)

    assert ANSWER in api.wait("sendMessage", chat_id=chat.id).result["text"]


def test_an_outage_is_survived(bot: Bot, api: BotApi, chat: Chat, ann: User) -> None:
    """After a time without Telegram the bot goes on by itself."""
    api.go_offline()
    bot.wait_for_line("Telegram cannot be reached")
    api.go_online()
    api.send(chat, ann, CONDITIONS)

    assert ANSWER in api.wait("sendMessage", chat_id=chat.id, timeout=60).result["text"]


def test_a_group_that_migrates_under_an_answer_gets_it(api: BotApi, ann: User) -> None:
    """The answer goes to the supergroup that the group has become."""
    group = api.group("Old", members=[ann])
    new = api.supergroup("New", members=[ann])
    api.fail(
        "sendMessage", 400, "group chat was upgraded to a supergroup chat",
        migrate_to_chat_id=new.id, chat_id=group.id,
    )  # fmt: skip
    api.send(group, ann, f"/ask {CONDITIONS}")

    assert ANSWER in api.wait("sendMessage", chat_id=new.id).result["text"]


def test_a_flood_gets_one_polite_line(api: BotApi, chat: Chat, ann: User) -> None:
    """Twenty questions a minute are answered, then one line asks for patience; others go on."""
    other = api.private(api.user(first_name="Bob"))
    for _ in range(40):
        api.send(chat, ann, CONDITIONS)
    api.send(other, other.user or ann, CONDITIONS)
    elsewhere = api.wait("sendMessage", chat_id=other.id)
    settle(api, chat)

    texts = [call.result["text"] for call in sent_to(api, chat)]
    polite = [text for text in texts if text.startswith("Those were many questions")]
    assert ANSWER in elsewhere.result["text"]
    assert sum(ANSWER in text for text in texts) == 20
    assert len(polite) == 1
