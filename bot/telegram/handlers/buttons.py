"""Buttons below a reply: more of it, its context, and whether it was any good."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType
from telegram.error import BadRequest
from telegram.ext import ContextTypes

from bot.phrases import language_of, phrase
from bot.telegram import sending
from bot.telegram.addressing import STAND_INS
from bot.telegram.admins import is_admin
from bot.telegram.bot_context import Office
from bot.telegram.store import replies
from bot.telegram.store.replies import Reply
from bot.telegram.views import (
    BACK,
    BAD,
    CONTEXT,
    GOOD,
    MAX_MESSAGES,
    MORE,
    WHOLE,
    View,
    answer_view,
    context_view,
    more_view,
)
from index.datatypes import Passage
from index.storage.library import Library

PATTERN = rf"^[{MORE}{CONTEXT}{WHOLE}{BACK}{GOOD}{BAD}]:\d+(?::\d+)?$"
Context = ContextTypes.DEFAULT_TYPE


async def press(office: Office, update: Update, context: Context) -> None:
    """Do what a button says; everything about it is in its data and in the database."""
    query = update.callback_query
    if query is None or query.data is None:
        return
    action, *numbers = query.data.split(":")
    language = language_of(query.from_user.language_code)
    reply = await office.run(partial(replies.recall, office.engine, int(numbers[0])))
    message = query.message
    # A client can send what it likes, so a button of another chat is as good as none.
    if (
        reply is None
        or not isinstance(message, Message)
        or message.chat_id != reply.conversation.chat
    ):
        await _notify(query, phrase("expired", language))
    elif action in {GOOD, BAD}:
        await _vote(office, query, reply, 1 if action == GOOD else -1)
    elif not await _may_press(context, query, message, reply):
        await _notify(query, phrase("not_yours", language))
    else:
        await _show(office, query, message, reply, int(numbers[1]) if numbers[1:] else 0)


async def expire(_: Office, update: Update, __: Context) -> None:
    """Answer a button that no version of the bot knows any more."""
    if update.callback_query is not None:
        language = language_of(update.callback_query.from_user.language_code)
        await _notify(update.callback_query, phrase("expired", language))


async def _vote(office: Office, query: CallbackQuery, reply: Reply, value: int) -> None:
    language = language_of(query.from_user.language_code)
    kept = await office.run(
        partial(replies.vote, office.engine, reply.id, query.from_user.id, value)
    )
    await _notify(query, phrase("noted" if kept else "expired", language))


async def _may_press(
    context: Context, query: CallbackQuery, message: Message, reply: Reply
) -> bool:
    """In a group a reply is turned over by who asked; who asked in disguise is an admin."""
    if message.chat.type == ChatType.PRIVATE or query.from_user.id == reply.asker:
        return True
    hidden = reply.asker in STAND_INS or message.chat.type == ChatType.CHANNEL
    return hidden and await is_admin(context.bot, message.chat_id, query.from_user.id)


async def _show(
    office: Office, query: CallbackQuery, message: Message, reply: Reply, first: int
) -> None:
    language = language_of(query.from_user.language_code)
    library = Library(office.engine, reply.library)
    passages = await office.run(partial(replies.unquote, library, reply.passages))
    if not passages or first >= len(passages):
        await _notify(query, phrase("expired", language))
        return
    await _notify(query)
    action = str(query.data).partition(":")[0]
    if action == WHOLE:
        await _show_rest(message, reply, passages, language)
        return
    view = _view(action, reply, passages, first, language)
    await sending.edit(message, view.last, view.buttons)


def _view(
    action: str, reply: Reply, passages: Sequence[Passage], first: int, language: str
) -> View:
    if action == MORE:
        return more_view(reply, passages, first, language)
    if action == CONTEXT:
        return context_view(reply, passages, language)
    return answer_view(reply, passages, language)


async def _show_rest(
    message: Message, reply: Reply, passages: Sequence[Passage], language: str
) -> None:
    """Send the messages of an answer that were left out, once."""
    whole = answer_view(reply, passages, language, whole=True)
    try:  # the buttons move below the last message, and a second press finds none
        await message.edit_reply_markup(None)
    except BadRequest:
        return
    rest = View(whole.messages[MAX_MESSAGES:], whole.buttons)
    await sending.reply(message, rest)


async def _notify(query: CallbackQuery, text: str | None = None) -> None:
    """Let the button stop waiting, with a few words if there are any."""
    with suppress(BadRequest):  # it was pressed too long ago, or by a finger that pressed twice
        await query.answer(text)
