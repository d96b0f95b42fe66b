"""The tests' Bot API server delivers, remembers and fails as Telegram does."""

from __future__ import annotations

import asyncio
import http.server
import json
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from botapi import BotApi, text_mention
from botapi.entities import marked
from telegram import Bot, BotCommandScopeAllGroupChats, ReplyParameters, TelegramObject, Update
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
)
from telegram.request import HTTPXRequest

T = TypeVar("T")


@pytest.fixture
def api() -> Iterator[BotApi]:
    """Start a server."""
    with BotApi() as api:
        yield api


@pytest.fixture(autouse=True)
def _timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let python-telegram-bot give periods of time as such, else it warns."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


def told(api: BotApi, do: Callable[[Bot], Awaitable[T]]) -> T:
    """Do something with a bot of python-telegram-bot that is connected to the server."""

    async def run() -> T:
        # Certificates, which take a moment to load, are needed for HTTPS only.
        requests = [HTTPXRequest(httpx_kwargs={"verify": False}) for _ in range(2)]
        bot = Bot(
            api.token,
            base_url=f"{api.url}/bot",
            base_file_url=f"{api.url}/file/bot",
            request=requests[0],
            get_updates_request=requests[1],
        )
        async with bot:
            return await do(bot)

    return asyncio.run(run())


def updates(api: BotApi, **how: Any) -> list[Update]:
    """Poll once and give the updates."""
    return list(told(api, lambda bot: bot.get_updates(**how)))


def seen(api: BotApi) -> list[str]:
    """Poll once and give the texts of the messages."""
    return [one.effective_message.text for one in updates(api)]


# What the bot is told


def test_the_bot_is_introduced_with_all_it_may_do(api: BotApi) -> None:
    """The answer has every field that python-telegram-bot reads."""
    me = told(api, lambda bot: bot.get_me())

    assert (me.username, me.is_bot, me.can_read_all_group_messages) == ("ArticleBot", True, False)
    assert (me.supports_inline_queries, me.supports_guest_queries) == (True, True)
    assert not me.api_kwargs


def everything(api: BotApi) -> None:
    """Let every kind of update happen."""
    ann = api.user("Ann", username="ann_", language_code="de")
    private, group = api.private(ann), api.supergroup(members=[ann], bot="administrator")
    forum, channel = api.supergroup(members=[ann], forum=True), api.channel(linked=group)
    api.topic(forum, "Sport", ann)
    api.edit(api.send(private, ann, "/ask who?"), "/ask what?")
    api.send(private, ann, document=api.document(b"x", "x.pdf"), caption="see @ArticleBot")
    for media in ({"photo": api.photo()}, {"voice": api.voice()}, {"sticker": api.sticker()}):
        api.send(private, ann, **media)
    api.send(group, ann, "as the group", as_chat=group)
    api.send(group, ann, "as a channel", as_chat=channel)
    post = api.post(channel, "News", photo=api.photo(), media_group_id="7")
    api.edit(post, "Olds")
    api.comment(post, ann, "why?")
    api.add_bot(api.group(members=[ann], bot="left"), ann)
    api.migrate(api.group(members=[ann]), ann)
    api.forward(post, private, ann)
    api.inline(ann, "who")
    api.guest(api.supergroup(bot="left"), ann, "@ArticleBot who?")
    said = told(api, lambda bot: bot.send_message(private.id, "x", reply_markup=MARKUP)).to_dict()
    api.press(said, "More", user=ann)


MARKUP = {"inline_keyboard": [[{"text": "More", "callback_data": "m"}]]}


def test_every_update_is_one_that_python_telegram_bot_knows(api: BotApi) -> None:
    """No update has a field that is unknown, and none lacks one that is needed."""
    everything(api)

    happened = updates(api)

    assert len(happened) == 21
    assert [key for one in happened for key in strangers(one)] == []


