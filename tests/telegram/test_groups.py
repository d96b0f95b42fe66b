"""Groups, supergroups and forum topics: only what is meant for the bot is answered."""

from __future__ import annotations

from typing import Any

import pytest
from bots import sent_to, settle
from fake_telegram.api import BotApi
from fake_telegram.updates import text_mention
from fake_telegram.world import Chat, User

CONDITIONS = "what conditions did the US set?"
UNANSWERABLE = "who is the mayor of Paris?"
ANSWER = "has not said publicly what conditions"


@pytest.fixture
def group(api: BotApi, ann: User) -> Chat:
    """Make a supergroup that she created."""
    return api.supergroup("News", members=[ann, api.user(first_name="Bob")])


@pytest.mark.parametrize(
    "text",
    [
        f"/ask {CONDITIONS}",
        f"/ask@ArticleBot {CONDITIONS}",
        f"/ASK@articlebot {CONDITIONS}",
        f"@ArticleBot {CONDITIONS}",
        f"@ARTICLEBOT, {CONDITIONS}",
        f"{CONDITIONS} @articlebot",
        f"🇺🇸 @ArticleBot {CONDITIONS}",
    ],
)
def test_what_is_meant_for_the_bot_is_answered(
    api: BotApi, group: Chat, ann: User, text: str
) -> None:
    """A command or a mention in any case gets a reply to that very message."""
    question = api.send(group, ann, text)

    answer = api.wait("sendMessage", chat_id=group.id)

    assert ANSWER in answer.result["text"]
    assert answer.params["reply_parameters"]["message_id"] == question["message_id"]


def test_a_mention_by_name_and_one_in_a_caption_count(api: BotApi, group: Chat, ann: User) -> None:
    """The bot is also meant by a text mention, and in the caption of a picture."""
    words = f"Article bot {CONDITIONS}"
    api.send(group, ann, words, entities=text_mention(words, "Article bot", api.bot))
    by_name = api.wait("sendMessage", chat_id=group.id)
    api.send(group, ann, photo=api.photo(), caption=f"@ArticleBot {CONDITIONS}")

    in_caption = api.wait("sendMessage", chat_id=group.id)

    assert ANSWER in by_name.result["text"]
    assert ANSWER in in_caption.result["text"]


def test_a_reply_to_the_bot_is_a_follow_up(api: BotApi, group: Chat, ann: User) -> None:
    """Who replies to an answer asks on."""
    api.send(group, ann, "/ask who appointed Thomas West?")
    answer = api.wait("sendMessage", chat_id=group.id).result

    api.send(group, ann, "and when?", reply_to=answer)

    assert "West" in api.wait("sendMessage", chat_id=group.id).result["text"]


@pytest.mark.parametrize("words", ["/ask", "@ArticleBot"])
def test_asking_as_a_reply_asks_that_message(
    api: BotApi, group: Chat, ann: User, words: str
) -> None:
    """/ask or a mention alone, in reply to somebody's question, asks that question."""
    bob = list(group.people.values())[1]
    question = api.send(group, bob, CONDITIONS)

    api.send(group, ann, words, reply_to=question)

    assert ANSWER in api.wait("sendMessage", chat_id=group.id).result["text"]


@pytest.mark.parametrize(
    "message",
    [
        {"text": CONDITIONS},
        {"text": f"@ArticleBotFan {CONDITIONS}"},
        {"text": f"/ask@OtherBot {CONDITIONS}"},
        {"text": f"/other {CONDITIONS}"},
        {"text": f"ArticleBot {CONDITIONS}"},
        {"voice": {"file_id": "v", "file_unique_id": "v", "duration": 1}},
    ],
)
def test_everything_else_is_left_alone(
    api: BotApi, group: Chat, ann: User, message: dict[str, Any]
) -> None:
    """Talk among people, other bots' commands and voice messages get no reply."""
    api.send(group, ann, **message, deliver=True)
    settle(api, group)

    assert len(sent_to(api, group)) == 1  # the help that settle asks for


def test_edits_bots_and_inline_results_are_left_alone(api: BotApi, group: Chat, ann: User) -> None:
    """Neither an edit nor another bot nor what was sent through a bot is a question."""
    robot = api.user(first_name="Robot", is_bot=True)
    api.edit(api.send(group, ann, "good morning"), f"@ArticleBot {CONDITIONS}", deliver=True)
    api.send(group, robot, f"@ArticleBot {CONDITIONS}", deliver=True)
    api.send(group, ann, f"@ArticleBot {CONDITIONS}", via_bot=api.bot.json, deliver=True)
    settle(api, group)

    assert len(sent_to(api, group)) == 1


