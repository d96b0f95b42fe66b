"""Floods: of one person, of one group, and what others notice of them."""

from __future__ import annotations

import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bots import Bot
from fake_telegram.api import BotApi
from local_bot import ANN, BOB, CHANNEL, GROUP, PRIVATE, LocalBot, button, message, post

from bot.telegram.allowance import Allowance
from bot.telegram.store import chats

QUESTION = "what conditions did the US set?"
SLOW_DOWN = (
    "Those were many questions in one minute; please wait a little, then I will answer again."
)
CROWDED = "There are more questions in this chat than I can answer at once; I leave some out."


def limit(bot: LocalBot, **limits: int) -> None:
    """Let people and groups want so much of *bot* in a minute."""
    store = bot.inbox.store
    allowances = {name: Allowance(name, number, store) for name, number in limits.items()}
    bot.application.bot_data.shared = replace(bot.shared, **allowances)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["/help", "/start", "/articles", "/nosuch", "hello", QUESTION])
def test_whatever_is_sent_draws_on_an_allowance(local_bot: LocalBot, text: str) -> None:
    """The first that is too much is told so, the next ones get nothing, others are answered."""
    limit(local_bot, updates=1)

    told = [local_bot.told(message=message(PRIVATE, text)) for _ in range(4)]
    other = local_bot.told(message=message(PRIVATE | {"id": 8}, "/help", **{"from": BOB}))

    assert len(told[0]) == 1
    assert told[1:] == [[SLOW_DOWN], [], []]
    assert len(other) == 1


def test_buttons_draw_on_it_and_never_wait(local_bot: LocalBot) -> None:
    """Each press gets its answer, the first beyond with a word."""
    limit(local_bot, updates=1)

    calls = [local_bot.receive(callback_query=button("old"))[-1] for _ in range(3)]

    assert {call.method for call in calls} == {"answerCallbackQuery"}
    assert [call.given.get("text") for call in calls][1:] == [SLOW_DOWN, None]


def test_inline_and_guest_queries_draw_on_it(local_bot: LocalBot) -> None:
    """What is too much gets no answer."""
    limit(local_bot, updates=1)
    query = {"id": "1", "from": ANN, "query": "", "offset": ""}
    guest = message(GROUP, QUESTION, guest_query_id="1")

    first = local_bot.receive(inline_query=query)
    others = [*local_bot.receive(inline_query=query), *local_bot.receive(guest_message=guest)]

    assert [call.method for call in first] == ["answerInlineQuery"]
    assert others == []


def test_a_group_has_an_allowance_too(local_bot: LocalBot) -> None:
    """Many people, each within what they may: the group is told once."""
    limit(local_bot, group_updates=1)
    people = [ANN | {"id": number} for number in range(10, 14)]

    told = [local_bot.told(message=message(GROUP, "/help", **{"from": who})) for who in people]

    assert [len(texts) for texts in told] == [1, 1, 0, 0]
    assert told[1] == [CROWDED]


def test_a_mention_draws_on_it_too(local_bot: LocalBot) -> None:
    """As a command does."""
    limit(local_bot, updates=1)

    told = [local_bot.told(message=message(GROUP, f"@ArticleBot {QUESTION}")) for _ in range(3)]

    assert told[1:] == [[SLOW_DOWN], []]


def test_what_is_not_for_the_bot_draws_on_nothing(local_bot: LocalBot) -> None:
    """People who talk to each other in a group use up none of it."""
    limit(local_bot, updates=1, group_updates=1)

    for _ in range(5):
        local_bot.receive(message=message(GROUP, "good morning"))

    assert len(local_bot.told(message=message(GROUP, "/help"))) == 1


def test_open_comments_leave_the_allowance_of_questions_alone(local_bot: LocalBot) -> None:
    """Who has discussed below a post may still ask."""
    harbour = "The harbour of Lindholm is closed. " + "Divers found cracks in the pier. " * 20
    origin = {"type": "channel", "date": 0, "chat": CHANNEL, "message_id": 3}
    chats.change_setting(local_bot.engine, CHANNEL["id"], "indexed", True)
    local_bot.receive(channel_post=post(harbour, message_id=3))
    local_bot.receive(
        message=message(GROUP, harbour, is_automatic_forward=True, forward_origin=origin)
    )
    limit(local_bot, allowance=1)

    thread = {"message_id": 6, "message_thread_id": 5}
    for _ in range(3):
        local_bot.receive(message=message(GROUP, "who found cracks?", **thread))

    assert local_bot.told(message=message(PRIVATE, QUESTION)) != [SLOW_DOWN]


def test_a_flood_in_a_group_holds_up_nobody_else(tmp_path: Path, cache: Path) -> None:
    """A stranger is answered while it goes on, and the bot can be stopped within seconds."""
    with BotApi() as api:
        api.limit(per_group_per_minute=20)
        bot = Bot(api, tmp_path)
        bot.start()
        bot.wait_until_ready()
        people = [api.user() for _ in range(20)]
        group = api.supergroup(members=people)
        for number in range(300):
            api.send(group, people[number % 20], "/help@ArticleBot")
        stranger = api.user()
        chat = api.private(stranger)
        api.send(chat, stranger, QUESTION)
        answer: Any = api.wait("sendMessage", chat_id=chat.id).result
        bot.process.send_signal(signal.SIGTERM)  # type: ignore[union-attr]
        code = bot.wait(20)

    assert "has not said publicly" in answer["text"]
    assert code == 0, bot.log
    assert "told to stop, and leaves" in bot.log
