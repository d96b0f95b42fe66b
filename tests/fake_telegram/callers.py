"""A bot of python-telegram-bot on the tests' Bot API server."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from telegram import Bot, Update
from telegram.request import HTTPXRequest

from fake_telegram import BotApi

T = TypeVar("T")
MARKUP = {"inline_keyboard": [[{"text": "More", "callback_data": "m"}]]}


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
    return [update.effective_message.text for update in updates(api)]
