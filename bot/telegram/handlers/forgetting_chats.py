"""/forget: all that a chat has stored, deleted at once, when somebody has said so twice."""

from __future__ import annotations

import re
from contextlib import suppress

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.error import BadRequest

from bot.phrases import phrase
from bot.telegram import sending
from bot.telegram.admins import may_decide
from bot.telegram.bot_context import BotContext
from bot.telegram.chat_erasure import erase_chat
from bot.telegram.handlers.bringing import may_change_library
from bot.telegram.update_filters import given
from bot.telegram.views import View

FORGET_DATA = re.compile(r"^forget:(yes|no)$")


async def forget(update: Update, context: BotContext) -> None:
    """/forget: ask whether all is to be deleted."""
    message = given(update.message or update.channel_post)
    if not await may_change_library(context, message):
        return
    language = context.language_for(message.from_user)
    row = [
        InlineKeyboardButton(phrase(name, language), callback_data=f"forget:{what}")
        for name, what in (("button_forget", "yes"), ("button_cancel", "no"))
    ]
    view = View((phrase("forget_ask", language),), InlineKeyboardMarkup([row]))
    await sending.reply_with_view(message, view)


async def press_forget(update: Update, context: BotContext) -> None:
    """The buttons below that question."""
    query = given(update.callback_query)
    message, match = query.message, FORGET_DATA.match(given(query.data))
    if not isinstance(message, Message) or match is None:
        return
    language = context.language_for(query.from_user)
    if not await may_decide(context.bot, message.chat, query.from_user.id):
        await query.answer(phrase("admins_only", language))
        return
    if match[1] == "yes":
        await context.run(erase_chat, context.shared, message.chat_id)
    with suppress(BadRequest):  # it was pressed too long ago
        await query.answer()
    said = phrase("forgotten" if match[1] == "yes" else "all_right", language)
    await sending.replace_text(message, said, None)
