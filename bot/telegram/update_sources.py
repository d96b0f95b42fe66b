"""How updates come: the bot asks Telegram for them, or Telegram sends them to a webhook."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias, cast
from urllib.parse import urlsplit

from telegram.constants import UpdateType
from telegram.error import TelegramError
from telegram.ext import Updater

from bot.telegram.bot_context import BotApplication

# Edited messages are not among them: nobody is answered twice.
ALLOWED_UPDATES = [
    UpdateType.MESSAGE,
    UpdateType.CHANNEL_POST,
    UpdateType.EDITED_CHANNEL_POST,
    UpdateType.CALLBACK_QUERY,
    UpdateType.INLINE_QUERY,
    UpdateType.MY_CHAT_MEMBER,
    UpdateType.GUEST_MESSAGE,
]
FOREVER = -1  # tries to reach Telegram at the start

StartUpdates: TypeAlias = Callable[[], Coroutine[Any, Any, Any]]  # from then on updates come


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram sends updates (*url*), and where the bot listens for them."""

    url: str
    listen: str
    port: int
    path: str | None = None

    def secret(self, token: str) -> str:
        """What Telegram must say with each update; the same in all processes of one bot."""
        return hmac.new(token.encode(), self.url.encode(), hashlib.sha256).hexdigest()


def updater_of(application: BotApplication) -> Updater:
    """What fetches updates, which only an application that was built otherwise lacks."""
    return cast(Updater, application.updater)


def poll(application: BotApplication) -> StartUpdates:
    """Ask Telegram for updates again and again."""

    def failed(error: TelegramError) -> None:
        application.create_task(application.process_error(None, error))

    return partial(
        updater_of(application).start_polling,
        allowed_updates=ALLOWED_UPDATES,
        bootstrap_retries=FOREVER,
        error_callback=failed,
    )


def listen(application: BotApplication, webhook: Webhook) -> StartUpdates:
    """Let Telegram send updates to *webhook*."""
    return partial(
        updater_of(application).start_webhook,
        listen=webhook.listen,
        port=webhook.port,
        url_path=(webhook.path or urlsplit(webhook.url).path).lstrip("/"),
        webhook_url=webhook.url,
        secret_token=webhook.secret(application.bot.token),
        allowed_updates=ALLOWED_UPDATES,
        bootstrap_retries=FOREVER,
    )
