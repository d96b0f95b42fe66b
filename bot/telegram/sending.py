"""
Replies that arrive: in the form that was meant, or else in a simpler one.

Telegram may not take a reply as it is (markup that it does not read, a message that was deleted);
an answer is worth more than its looks.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from telegram import (
    InlineKeyboardMarkup,
    InputTextMessageContent,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.telegram.markup import plain
from bot.telegram.views import View

log = logging.getLogger(__name__)

PATIENCE = 3.0  # seconds that a reply may be held back before the bot says so
ONE_MOMENT = "👀"
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_FORMATTED: dict[str, Any] = {"parse_mode": ParseMode.HTML, "link_preview_options": NO_PREVIEW}


async def reply_with_view(message: Message, view: View) -> list[int]:
    """
    Reply to *message* with *view*, as far as the chat lets the bot; return the messages sent.

    The messages of a long answer come one below the other; the buttons are below the last.
    """
    sent: list[int] = []
    async with _one_moment(message):
        for number, html in enumerate(view.messages, start=1):
            buttons = view.buttons if number == len(view.messages) else None
            number_sent = await _send(message, html, buttons)
            if number_sent is None:
                break
            sent.append(number_sent)
    return sent


@asynccontextmanager
async def _one_moment(message: Message) -> AsyncIterator[None]:
    """
    Say "one moment" by a reaction to *message*, as long as its reply is held back for long.

    Telegram holds back messages, when a group has had twenty in a minute, and no reactions.
    """

    async def say() -> None:
        await asyncio.sleep(PATIENCE)
        with suppress(TelegramError):  # the chat may not allow it
            try:
                await message.set_reaction(ONE_MOMENT)
                await asyncio.Event().wait()
            finally:
                await message.set_reaction(None)

    task = asyncio.create_task(say())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def reply_with_text(message: Message, html: str) -> None:
    """Reply to *message* with one of the bot's own sentences."""
    await reply_with_view(message, View((html,)))


async def _send(message: Message, html: str, buttons: InlineKeyboardMarkup | None) -> int | None:
    """Send one message of a reply and return its id; None when the chat does not let the bot."""
    try:
        sent = await _attempt(message, html, buttons)
    except ChatMigrated as exc:  # the group's own message about it moves what is remembered
        sent = await message.get_bot().send_message(
            exc.new_chat_id, html, reply_markup=buttons, **_FORMATTED
        )
    except (Forbidden, BadRequest) as exc:
        log.info("chat %d cannot be answered (%s)", message.chat_id, exc)
        return None
    return sent.message_id


async def _attempt(message: Message, html: str, buttons: InlineKeyboardMarkup | None) -> Message:
    # The question may be deleted before it is answered.
    quoting = ReplyParameters(message.message_id, allow_sending_without_reply=True)
    try:
        return await message.reply_text(
            html, reply_markup=buttons, reply_parameters=quoting, **_FORMATTED
        )
    except BadRequest as exc:
        log.warning("chat %d gets a simpler reply (%s)", message.chat_id, exc)
        if _is_about_markup(exc):
            return await message.reply_text(
                plain(html),
                reply_markup=buttons,
                reply_parameters=quoting,
                link_preview_options=NO_PREVIEW,
            )
        # The topic is gone, perhaps.
        return await message.get_bot().send_message(
            message.chat_id, html, reply_markup=buttons, **_FORMATTED
        )


async def replace_reply(message: Message, sent: Sequence[int], view: View) -> list[int]:
    """
    Show *view* in the place of the reply to *message* that stands in the messages *sent*.

    Return the messages that it stands in: the first is changed, others are deleted or sent anew.
    """
    bot, chat = message.get_bot(), message.chat_id
    first, *others = view.messages
    try:
        await bot.edit_message_text(
            first, chat, sent[0], reply_markup=None if others else view.buttons, **_FORMATTED
        )
    except (BadRequest, Forbidden) as exc:  # it was deleted, perhaps
        log.info("a message of chat %d cannot be changed (%s)", chat, exc)
        return await reply_with_view(message, view)
    if sent[1:]:
        with suppress(TelegramError):
            await bot.delete_messages(chat, sent[1:])
    rest = await reply_with_view(message, View(tuple(others), view.buttons)) if others else []
    return [sent[0], *rest]


async def replace_buttons(message: Message, buttons: InlineKeyboardMarkup | None) -> bool:
    """Put other *buttons* below the bot's own *message*; False when that cannot be, or is done."""
    try:
        await message.edit_reply_markup(buttons)
    except (BadRequest, Forbidden):
        return False
    return True


def _is_about_markup(exc: BadRequest) -> bool:
    return any(word in str(exc).lower() for word in ("parse", "entit", "tag"))


def as_content(html: str) -> InputTextMessageContent:
    """*html* as what an inline result sends."""
    return InputTextMessageContent(html, **_FORMATTED)


async def replace_text(message: Message, html: str, buttons: InlineKeyboardMarkup | None) -> None:
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
