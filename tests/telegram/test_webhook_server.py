"""What comes to the address of the webhook, as bytes: from Telegram, and from anybody else."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from local_bot import PRIVATE, TOKEN, RecordingRequest, fresh_inbox, message
from ports import free_port

from bot.config import Settings
from bot.telegram import webhook_server
from bot.telegram.application import make_application
from bot.telegram.bot_context import BotApplication
from bot.telegram.update_sources import Webhook, listen
from index.errors import UsageError

URL = "https://bot.example.org/hook"
SECRET = Webhook(URL, "", 0).secret(TOKEN)
RIGHT = f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\n"
UPDATE = json.dumps({"update_id": 1, "message": message(PRIVATE, "hello")}).encode()
Say = Callable[..., Coroutine[Any, Any, bytes]]


def converse(work: Callable[[Say, BotApplication], Coroutine[Any, Any, None]]) -> None:
    """Let *work* say what it likes to a bot that listens."""

    async def run() -> None:
        request = RecordingRequest()
        application = make_application(TOKEN, "http://127.0.0.1:1", fresh_inbox(), request)
        await application.initialize()
        port = free_port()
        updates = listen(application, Webhook(URL, "127.0.0.1", port))
        await updates.start()

        async def say(head: str, body: bytes = b"", *, length: int | None = None) -> bytes:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            size = len(body) if length is None else length
            writer.write(f"{head} HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n".encode())
            writer.write((RIGHT if head.startswith("POST /hook") else "").encode() + b"\r\n" + body)
            answer = await asyncio.wait_for(reader.read(2000), 5)
            writer.close()
            return answer

        try:
            await work(say, application)
        finally:
            await updates.stop()
            await application.shutdown()

    asyncio.run(run())


@pytest.mark.parametrize(
    ("body", "taken"), [(UPDATE, 1), (b'{"id": 1}', 0), (b"[]", 0), (b"\xff", 0)]
)
def test_what_telegram_sends_is_never_sent_again(body: bytes, taken: int) -> None:
    """An update is taken; what is none gets 200 too, or else it would come for ever."""

    async def work(say: Say, application: BotApplication) -> None:
        assert b" 200 OK" in await say("POST /hook", body)
        assert application.update_queue.qsize() == taken

    converse(work)


@pytest.mark.parametrize(
    ("head", "status"), [("POST /hook2", b"404"), ("GET /hook", b"403"), ("PUT /", b"404")]
)
def test_nothing_is_read_of_who_has_no_secret(head: str, status: bytes) -> None:
    """The answer comes while the body is still to come, and the connection is closed."""

    async def work(say: Say, application: BotApplication) -> None:
        answer = await say(head, length=900_000)
        assert answer.startswith(b"HTTP/1.1 " + status)
        assert b"Connection: close" in answer
        assert application.update_queue.empty()

    converse(work)


def test_a_body_of_more_than_a_megabyte_is_not_read() -> None:
    """Not even of who knows the secret."""

    async def work(say: Say, _: BotApplication) -> None:
        assert b" 400 " in await say("POST /hook", length=1_000_001)

    converse(work)


def test_slow_and_idle_connections_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that does not come, and headers that do not, hold no connection."""
    monkeypatch.setattr(webhook_server, "BODY_TIMEOUT", 0.1)
    monkeypatch.setattr(webhook_server, "IDLE_TIMEOUT", 0.1)

    async def work(say: Say, application: BotApplication) -> None:
        assert await say("POST /hook", b"{", length=100) == b""
        assert await say("POST /hook HTTP/1.1\r\nX: ", length=100) != b"200"
        assert application.update_queue.empty()

    converse(work)


def test_connections_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """One more than there may be is closed."""
    monkeypatch.setattr(webhook_server, "MAX_CONNECTIONS", 0)

    async def work(say: Say, _: BotApplication) -> None:
        try:
            assert await say("POST /hook", UPDATE) == b""
        except ConnectionError:
            return

    converse(work)


@pytest.mark.parametrize(
    "url",
    [
        "http://bot.example.org/hook",
        "https:///hook",
        "https://bot.example.org:8080/hook",
        "https://bot.example.org:99999/hook",
        "bot.example.org",
    ],
)
def test_an_address_that_telegram_does_not_send_to_is_refused(url: str) -> None:
    """It must be https, with a host and one of four ports; a server of one's own may differ."""
    webhook = Webhook(url, "127.0.0.1", 8443)

    with pytest.raises(UsageError, match=r"must be https://HOST/PATH with a port"):
        webhook.check(Settings())


@pytest.mark.parametrize("url", [URL, f"{URL}:8443".replace("/hook:8443", ":8443/hook")])
def test_an_address_that_telegram_sends_to_is_taken(url: str) -> None:
    """The port may be left out."""
    Webhook(url, "127.0.0.1", 8443).check(Settings())


def test_a_server_of_ones_own_sends_anywhere() -> None:
    """A Bot API server in the same network needs no https."""
    webhook = Webhook("http://10.0.0.5:9000/hook", "10.0.0.5", 9000)

    webhook.check(Settings(api_url="http://10.0.0.4:8081"))


@pytest.mark.parametrize(
    ("address", "said"),
    [("127.0.0.1", "another program listens there"), ("203.0.113.7", "has no such address")],
)
def test_an_address_that_cannot_be_listened_at_says_why(address: str, said: str) -> None:
    """In use, or of another machine: a line that says what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        webhook = Webhook(URL, address, taken.getsockname()[1])
        request = RecordingRequest()
        application = make_application(TOKEN, "http://127.0.0.1:1", fresh_inbox(), request)
        updates = listen(application, webhook)

        with pytest.raises(UsageError, match=said):
            asyncio.run(updates.start())


def test_a_webhook_that_telegram_refuses_ends_the_start() -> None:
    """Its reason is said at once."""
    request = RecordingRequest()
    request.refusals["setWebhook"] = (400, "Bad Request: bad webhook: failed to resolve host")
    application = make_application(TOKEN, "http://127.0.0.1:1", fresh_inbox(), request)

    async def run() -> None:
        await application.initialize()
        updates = listen(application, Webhook(URL, "127.0.0.1", free_port()))
        try:
            await updates.start()
        finally:
            await updates.stop()
            await application.shutdown()

    with pytest.raises(UsageError, match="failed to resolve host"):
        asyncio.run(run())