def strangers(parsed: TelegramObject) -> list[str]:
    """Give the fields inside *parsed* that its class does not know."""
    found = list(parsed.api_kwargs)
    for kind in type(parsed).__mro__:
        for name in getattr(kind, "__slots__", ()):
            value = getattr(parsed, name, None)
            for one in value if isinstance(value, tuple) else (value,):
                if isinstance(one, TelegramObject) and not name.startswith("_"):
                    found += strangers(one)
    return found


# Polling


def test_an_update_is_given_until_it_is_confirmed(api: BotApi) -> None:
    """An offset confirms what comes before it; a negative one keeps only the last."""
    ann = api.user()
    for text in ("a", "b", "c"):
        api.send(api.private(ann), ann, text)

    first = updates(api, limit=2)
    again = updates(api, offset=first[1].update_id)
    last = updates(api, offset=-1)

    assert [one.message.text for one in (*first, *again, *last)] == ["a", "b", "b", "c", "c"]


def test_a_long_poll_ends_when_something_comes(api: BotApi) -> None:
    """Who waits gets the update at once, not after the timeout."""
    ann = api.user()
    with ThreadPoolExecutor() as pool:
        poll = pool.submit(updates, api, timeout=50)
        api.send(api.private(ann), ann, "hello")

        assert [one.message.text for one in poll.result(10)] == ["hello"]


def test_a_second_poller_ends_the_first(api: BotApi) -> None:
    """The poll that waits is terminated by the one that comes."""
    with ThreadPoolExecutor() as pool:
        poll = pool.submit(updates, api, timeout=50)
        while not api.delivery.poller:
            time.sleep(0.01)
        updates(api)

        with pytest.raises(Conflict) as caught:
            poll.result(10)

    assert str(caught.value) == (
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running"
    )


def test_allowed_updates_are_kept_until_others_are_named(api: BotApi) -> None:
    """No list keeps the last one; an empty list is the default, without reactions."""
    ann = api.user()
    updates(api, allowed_updates=["callback_query"])
    updates(api)
    api.send(api.private(ann), ann, "not asked for")
    updates(api, allowed_updates=[])
    api.send(api.private(ann), ann, "asked for")
    api.update("message_reaction", {})

    assert seen(api) == ["asked for"]


def test_a_webhook_ends_a_poll_that_waits(api: BotApi) -> None:
    """Whoever polls learns that a webhook was set."""
    with ThreadPoolExecutor() as pool:
        poll = pool.submit(updates, api, timeout=50)
        while not api.delivery.poller:
            time.sleep(0.01)
        told(api, lambda bot: bot.set_webhook("https://example.org/"))

        with pytest.raises(Conflict, match="Conflict: terminated by setWebhook request"):
            poll.result(10)


# Webhook


