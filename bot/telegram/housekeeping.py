"""What is kept for a time only goes when that is over, however long the bot runs."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from functools import partial

from bot.telegram.bot_context import BotApplication, SharedResources, in_thread
from bot.telegram.chat_erasure import erase_chat
from bot.telegram.store import addition_times, departures, kept_updates, replies, tables
from bot.telegram.telegram_time import skew
from index.errors import ArticleBotError
from index.storage.engine import writing

log = logging.getLogger(__name__)

INTERVAL = 3600.0  # seconds
MAX_SKEW = 3600.0  # seconds; by a clock that is a month ahead everything would be too old


async def keep_house(application: BotApplication) -> None:
    """Look every hour for what is to go, from the start on."""
    while True:
        shared = application.bot_data.shared
        if shared is not None:
            await in_thread(shared.threads, partial(tidy_up, shared))
        await asyncio.sleep(INTERVAL)


def tidy_up(shared: SharedResources) -> None:
    """Forget old questions, and chats that the bot has long been out of; a failure is logged."""
    if abs(skew()) > MAX_SKEW:
        log.warning("what is too old is not forgotten now: the clock of this machine is wrong")
        return
    try:
        replies.forget_old(shared.engine, timedelta(days=shared.settings.keep_days))
        with writing(shared.engine, tables.SHORT_WAIT) as connection:
            kept_updates.forget(connection)
            addition_times.forget(connection)
        for chat in departures.overdue_chats(shared.engine):
            erase_chat(shared, chat)
    except ArticleBotError as exc:  # questions can be answered without
        log.warning("what is too old is not forgotten now: %s", exc)