def test_the_answer_lands_in_the_topic(api: BotApi, ann: User) -> None:
    """Question, typing and answer belong to one topic; the topic next door knows nothing of it."""
    forum = api.supergroup("Forum", forum=True, members=[ann])
    news, sport = api.topic(forum, "News", ann), api.topic(forum, "Sport", ann)
    api.send(forum, ann, "/ask who appointed Thomas West?", topic=news)
    answer = api.wait("sendMessage", chat_id=forum.id)
    api.send(forum, ann, "/ask and when?", topic=sport)
    other = api.wait("sendMessage", chat_id=forum.id)

    assert answer.params["message_thread_id"] == news
    assert {call.params["message_thread_id"] for call in sent_to(api, forum, "sendChatAction")} == {
        news,
        sport,
    }
    assert other.params["message_thread_id"] == sport
    assert "No answer" in other.result["text"] or "does not say" in other.result["text"]


def test_a_chain_of_replies_is_no_topic(api: BotApi, group: Chat, ann: User) -> None:
    """In a group without topics the thread of a reply is not sent back, which Telegram refuses."""
    first = api.send(group, ann, "good morning")

    api.send(group, ann, f"/ask {CONDITIONS}", reply_to=first)

    assert "message_thread_id" not in api.wait("sendMessage", chat_id=group.id).params


def test_only_who_asked_turns_a_reply_over(api: BotApi, group: Chat, ann: User) -> None:
    """Another member is told so, and may vote all the same."""
    bob = list(group.people.values())[1]
    api.send(group, ann, f"/ask {CONDITIONS}")
    answer = api.wait("sendMessage", chat_id=group.id).result
    by_other = api.press(answer, "More", user=bob)
    vote = api.press(answer, "👎", user=bob)
    by_asker = api.press(answer, "More", user=ann)

    def notice(query: dict[str, Any]) -> Any:
        return api.wait("answerCallbackQuery", callback_query_id=query["id"]).params.get("text")

    assert notice(by_other) == "Only the person who asked can use this button."
    assert notice(vote) == "Thank you, noted."
    assert notice(by_asker) is None
    api.wait("editMessageText", chat_id=group.id)


def test_an_anonymous_admin_asks_and_turns_the_reply_over(
    api: BotApi, group: Chat, ann: User
) -> None:
    """Who hides behind the group is answered, and presses buttons as the admin they are."""
    api.send(group, ann, f"/ask {CONDITIONS}", as_chat=group)
    answer = api.wait("sendMessage", chat_id=group.id)

    api.press(answer.result, "More", user=ann)

    api.wait("editMessageText", chat_id=group.id)


def test_a_quiet_group_gets_a_reaction(api: BotApi, group: Chat, ann: User) -> None:
    """After /quiet only a reaction says that nothing answers; /quiet off ends it."""
    api.send(group, ann, "/quiet")
    api.wait("sendMessage", chat_id=group.id)
    question = api.send(group, ann, f"/ask {UNANSWERABLE}")
    reaction = api.wait("setMessageReaction", chat_id=group.id)
    api.send(group, ann, "/quiet off")
    api.wait("sendMessage", chat_id=group.id)
    api.send(group, ann, f"/ask {UNANSWERABLE}")

    refusal = api.wait("sendMessage", chat_id=group.id)

    assert reaction.params["message_id"] == question["message_id"]
    assert reaction.params["reaction"][0]["emoji"] == "🤷"
    assert "does not say" in refusal.result["text"]
    assert len(sent_to(api, group)) == 3


def test_only_admins_make_a_group_quiet(api: BotApi, group: Chat, ann: User) -> None:
    """A member is refused; an anonymous admin is an admin."""
    bob = list(group.people.values())[1]
    api.send(group, bob, "/quiet")
    refused = api.wait("sendMessage", chat_id=group.id).result["text"]
    api.send(group, ann, "/quiet", as_chat=group)

    assert refused == "Only admins of this chat can do that."
    assert "I only react" in api.wait("sendMessage", chat_id=group.id).result["text"]


def test_a_group_is_greeted_when_the_bot_is_added(api: BotApi, ann: User) -> None:
    """One message says how to ask; becoming an admin later is no reason for another."""
    group = api.supergroup("New", members=[ann], bot="left")
    api.add_bot(group, by=ann)
    greeting = api.wait("sendMessage", chat_id=group.id).result["text"]
    api.add_bot(group, by=ann, status="administrator")
    settle(api, group)

    assert "/ask" in greeting
    assert len(sent_to(api, group)) == 2


def test_a_group_that_becomes_a_supergroup_keeps_everything(api: BotApi, ann: User) -> None:
    """What the group had said, and its buttons, are there under the new id."""
    group = api.group("Old", members=[ann])
    api.send(group, ann, "/quiet")
    api.wait("sendMessage", chat_id=group.id)

    new = api.migrate(group, by=ann)
    api.send(new, ann, f"/ask {UNANSWERABLE}")

    api.wait("setMessageReaction", chat_id=new.id)
