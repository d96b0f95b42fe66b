"""The tests' Bot API server delivers, remembers and fails as Telegram does."""

from __future__ import annotations

import http.server
import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from telegram import (
    Bot,
    BotCommandScopeDefault,
    InlineQueryResultArticle,
    InputTextMessageContent,
    ReplyParameters,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
)

from fake_telegram import BotApi
from fake_telegram.api import TOKEN
from fake_telegram.callers import MARKUP, seen, told, updates


@pytest.fixture
def api() -> Iterator[BotApi]:
    """Start a server."""
    with BotApi() as api:
        yield api


@pytest.fixture(autouse=True)
def _timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let python-telegram-bot give periods of time as such, else it warns."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


# Polling


def wait_for_poll(api: BotApi) -> None:
    """Go on when somebody polls."""
    with api.delivery.changed:
        assert api.delivery.changed.wait_for(lambda: api.delivery.poller, 10)


def test_an_update_is_given_until_it_is_confirmed(api: BotApi) -> None:
    """An offset confirms what comes before it; a negative one keeps only the last."""
    ann = api.user()
    for text in ("a", "b", "c"):
        api.send(api.private(ann), ann, text)

    first = updates(api, limit=2)
    again = updates(api, offset=first[1].update_id)
    last = updates(api, offset=-1)

    assert [update.message.text for update in (*first, *again, *last)] == ["a", "b", "b", "c", "c"]


def test_a_long_poll_ends_when_something_comes(api: BotApi) -> None:
    """Who waits gets the update at once, not after the timeout."""
    ann = api.user()
    with ThreadPoolExecutor() as pool:
        poll = pool.submit(updates, api, timeout=50)
        wait_for_poll(api)
        api.send(api.private(ann), ann, "hello")

        assert [update.message.text for update in poll.result(10)] == ["hello"]


def test_a_second_poller_ends_the_first(api: BotApi) -> None:
    """The poll that waits is terminated by the one that comes."""
    with ThreadPoolExecutor() as pool:
        poll = pool.submit(updates, api, timeout=50)
        wait_for_poll(api)
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
        wait_for_poll(api)
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

    assert [(secret, update["message"]["text"]) for secret, update in hook.got] == [
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

    assert [message["text"] for message in private.messages.values()] == ["x"]


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
    assert [call.result["text"] for call in api.untaken("sendMessage")] == ["c"]
    assert [call.method for call in api.calls if call.method != "getMe"] == ["sendMessage"] * 3


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


def test_the_transcript_names_commands_and_results(api: BotApi) -> None:
    """Lists are told by what a reader wants to know of them."""
    query = api.inline(api.user("Ann"), "who")
    content = InputTextMessageContent("One came.")
    results = [InlineQueryResultArticle("1", "One", content)]

    async def answer(bot: Bot) -> None:
        await bot.set_my_commands([("ask", "Ask"), ("help", "Help")], BotCommandScopeDefault())
        await bot.answer_inline_query(query["id"], results)

    told(api, answer)

    assert api.transcript() == (
        "→ inline_query  Ann  who\n"
        "← getMe\n"
        "← setMyCommands  /ask, /help, for default\n"
        "← answerInlineQuery  'One'"
    )


def test_the_transcript_tells_a_call_whose_connection_was_dropped(api: BotApi) -> None:
    """What was not carried out is told like the calls that were, so a wait in vain can show it."""
    private = api.private(api.user("Ann"))
    api.fail("sendMessage", drop="before")

    async def answer(bot: Bot) -> None:
        with pytest.raises(NetworkError):
            await bot.send_message(private.id, "One.", reply_markup=MARKUP)

    told(api, answer)

    with pytest.raises(AssertionError, match=r"to Ann  text: One\.  \[More\]  ✗ -1 the connection"):
        api.wait("sendMessage", timeout=0)


@pytest.mark.parametrize(
    ("token", "commands", "line"),
    [
        ("1:other", '[{"command": "ask"}]', "← setMyCommands  /ask  ✗ 401 Unauthorized"),
        (
            TOKEN,
            "[ask]",
            "← setMyCommands  {'commands': '[ask]'}"
            "  ✗ 400 Bad Request: can't parse commands JSON object",
        ),
    ],
)
def test_the_transcript_tells_a_call_that_was_never_read(
    api: BotApi, token: str, commands: str, line: str
) -> None:
    """A call of a stranger is told as any other, and one that cannot be read as it was sent."""
    form = urllib.parse.urlencode({"commands": commands}).encode()
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"{api.url}/bot{token}/setMyCommands", form)  # noqa: S310

    assert api.transcript() == line