class Hook(http.server.BaseHTTPRequestHandler):
    """Takes updates; the first is answered with 500."""

    def do_POST(self) -> None:
        """Note the secret token and the update."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.headers["X-Telegram-Bot-Api-Secret-Token"], json.loads(body)))
        self.send_response(500 if len(self.server.got) == 1 else 200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def hook() -> Iterator[http.server.HTTPServer]:
    """Start a place that updates can be posted to."""
    with http.server.HTTPServer(("127.0.0.1", 0), Hook) as server:
        server.got = []
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


def test_a_webhook_gets_each_update_until_it_accepts_it(
    api: BotApi, hook: http.server.HTTPServer
) -> None:
    """Updates are posted in order, with the secret, again after an error, and then forgotten."""
    ann = api.user()
    url = f"http://127.0.0.1:{hook.server_port}/here"
    told(api, lambda bot: bot.set_webhook(url, secret_token="s3", max_connections=2))
    for text in ("a", "b"):
        api.send(api.private(ann), ann, text)
    with api.delivery.changed:
        api.delivery.changed.wait_for(lambda: not api.delivery.pending, 10)
    info = told(api, lambda bot: bot.get_webhook_info())

    assert [(secret, one["message"]["text"]) for secret, one in hook.got] == [
        ("s3", "a"),
        ("s3", "a"),
        ("s3", "b"),
    ]
    assert (info.url, info.max_connections, info.pending_update_count) == (url, 2, 0)
    assert "500" in info.last_error_message


def test_polling_and_a_webhook_exclude_each_other(api: BotApi) -> None:
    """While a webhook is set getUpdates is refused; when it is deleted it works."""
    told(api, lambda bot: bot.set_webhook("https://example.org/"))

    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        updates(api)

    told(api, lambda bot: bot.delete_webhook())
    assert updates(api) == []


# Who sees what


def test_privacy_mode_hides_what_is_not_meant_for_the_bot(api: BotApi) -> None:
    """Of a group a member gets commands that may be its own, replies to it, service messages."""
    ann = api.user()
    group = api.supergroup(members=[ann])
    mine = told(api, lambda bot: bot.send_message(group.id, "hello")).to_dict()

    api.send(group, ann, "plain")
    api.send(group, ann, "@ArticleBot who?")
    api.send(group, ann, "/ask@OtherBot who?")
    api.send(group, ann, "/ask who?")
    api.send(group, ann, "/ask@articlebot who?")
    api.send(group, ann, "a reply", reply_to=mine)
    api.send(group, ann, "shown all the same", deliver=True)
    api.topic(group, "Sport", ann)

    expected = ["/ask who?", "/ask@articlebot who?", "a reply", "shown all the same", None]
    assert seen(api) == expected


@pytest.mark.parametrize(
    ("bot", "features"),
    [("administrator", {}), ("member", {"can_read_all_group_messages": True})],
)
def test_an_administrator_and_a_bot_without_privacy_mode_see_everything(
    bot: str, features: dict[str, bool]
) -> None:
    """Either is enough to get plain messages, but never those of other bots."""
    with BotApi(**features) as api:
        ann, other = api.user(), api.user("Other", is_bot=True)
        group = api.supergroup(members=[ann], bot=bot)
        api.send(group, ann, "plain")
        api.send(group, other, "I am a bot")
        api.send(group, ann, "an anonymous administrator", as_chat=group)

        assert seen(api) == ["plain", "an anonymous administrator"]


def test_who_is_not_in_a_chat_sees_nothing_of_it(api: BotApi) -> None:
    """A bot that was removed gets the news of it and no message."""
    ann = api.user()
    group = api.supergroup(members=[ann], bot="administrator")
    api.remove_bot(group, ann)
    api.send(group, ann, "plain")

    change = [one.my_chat_member for one in updates(api)]

    assert [one.new_chat_member.status for one in change] == ["kicked"]
    assert change[0].old_chat_member.status == "administrator"


# What people do


def test_a_post_appears_in_the_discussion_group_and_takes_comments(api: BotApi) -> None:
    """The copy comes from 777000 with its origin; a comment stands in the thread of the copy."""
    ann = api.user()
    group = api.supergroup(members=[ann], bot="administrator")
    channel = api.channel(linked=group)
    post = api.post(channel, "The news")
    api.comment(post, ann, "why?")

    posted, copy, comment = (one.effective_message for one in updates(api))

    assert (posted.sender_chat.id, posted.from_user) == (channel.id, None)
    assert (copy.from_user.id, copy.is_automatic_forward) == (777000, True)
    assert copy.forward_origin.message_id == posted.message_id
    assert comment.message_thread_id == comment.reply_to_message.message_id == copy.message_id
    assert not comment.is_topic_message


def test_a_post_of_the_bot_appears_in_the_discussion_group_as_well(api: BotApi) -> None:
    """What the bot writes into a channel comes back to it as an automatic forward only."""
    group = api.supergroup(bot="administrator")
    channel = api.channel(linked=group)
    told(api, lambda bot: bot.send_message(channel.id, "Answer"))

    assert [one.message.is_automatic_forward for one in updates(api)] == [True]


def test_messages_in_a_topic_know_it(api: BotApi) -> None:
    """A message of a topic replies to the message that opened it, when to no other."""
    ann = api.user()
    forum = api.supergroup(members=[ann], forum=True, bot="administrator")
    topic = api.topic(forum, "Sport", ann)
    api.send(forum, ann, "hello", topic=topic)

    opened, message = (one.message for one in updates(api))

    assert (message.message_thread_id, message.is_topic_message) == (topic, True)
    assert message.reply_to_message.forum_topic_created == opened.forum_topic_created


def test_a_reply_to_a_message_in_a_topic_is_in_the_topic(api: BotApi) -> None:
    """What the bot sends as a reply goes where the other message is, without naming the topic."""
    ann = api.user()
    forum = api.supergroup(members=[ann], forum=True)
    topic = api.topic(forum, "Sport", ann)
    asked = api.send(forum, ann, "/ask who?", topic=topic)
    reply = ReplyParameters(asked["message_id"])

    sent = told(api, lambda bot: bot.send_message(forum.id, "One.", reply_parameters=reply))

    assert (sent.message_thread_id, sent.is_topic_message) == (topic, True)


def test_a_forward_tells_where_it_comes_from(api: BotApi) -> None:
    """The origin is a post, a chat or a user; a forward of a forward keeps the first one."""
    ann = api.user("Ann")
    private, group, channel = api.private(ann), api.supergroup(members=[ann]), api.channel()
    from_channel = api.forward(api.post(channel, "News"), private, ann)
    api.forward(api.send(group, ann, "hello", as_chat=group), private, ann)
    api.forward(api.send(private, ann, "hello"), private, ann)
    api.forward(from_channel, private, ann)

    origins = [one.message.forward_origin for one in updates(api) if one.message]

    kinds = [origin.type for origin in origins if origin]
    assert kinds == ["channel", "chat", "user", "channel"]
    assert origins[-1] == origins[0]


def test_a_group_is_told_who_joined(api: BotApi) -> None:
    """When the bot is added it gets its membership and the service message, one after another."""
    ann = api.user()
    api.add_bot(api.group(members=[ann], bot="left"), ann)

    change, message = updates(api)

    assert change.my_chat_member.new_chat_member.status == "member"
    assert [one.id for one in message.message.new_chat_members] == [api.bot.id]


def test_entities_of_a_message_are_found(api: BotApi) -> None:
    """A text mention is kept beside what Telegram finds by itself."""
    ann = api.user()
    text = "Bot, /ask @somebody"
    message = api.send(api.private(ann), ann, text, entities=text_mention(text, "Bot", api.bot))

    kinds = [(one["type"], marked(text, one)) for one in message["entities"]]

    assert kinds == [("text_mention", "Bot"), ("bot_command", "/ask"), ("mention", "@somebody")]


def test_only_a_button_that_is_there_can_be_pressed(api: BotApi) -> None:
    """A press of a missing button fails and names those that there are."""
    ann = api.user()
    private = api.private(ann)
    said = told(api, lambda bot: bot.send_message(private.id, "x", reply_markup=MARKUP)).to_dict()

    with pytest.raises(AssertionError, match=r"there is no button 'Less' .* there are \['More'\]"):
        api.press(said, "Less", user=ann)

    assert api.press(said, "m", user=ann)["data"] == "m"


def test_a_button_can_be_pressed_after_its_message_is_gone(api: BotApi) -> None:
    """The press tells of a message that is inaccessible."""
    ann = api.user()
    private = api.private(ann)
    said = told(api, lambda bot: bot.send_message(private.id, "x", reply_markup=MARKUP)).to_dict()
    told(api, lambda bot: bot.delete_message(private.id, said["message_id"]))
    api.press(said, "More", user=ann)

    query = updates(api)[0].callback_query

    assert (query.data, query.message.is_accessible) == ("m", False)


def test_leaving_a_chat_is_told(api: BotApi) -> None:
    """When the bot leaves it gets the change of its own membership."""
    group = api.supergroup()
    told(api, lambda bot: bot.leave_chat(group.id))

    assert [one.my_chat_member.new_chat_member.status for one in updates(api)] == ["left"]


def test_a_chat_tells_what_it_is_linked_with(api: BotApi) -> None:
    """The linked channel, the administrators and a member can be asked for."""
    ann, bob = api.user("Ann"), api.user("Bob")
    group = api.supergroup("News talk", members=[ann, bob], bot="administrator")
    channel = api.channel(linked=group)

    info = told(api, lambda bot: bot.get_chat(group.id))
    administrators = told(api, lambda bot: bot.get_chat_administrators(group.id))
    member = told(api, lambda bot: bot.get_chat_member(group.id, bob.id))

    assert (info.title, info.linked_chat_id) == ("News talk", channel.id)
    assert [one.user.id for one in administrators] == [ann.id, api.bot.id]
    assert member.status == "member"


def test_commands_are_kept_by_scope_and_language(api: BotApi) -> None:
    """The commands of one scope and language are not those of another."""
    scope = BotCommandScopeAllGroupChats()
    told(api, lambda bot: bot.set_my_commands([("ask", "Fragen")], scope, "de"))

    german = told(api, lambda bot: bot.get_my_commands(scope, "de"))
    english = told(api, lambda bot: bot.get_my_commands(scope))

    assert ([one.description for one in german], english) == (["Fragen"], ())


def test_a_file_goes_up_and_comes_down(api: BotApi) -> None:
    """An upload is a multipart form; getFile says where its bytes are."""
    private = api.private(api.user())

    async def there_and_back(bot: Bot) -> bytes:
        sent = await bot.send_document(
            private.id, b"caf\xc3\xa9\r\n", filename="c.txt", caption="x"
        )
        return bytes(await (await bot.get_file(sent.document)).download_as_bytearray())

    assert told(api, there_and_back) == b"caf\xc3\xa9\r\n"


# Faults


@pytest.mark.parametrize(
    ("fault", "error", "message"),
    [
        (
            {"error_code": 429, "retry_after": 3},
            RetryAfter,
            "Flood control exceeded. Retry in 0:00:03",
        ),
        (
            {"error_code": 403, "description": "bot was blocked by the user"},
            Forbidden,
            "Forbidden: bot was blocked by the user",
        ),
        ({"error_code": 400, "description": "Bad Request: x"}, BadRequest, "X"),
        (
            {"error_code": 400, "migrate_to_chat_id": -7},
            ChatMigrated,
            "Group migrated to supergroup. New chat id: -7",
        ),
        ({"error_code": 502}, NetworkError, "Bad Gateway"),
        ({"error_code": 401}, InvalidToken, "Unauthorized"),
        (
            {"drop": "before"},
            NetworkError,
            "httpx.RemoteProtocolError: Server disconnected without sending a response.",
        ),
    ],
)
def test_a_fault_happens_once_and_where_it_is_asked_for(
    api: BotApi, fault: dict[str, Any], error: type[Exception], message: str
) -> None:
    """The call fails in its chat, and is carried out the next time; it is no refusal of a rule."""
    here, there = api.private(api.user()), api.private(api.user())
    api.fail("sendMessage", chat_id=here.id, **fault)

    async def thrice(bot: Bot) -> str:
        await bot.send_message(there.id, "x")
        with pytest.raises(error) as caught:
            await bot.send_message(here.id, "x")
        await bot.send_message(here.id, "x")
        return str(caught.value)

    assert told(api, thrice) == message
    assert len(here.messages) == 1
    assert api.refusals == []


def test_an_answer_can_get_lost(api: BotApi) -> None:
    """The message is there although the bot saw only a broken connection."""
    private = api.private(api.user())
    api.fail("sendMessage", drop="after")

    with pytest.raises(NetworkError):
        told(api, lambda bot: bot.send_message(private.id, "x"))

    assert [one["text"] for one in private.messages.values()] == ["x"]


def test_an_answer_can_be_late(api: BotApi) -> None:
    """A delay passes before the answer, whatever it is."""
    api.fail("getMe", delay=0.2)
    before = time.monotonic()

    told(api, lambda bot: bot.get_me())

    assert time.monotonic() - before >= 0.2


def test_nobody_answers_while_the_server_is_offline(api: BotApi) -> None:
    """Connections are refused, and work again at the same address."""
    api.go_offline()
    with pytest.raises(NetworkError, match="ConnectError"):
        told(api, lambda bot: bot.get_me())

    api.go_online()

    assert told(api, lambda bot: bot.get_me()).username == "ArticleBot"


@pytest.mark.parametrize(
    "limits",
    [{"per_second": 2}, {"per_chat_per_second": 2}, {"per_group_per_minute": 2}],
)
def test_a_flood_is_stopped_with_the_time_to_wait(api: BotApi, limits: dict[str, int]) -> None:
    """The third message within the period is refused and told for how long."""
    group = api.supergroup()
    api.limit(**limits)

    async def flood(bot: Bot) -> float:
        for _ in range(2):
            await bot.send_message(group.id, "x")
        with pytest.raises(RetryAfter) as caught:
            await bot.send_message(group.id, "x")
        return caught.value.retry_after.total_seconds()

    waited = told(api, flood)

    assert 0 < waited <= (60 if "per_group_per_minute" in limits else 1)


def test_a_flood_in_one_chat_is_no_flood_in_another(api: BotApi) -> None:
    """Limits of a chat are counted by chat."""
    chats = [api.supergroup(), api.supergroup()]
    api.limit(per_chat_per_second=1)

    async def each(bot: Bot) -> None:
        for chat in chats:
            await bot.send_message(chat.id, "x")

    told(api, each)

    assert [len(chat.messages) for chat in chats] == [1, 1]


# What a test asks


def test_each_call_is_given_out_once(api: BotApi) -> None:
    """A wait takes the first call that fits and was not taken, by parameters."""
    here, there = api.private(api.user()), api.private(api.user())

    async def talk(bot: Bot) -> None:
        await bot.send_message(here.id, "a")
        await bot.send_message(there.id, "b")
        await bot.send_message(here.id, "c")

    told(api, talk)

    assert api.wait("sendMessage", chat_id=there.id).result["text"] == "b"
    assert api.wait("sendMessage").result["text"] == "a"
    assert [one.result["text"] for one in api.untaken("sendMessage")] == ["c"]
    assert [one.method for one in api.calls if one.method != "getMe"] == ["sendMessage"] * 3


def test_a_wait_in_vain_tells_what_happened(api: BotApi) -> None:
    """The failure shows the transcript; a refused call is no call that was carried out."""
    private = api.private(api.user())
    with pytest.raises(BadRequest):
        told(api, lambda bot: bot.send_message(private.id, ""))

    with pytest.raises(AssertionError, match="✗ 400 Bad Request: message text is empty"):
        api.wait("sendMessage", timeout=0)

    assert api.wait("sendMessage", refused=True) == api.refusals[0]


def test_a_result_stays_as_it_was(api: BotApi) -> None:
    """What a call gave does not change when the message is edited later."""
    private = api.private(api.user())

    async def change(bot: Bot) -> None:
        message = await bot.send_message(private.id, "before")
        await message.edit_text("after")

    told(api, change)

    assert api.wait("sendMessage").result["text"] == "before"
    assert api.wait("editMessageText").result["text"] == "after"


def test_the_transcript_is_read_line_by_line(api: BotApi) -> None:
    """Updates and calls stand in order, with where, what, buttons and errors."""
    ann = api.user("Ann")
    group = api.supergroup("News", members=[ann])
    api.send(group, ann, "good\n\nmorning")
    asked = api.send(group, ann, "/ask who?")
    api.fail("sendMessage", 429, retry_after=1)
    reply = ReplyParameters(asked["message_id"])

    async def answer(bot: Bot) -> None:
        with pytest.raises(RetryAfter):
            await bot.send_message(group.id, "One.")
        await bot.send_message(group.id, "One.", reply_parameters=reply, reply_markup=MARKUP)

    told(api, answer)

    assert api.transcript() == (
        "→ message  Ann  in 'News'  good ⏎ morning  (not delivered)\n"
        "→ message  Ann  in 'News'  /ask who?\n"
        "← getMe\n"
        "← sendMessage  to 'News'  text: One.  ✗ 429 Too Many Requests: retry after 1\n"
        f"← sendMessage  to 'News' (reply to {asked['message_id']})  text: One.  [More]"
    )
