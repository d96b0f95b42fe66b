"""The command `article-bot telegram`: from the settings to a bot that runs until it is stopped."""

from __future__ import annotations

import asyncio
import logging
import signal
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext, suppress
from typing import cast

from telegram.error import InvalidToken, TelegramError

from bot.phrases import FALLBACK
from bot.resources import Resources
from bot.telegram import failures, housekeeping, profile, update_sources
from bot.telegram.answerer_pool import AnswererPool
from bot.telegram.application import make_application
from bot.telegram.bot_context import BotApplication, SharedResources
from bot.telegram.bot_token import find_token, refused_token
from bot.telegram.chat_order import ChatOrderProcessor
from bot.telegram.handlers.floods import make_overflow
from bot.telegram.inbox import Inbox
from bot.telegram.library_changes import follow_changes
from bot.telegram.log_lines import LogFormat
from bot.telegram.operator_server import OperatorAddress, telling
from bot.telegram.quick_start import started
from bot.telegram.store import replies
from bot.telegram.store_thread import StoreThread
from bot.telegram.update_sources import UpdateSource, Webhook
from index.errors import StoppedError, UsageError

log = logging.getLogger(__name__)

# Seconds in which the last updates are fetched, and answered, when the bot is told to stop. A
# container gets ten.
LAST_POLL, LAST_ANSWERS = 1.5, 5.0
# Seconds between tries to reach Telegram at the start.
FIRST_RETRY_PAUSE, LONGEST_RETRY_PAUSE = 1.0, 30.0


def run(
    resources: Resources,
    webhook: Webhook | None,
    operator: OperatorAddress | None = None,
    log_format: LogFormat = "text",
) -> None:
    """
    Answer in Telegram until the process is told to stop; tell how that goes at *operator*.

    Raises UsageError when the token is missing or wrong, StoppedError when another program takes
    the bot's updates, and what opening the library and the models raises.
    """
    token = find_token(resources.settings)
    if webhook is not None:
        webhook.check(resources.settings)
    failures.set_up_logging(log_format)
    engine = resources.library.engine  # first: a database that does not open is found at once
    replies.open_store(engine)
    store = StoreThread(engine)
    inbox = Inbox(store, int(token.partition(":")[0]), make_overflow(store))
    application = make_application(token, resources.settings.api_url.rstrip("/"), inbox)
    if webhook is None:
        updates = update_sources.poll(application)
    else:
        updates = update_sources.listen(application, webhook)
    with ThreadPoolExecutor(1) as threads:
        opening = threads.submit(open_resources, resources, inbox)
        try:
            asyncio.run(serve(application, opening, updates, operator))
        except InvalidToken:
            raise UsageError(refused_token()) from None
    if reason := application.bot_data.stop_reason:
        raise StoppedError(reason)


def open_resources(resources: Resources, inbox: Inbox) -> SharedResources:
    """Load the models and the shared articles, so that the first question finds them ready."""
    settings = resources.settings
    models = resources.models()
    answerers = AnswererPool(resources.library.engine, models, settings)
    answerers.shared.corpus.refresh()
    answerers.shared.answer("is it warm?")
    return SharedResources.of(answerers, settings, inbox)


async def serve(
    application: BotApplication,
    opening: Future[SharedResources],
    updates: UpdateSource,
    operator: OperatorAddress | None = None,
) -> None:
    """Run *application* until a signal comes, or BotData.stop is called; tell how at *operator*."""
    async with nullcontext() if operator is None else telling(application, operator):
        await _serve(application, opening, updates)


async def _serve(
    application: BotApplication, opening: Future[SharedResources], updates: UpdateSource
) -> None:
    """
    Run *application* until a signal comes, or BotData.stop is called.

    python-telegram-bot's own run_polling is not used: a signal while it starts would break it.
    """
    stopping = application.bot_data.stopping
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    starting = asyncio.create_task(_start(application, opening, updates))
    stopped = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait((starting, stopped), return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            await starting  # raises what kept it from starting
            await stopped
    finally:
        for task in (starting, stopped):
            task.cancel()
        await asyncio.gather(starting, stopped, return_exceptions=True)
        await _stop(application, updates)


async def _start(
    application: BotApplication, opening: Future[SharedResources], updates: UpdateSource
) -> None:
    """Reach Telegram, wait for the models, and say who is there; then updates are fetched."""
    await _reach(application)
    shared = application.bot_data.shared = await asyncio.wrap_future(opening)
    await updates.start()
    await application.start()
    application.bot_data.start(shared.inbox.tend())
    application.bot_data.start(profile.present(application.bot))
    application.bot_data.start(failures.watch_token(application))
    application.bot_data.start(follow_changes(shared))
    application.bot_data.start(housekeeping.keep_house(application))
    user = application.bot.bot
    number = await asyncio.to_thread(shared.answerers.shared.count_articles)
    started()
    log.info("@%s answers from %s articles", user.username, number)
    for note in profile.notes(user, FALLBACK):
        log.warning("%s", note)


async def _reach(application: BotApplication) -> None:
    """Ask Telegram who the bot is, until it answers; raise InvalidToken if it knows no such bot."""
    pause = FIRST_RETRY_PAUSE
    while True:
        try:
            return await application.initialize()
        except InvalidToken:
            raise
        except TelegramError as exc:
            log.warning("Telegram cannot be reached (%s); again in %.0f s", exc, pause)
        await asyncio.sleep(pause)
        pause = min(1.5 * pause, LONGEST_RETRY_PAUSE)


async def _stop(application: BotApplication, updates: UpdateSource) -> None:
    """Fetch no more updates, finish those that are begun, and leave the others in the inbox."""
    data, inbox = application.bot_data, cast(Inbox, application.update_queue)
    with suppress(TimeoutError):
        await asyncio.wait_for(updates.stop(), LAST_POLL)
    if application.running:
        await inbox.drain(LAST_ANSWERS)
        await cast(ChatOrderProcessor, application.update_processor).leave()
        await application.stop()
    for task in data.tasks:
        task.cancel()
    await asyncio.gather(*data.tasks, return_exceptions=True)
    if left := await inbox.close():
        log.warning("the bot is told to stop, and leaves %d updates for its next start", left)
    await application.shutdown()
    if data.shared is not None:
        data.shared.threads.shutdown(cancel_futures=True)
