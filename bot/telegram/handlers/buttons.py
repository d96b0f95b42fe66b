"""Buttons below a reply: more of it, its context, and whether it was any good."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from sqlalchemy import Engine
from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType
from telegram.error import BadRequest

from bot.phrases import language_of, phrase
from bot.telegram import sending
from bot.telegram.addressing import STAND_INS
from bot.telegram.admins import is_admin
from bot.telegram.bot_context import BotContext
from bot.telegram.store import replies
from bot.telegram.store.quoted_passages import find_passages
from bot.telegram.store.replies import Reply
from bot.telegram.update_filters import given
from bot.telegram.views import (
    ButtonData,
    ReplyButton,
    View,
    answer_view,
    context_view,
    more_view,
)
from index.datatypes import Passage
from index.storage.library import Library

_VOTES = {ReplyButton.GOOD: 1, ReplyButton.BAD: -1}


async def press(update: Update, context: BotContext) -> None:
    """Do what a button says; everything about it is in its data and in the database."""
    query = given(update.callback_query)
    pressed = ButtonData.parse(given(query.data))
    language = language_of(query.from_user.language_code)
    reply = await context.run(replies.load, context.engine, pressed.reply)
    message = query.message
    # A client can send what it likes, so a button of another chat is as good as none.
    if (
        reply is None
        or not isinstance(message, Message)
        or message.chat_id != reply.conversation.chat
    ):
        await _notify(query, phrase("expired", language))
    elif pressed.button in _VOTES:
        await _vote(context, query, pressed, language)
    elif not await _may_press(context, query, message, reply):
        await _notify(query, phrase("not_yours", language))
    else:
        view = await context.run(_make_view, context.engine, reply, pressed, language)
        await _notify(query, phrase("expired", language) if view is None else None)
        if view is not None:
            await _show(message, pressed.button, view)


async def expired_button(update: Update, _: BotContext) -> None:
    """Answer a button that no version of the bot knows any more."""
    query = given(update.callback_query)
    await _notify(query, phrase("expired", language_of(query.from_user.language_code)))


async def _vote(
    context: BotContext, query: CallbackQuery, pressed: ButtonData, language: str
) -> None:
    voter, value = query.from_user.id, _VOTES[pressed.button]
    kept = await context.run(replies.vote, context.engine, pressed.reply, voter, value)
    await _notify(query, phrase("noted" if kept else "expired", language))


async def _may_press(
    context: BotContext, query: CallbackQuery, message: Message, reply: Reply
) -> bool:
    """In a group a reply is turned over by who asked; who asked in disguise is an admin."""
    if message.chat.type == ChatType.PRIVATE or query.from_user.id == reply.asker:
        return True
    hidden = reply.asker in STAND_INS or message.chat.type == ChatType.CHANNEL
    return hidden and await is_admin(context.bot, message.chat_id, query.from_user.id)


def _make_view(engine: Engine, reply: Reply, pressed: ButtonData, language: str) -> View | None:
    """What *reply* shows after a button was *pressed*, None when its articles have changed."""
    passages = find_passages(Library(engine, reply.library), reply.passages)
    if not passages or pressed.first >= len(passages):
        return None
    return _view_of(pressed, reply, passages, language)


def _view_of(pressed: ButtonData, reply: Reply, passages: Sequence[Passage], language: str) -> View:
    if pressed.button == ReplyButton.MORE:
        return more_view(reply, passages, pressed.first, language)
    if pressed.button == ReplyButton.CONTEXT:
        return context_view(reply, passages, language)
    whole = pressed.button == ReplyButton.WHOLE
    return answer_view(reply, passages, language, whole=whole)


async def _show(message: Message, button: ReplyButton, view: View) -> None:
    """Show *view* in the place of *message*, or what of a whole answer does not stand there yet."""
    if button != ReplyButton.WHOLE:
        await sending.replace_text(message, view.last, view.buttons)
        return
    try:  # the buttons move below the last message, and a second press finds none
        await message.edit_reply_markup(None)
    except BadRequest:
        return
    await sending.reply_with_view(message, view)


async def _notify(query: CallbackQuery, text: str | None = None) -> None:
    """Let the button stop waiting, with a few words if there are any."""
    with suppress(BadRequest):  # it was pressed too long ago, or by a finger that pressed twice
        await query.answer(text)
