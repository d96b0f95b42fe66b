"""What goes wrong while the bot runs: one line in the log, and a word to who asked."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import os
from contextlib import suppress

from telegram import Update
from telegram.error import (
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.phrases import language_of, phrase
from bot.telegram import instruments, sending
from bot.telegram.bot_context import BotApplication, BotContext
from bot.telegram.log_lines import JsonFormatter, LogFormat, TextFormatter, place_of
from bot.telegram.restrained_log import RestrainedFilter
from bot.telegram.retrying_rate_limiter import LONGEST_WAIT, OutOfReachError, retry_seconds
from bot.telegram.telegram_time import age_of
from bot.telegram.update_reading import sent_at
from bot.telegram.update_work import WORK
from index.errors import ArticleBotError, UnreachableError

log = logging.getLogger(__name__)

TOKEN_CHECK_INTERVAL = 300.0  # seconds between looks whether the token is still good


def set_up_logging(log_format: LogFormat = "text") -> None:
    """Write the bot's log to standard error, without the libraries' own lines."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if log_format == "json" else TextFormatter())
    handler.addFilter(RestrainedFilter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("bot").setLevel(logging.INFO)
    # Their failures reach the error handler below, and are said there in one line. httpx would
    # write each address, and with it the token, python-telegram-bot what somebody wrote.
    for name in ("telegram", "httpx", "httpcore", "apscheduler", "tornado"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


async def on_error(update: object, context: BotContext) -> None:
    """Say what failed: to the operator in one line, to who asked in a few words."""
    error = context.error
    instruments.count("errors", error=type(error).__name__)
    if isinstance(error, Conflict):
        _meet_conflict(context)
    elif isinstance(error, Forbidden):
        log.info("a chat cannot be answered (%s)", error)
    elif isinstance(error, NetworkError) and not isinstance(update, Update):
        log.warning("Telegram cannot be reached (%s); trying again", error)
    elif _may_be_done_later(update, error, context):
        log.warning("an update waits until it can be worked on (%s)", error)
    elif error is not None:
        _log_failure(update, error)
        await _apologise(update)


def _may_be_done_later(update: object, error: Exception | None, context: BotContext) -> bool:
    """
    Whether an update could not be worked on since the database, or Telegram, was not there.

    What Telegram did not take is tried again as long as a message is not too old.
    """
    work = WORK.get()
    if work is None or not isinstance(update, Update):
        return False
    if isinstance(error, RetryAfter):
        work.again = retry_seconds(error) <= LONGEST_WAIT
    else:
        work.again = isinstance(error, OutOfReachError | UnreachableError)
    if not isinstance(error, UnreachableError):
        sent, limit = sent_at(update), dt.timedelta(hours=context.settings.max_age)
        work.again = work.again and sent is not None and age_of(sent) <= limit
    return work.again


def _meet_conflict(context: BotContext) -> None:
    conflicts = context.bot_data.conflicts
    if not conflicts.meet():
        context.bot_data.stop("another program gets the messages of this bot; stop it.")
    elif conflicts.first == conflicts.last:
        log.warning("another program polls for this bot; if it goes on, the younger one leaves")


async def watch_token(application: BotApplication) -> None:
    """End the bot when its token is revoked: polling ends by itself then, without a word."""
    while True:
        await asyncio.sleep(TOKEN_CHECK_INTERVAL)
        try:
            await application.bot.get_me()
        except InvalidToken:
            application.bot_data.stop(
                "Telegram no longer accepts the token; ask @BotFather for one."
            )
        except TelegramError:  # polling will tell
            continue


def _log_failure(update: object, error: Exception) -> None:
    number = update.update_id if isinstance(update, Update) else 0
    if isinstance(error, ArticleBotError | TelegramError):
        log.error("update %d failed: %s", number, error)
        return
    debug = bool(os.environ.get("ARTICLE_BOT_DEBUG"))
    # What it says may be somebody's words, so only its kind is told.
    log.error(
        "update %d failed: unexpected %s in %s; set ARTICLE_BOT_DEBUG=1 to see more of it, and "
        "please report it.",
        *(number, type(error).__name__, place_of(error)),
        exc_info=error if debug else None,
    )


async def _apologise(update: object) -> None:
    if not isinstance(update, Update):
        return
    user = update.effective_user
    said = phrase("failed", language_of(user.language_code if user else None))
    if update.callback_query is not None:
        with suppress(TelegramError):  # it may have been answered before it failed
            await update.callback_query.answer(said)
    elif update.message is not None:
        await sending.reply_with_text(update.message, said)
