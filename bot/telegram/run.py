"""The command `article-bot telegram`: from the settings to a bot that runs until it is stopped."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import re
import signal
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, cast
from urllib.parse import urlsplit

from telegram.error import InvalidToken, TelegramError
from telegram.ext import Updater

from bot.config import PREFIX
from bot.phrases import FALLBACK
from bot.resources import Resources
from bot.telegram import failures, profile
from bot.telegram.application import (
    ALLOWED_UPDATES,
    AnyApplication,
    add_handlers,
    make_application,
)
from bot.telegram.bot_context import Answerers, Office
from bot.telegram.failures import StoppedError
from bot.telegram.store import replies
from bot.telegram.update_order import Allowance, Locks
from index.errors import UsageError

log = logging.getLogger(__name__)

_SHAPE = re.compile(r"\d{3,}:[\w-]{30,}")
FOREVER = -1  # tries to reach Telegram at the start
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds between them

Begin = Callable[[], Coroutine[Any, Any, Any]]  # what lets updates come


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


def run(resources: Resources, webhook: Webhook | None) -> None:
    """
    Answer in Telegram until the process is told to stop.

    Raises UsageError when the token is missing or wrong, StoppedError when another program takes
    the bot's updates, and what opening the library and the models raises.
    """
    token = find_token(resources)
    failures.set_up_logging()
    engine = resources.library.engine  # first: a database that does not open is found at once
    replies.open_memory(engine)
    locks = Locks()
    application = make_application(token, resources.settings.api_url.rstrip("/"), locks)
    application.add_error_handler(failures.on_error)
    begin = _polling(application) if webhook is None else _listening(application, token, webhook)
    with ThreadPoolExecutor(1) as threads:
        opening = threads.submit(open_office, resources, locks)
        try:
            asyncio.run(serve(application, opening, begin))
        except InvalidToken:
            raise UsageError(
                f"Telegram does not accept the token in {PREFIX}TOKEN; ask @BotFather for it."
            ) from None
    if reason := application.bot_data.get("stopped"):
        raise StoppedError(reason)


def find_token(resources: Resources) -> str:
    """Find the token in the settings; raise UsageError, which never shows it, if there is none."""
    settings = resources.settings
    name = f"{PREFIX}TOKEN"
    token = (settings.token or "").strip()
    if not token and settings.token_file is not None:
        name = f"the file {settings.token_file}"
        try:
            token = settings.token_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as exc:
            raise UsageError(f"{name} of the token cannot be read ({exc}); check it.") from exc
    if not token:
        raise UsageError(
            f"there is no token; get one from @BotFather and set {PREFIX}TOKEN, or name a file "
            f"that holds it in {PREFIX}TOKEN_FILE."
        )
    if not _SHAPE.fullmatch(token):
        raise UsageError(
            f"{name} holds no token of a bot; one looks like 123456789:AAE… and comes "
            "from @BotFather."
        )
    return token


def open_office(resources: Resources, locks: Locks) -> Office:
    """Load the models and the shared articles, so that the first question finds them ready."""
    settings = resources.settings
    encoder, reranker = resources.models()
    engine = resources.library.engine
    answerers = Answerers(engine, encoder, reranker, settings)
    answerers.shared.corpus.refresh()
    answerers.shared.answer("is it warm?")
    return Office(engine, answerers, settings, Allowance(settings.questions_per_minute), locks)


def _updater(application: AnyApplication) -> Updater:
    """What fetches updates, which only an application that was built otherwise lacks."""
    return cast(Updater, application.updater)


def _polling(application: AnyApplication) -> Begin:
    """Ask Telegram for updates again and again."""

    def failed(error: TelegramError) -> None:
        application.create_task(application.process_error(None, error))

    return partial(
        _updater(application).start_polling,
        allowed_updates=ALLOWED_UPDATES,
        bootstrap_retries=FOREVER,
        error_callback=failed,
    )


def _listening(application: AnyApplication, token: str, webhook: Webhook) -> Begin:
    """Let Telegram send updates."""
    return partial(
        _updater(application).start_webhook,
        listen=webhook.listen,
        port=webhook.port,
        url_path=(webhook.path or urlsplit(webhook.url).path).lstrip("/"),
        webhook_url=webhook.url,
        secret_token=webhook.secret(token),
        allowed_updates=ALLOWED_UPDATES,
        bootstrap_retries=FOREVER,
    )


async def serve(application: AnyApplication, opening: Future[Office], begin: Begin) -> None:
    """
    Run *application* until a signal comes, or failures.stop is called; updates come by *begin*.

    python-telegram-bot's own run_polling is not used: a signal while it starts would break it.
    """
    stopping = application.bot_data["stopping"] = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    starting = asyncio.create_task(_start(application, opening, begin))
    told = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait((starting, told), return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            await starting  # raises what kept it from starting
            await told
    finally:
        for task in (starting, told):
            task.cancel()
        await asyncio.gather(starting, told, return_exceptions=True)
        await _stop(application)


async def _start(application: AnyApplication, opening: Future[Office], begin: Begin) -> None:
    """Reach Telegram, wait for the models, and say who is there; then updates are fetched."""
    await _reach(application)
    user = application.bot.bot
    office = application.bot_data["office"] = await asyncio.wrap_future(opening)
    add_handlers(application, office)
    await begin()
    await application.start()
    application.bot_data["tasks"] = [
        asyncio.create_task(profile.present(application.bot)),
        asyncio.create_task(failures.watch_token(application)),
    ]
    log.info(
        "@%s answers from %s articles", user.username, len(office.answerers.shared.library.keys())
    )
    for note in profile.notes(user, FALLBACK):
        log.warning("%s", note)


async def _reach(application: AnyApplication) -> None:
    """Ask Telegram who the bot is, until it answers; raise InvalidToken if it knows no such bot."""
    pause = FIRST_PAUSE
    while True:
        try:
            return await application.initialize()
        except InvalidToken:
            raise
        except TelegramError as exc:
            log.warning("Telegram cannot be reached (%s); again in %.0f s", exc, pause)
        await asyncio.sleep(pause)
        pause = min(1.5 * pause, LONGEST_PAUSE)


async def _stop(application: AnyApplication) -> None:
    """Fetch no more updates, finish those that are here, and leave."""
    if _updater(application).running:
        await _updater(application).stop()
    if application.running:
        await application.stop()
    tasks = application.bot_data.get("tasks", [])
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await application.shutdown()
    if (office := application.bot_data.get("office")) is not None:
        office.threads.shutdown()
