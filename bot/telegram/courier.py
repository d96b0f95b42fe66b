"""
Requests to Telegram that arrive: at its pace, and again when it was not to be had.

A reply that Telegram does not take as it is meant (markup that it does not read, a message that
was deleted) is sent in a simpler form, so that an answer always arrives.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from telegram import InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TimedOut
from telegram.ext import AIORateLimiter

from bot.telegram.markup import plain
from bot.telegram.views import View

log = logging.getLogger(__name__)

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
# Telegram counts messages, not these.
FREE = frozenset({"sendChatAction", "answerCallbackQuery", "answerInlineQuery"})
MAX_RETRIES = 5  # of one request that Telegram puts off
PATIENCE = 300.0  # seconds; what is put off for longer is given up
PAUSES = (0.5, 2.0, 5.0)  # seconds before a request is made again whose connection broke

Callback = Callable[..., Coroutine[Any, Any, Any]]


class Courier(AIORateLimiter):
    """
    The rate limiter: at most 30 messages a second in all, and 20 a minute in a group.

    A chat that Telegram puts off (RetryAfter) waits alone; AIORateLimiter itself would let all
    others wait with it. A request whose connection broke is made again: the answer might come
    twice, which is better than never. One that timed out is not, since it mostly arrived.
    """

    async def process_request(  # noqa: PLR0913, PLR0917 (the signature of the base class)
        self,
        callback: Callback,
        args: Any,  # noqa: ANN401
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:  # noqa: ANN401
        """Make one request to Telegram."""

        async def patiently(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            return await _retrying(callback, args, kwargs)

        if endpoint in FREE:
            return await patiently(*args, **kwargs)
        return await super().process_request(
            patiently, args, kwargs, endpoint, data, rate_limit_args
        )


async def _retrying(callback: Callback, args: Any, kwargs: Any) -> Any:  # noqa: ANN401
    pauses = iter(PAUSES)
    for attempt in range(MAX_RETRIES + 1):
        try:
            return await callback(*args, **kwargs)
        except RetryAfter as exc:
            wait = _seconds(exc)
            if attempt == MAX_RETRIES or wait > PATIENCE:
                raise
            log.info("Telegram puts a chat off for %g s", wait)
            await asyncio.sleep(wait)
        except (BadRequest, TimedOut):  # both are NetworkErrors, and would fail again
            raise
        except NetworkError as exc:
            pause = next(pauses, None)
            if pause is None:
                raise
            log.info("the connection to Telegram broke (%s); again in %g s", exc, pause)
            await asyncio.sleep(pause)
    raise AssertionError  # the last attempt returns or raises


def _seconds(exc: RetryAfter) -> float:
    wait = exc.retry_after
    return float(wait if isinstance(wait, int) else wait.total_seconds())


async def reply(message: Message, view: View) -> Message | None:
    """
    Reply to *message* with *view*; return what was sent last, None when nothing could be.

    The messages of a long answer come one below the other; the buttons are below the last.
    """
    sent = None
    for number, html in enumerate(view.messages, start=1):
        buttons = view.buttons if number == len(view.messages) else None
        sent = await _send(message, html, buttons)
        if sent is None:
            return None
    return sent


async def say(message: Message, html: str) -> Message | None:
    """Reply to *message* with one of the bot's own sentences."""
    return await reply(message, View((html,)))


async def _send(
    message: Message, html: str, buttons: InlineKeyboardMarkup | None
) -> Message | None:
    try:
        return await _attempt(message, html, buttons)
    except Forbidden as exc:
        log.info("chat %d cannot be answered (%s)", message.chat_id, exc)
    except ChatMigrated as exc:  # the group's own message about it moves what is remembered
        return await message.get_bot().send_message(
            exc.new_chat_id, html, reply_markup=buttons, **_FORMATTED
        )
    except BadRequest as exc:
        log.warning("chat %d cannot be answered (%s)", message.chat_id, exc)
    return None


_FORMATTED: dict[str, Any] = {"parse_mode": ParseMode.HTML, "link_preview_options": NO_PREVIEW}


async def _attempt(message: Message, html: str, buttons: InlineKeyboardMarkup | None) -> Message:
    # The question may be deleted before it is answered.
    quoting = ReplyParameters(message.message_id, allow_sending_without_reply=True)
    try:
        return await message.reply_text(
            html, reply_markup=buttons, reply_parameters=quoting, **_FORMATTED
        )
    except BadRequest as exc:
        if _is_about_markup(exc):
            log.warning("chat %d gets plain text (%s)", message.chat_id, exc)
            return await message.reply_text(
                plain(html),
                reply_markup=buttons,
                reply_parameters=quoting,
                link_preview_options=NO_PREVIEW,
            )
        log.info("chat %d gets no reply to its message (%s)", message.chat_id, exc)
        return await message.get_bot().send_message(
            message.chat_id, html, reply_markup=buttons, **_FORMATTED
        )


def _is_about_markup(exc: BadRequest) -> bool:
    return any(word in str(exc).lower() for word in ("parse", "entit", "tag"))


async def edit(message: Message, html: str, buttons: InlineKeyboardMarkup | None) -> None:
    """Show *html* in the place of what stands in the bot's own *message*."""
    try:
        await message.edit_text(html, reply_markup=buttons, **_FORMATTED)
    except BadRequest as exc:
        if "not modified" in str(exc).lower():  # the button was pressed twice
            return
        if not _is_about_markup(exc):
            log.info("a message of chat %d cannot be changed (%s)", message.chat_id, exc)
            return
        await message.edit_text(plain(html), reply_markup=buttons, link_preview_options=NO_PREVIEW)
    except Forbidden as exc:
        log.info("chat %d cannot be answered (%s)", message.chat_id, exc)
