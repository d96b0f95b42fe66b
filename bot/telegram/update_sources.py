"""How updates come: the bot asks Telegram for them, or Telegram sends them to a webhook."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import hmac
import logging
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

from telegram.constants import SUPPORTED_WEBHOOK_PORTS, UpdateType
from telegram.error import BadRequest, Conflict, InvalidToken, TelegramError
from telegram.ext import Updater

from bot.config import TELEGRAM_API, Settings
from bot.telegram.bot_context import BotApplication
from bot.telegram.inbox import Inbox
from bot.telegram.poll_conflicts import PollConflicts
from bot.telegram.poll_lease import PollLease
from bot.telegram.webhook_server import make_webhook_server
from index.errors import UsageError

log = logging.getLogger(__name__)

ALLOWED_UPDATES = [
    UpdateType.MESSAGE,
    UpdateType.EDITED_MESSAGE,
    UpdateType.CHANNEL_POST,
    UpdateType.EDITED_CHANNEL_POST,
    UpdateType.CALLBACK_QUERY,
    UpdateType.INLINE_QUERY,
    UpdateType.MY_CHAT_MEMBER,
    UpdateType.GUEST_MESSAGE,
]
FOREVER = -1  # tries to reach Telegram at the start
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds between tries to set the webhook


@dataclass(frozen=True, slots=True)
class UpdateSource:
    """From *start* on updates come; after *stop* no more."""

    start: Callable[[], Awaitable[None]]
    stop: Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram sends updates (*url*), and where the bot listens for them."""

    url: str
    listen: str
    port: int
    path: str | None = None

    def check(self, settings: Settings) -> None:
        """Raise UsageError when Telegram would not send to the address; others' servers may."""
        parts = urlsplit(self.url)
        try:
            port = parts.port or 443
        except ValueError:
            port = 0
        if settings.api_url != TELEGRAM_API and parts.scheme in ("http", "https"):
            return
        if parts.scheme != "https" or not parts.hostname or port not in SUPPORTED_WEBHOOK_PORTS:
            allowed = ", ".join(map(str, sorted(SUPPORTED_WEBHOOK_PORTS)))
            raise UsageError(
                f"--webhook-url is {self.url!r} and must be https://HOST/PATH with a port "
                f"that Telegram sends to ({allowed})."
            )

    def secret(self, token: str) -> str:
        """What Telegram must say with each update; the same in all processes of one bot."""
        return hmac.new(token.encode(), self.url.encode(), hashlib.sha256).hexdigest()


def updater_of(application: BotApplication) -> Updater:
    """What fetches updates, which only an application that was built otherwise lacks."""
    return cast(Updater, application.updater)


def poll(application: BotApplication) -> UpdateSource:
    """Ask Telegram for updates again and again, unless another process on the database does."""
    updater, data = updater_of(application), application.bot_data

    def failed(error: TelegramError) -> None:
        if not (isinstance(error, Conflict) and lease.yields()):
            application.create_task(application.process_error(None, error))

    async def begin() -> None:
        data.conflicts = PollConflicts()
        await updater.start_polling(
            allowed_updates=ALLOWED_UPDATES, bootstrap_retries=FOREVER, error_callback=failed
        )

    async def end() -> None:
        if updater.running:
            await updater.stop()

    lease = PollLease(cast(Inbox, application.update_queue), data, begin, end)
    return UpdateSource(lease.start, lease.stop)


def listen(application: BotApplication, webhook: Webhook) -> UpdateSource:
    """Let Telegram send updates to *webhook*."""
    secret = webhook.secret(application.bot.token)
    path = (webhook.path or urlsplit(webhook.url).path).lstrip("/")
    server = make_webhook_server(application, path, secret)

    async def start() -> None:
        try:
            server.add_socket(_listen_at(webhook.listen, webhook.port))
        except OSError as exc:
            raise UsageError(_why_not_listening(exc, webhook)) from exc
        await _set_webhook(application, webhook.url, secret)

    async def stop() -> None:
        server.stop()
        await server.close_all_connections()

    return UpdateSource(start, stop)


def _listen_at(host: str, port: int) -> socket.socket:
    """A socket that listens; raises OSError."""
    family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listening = socket.create_server(address, family=family, backlog=128)
    listening.setblocking(False)
    return listening


def _why_not_listening(exc: OSError, webhook: Webhook) -> str:
    """Say why the bot cannot listen, and what to do."""
    said = {
        errno.EADDRINUSE: "another program listens there; stop it, or choose another --port",
        errno.EADDRNOTAVAIL: "this machine has no such address; change --listen",
        errno.EACCES: "this user may not; choose a --port from 1024 on",
    }
    why = said.get(exc.errno or 0, f"{exc.strerror or exc}; check --listen and --port")
    return f"the bot cannot listen at {webhook.listen}, port {webhook.port}: {why}."


async def _set_webhook(application: BotApplication, url: str, secret: str) -> None:
    """Tell Telegram where to send updates; raise UsageError when it refuses the address."""
    pause = FIRST_PAUSE
    while True:
        try:
            await application.bot.set_webhook(
                url, allowed_updates=ALLOWED_UPDATES, secret_token=secret
            )
            return
        except BadRequest as exc:
            raise UsageError(f"Telegram refuses the webhook {url} ({exc.message}).") from exc
        except InvalidToken:
            raise
        except TelegramError as exc:
            log.warning("the webhook cannot be set (%s); again in %.0f s", exc, pause)
        await asyncio.sleep(pause)
        pause = min(1.5 * pause, LONGEST_PAUSE)
