"""Buttons below a reply: more of it, its context, and whether it was any good."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType
from telegram.error import BadRequest
from telegram.ext import ApplicationHandlerStop

from bot.phrases import phrase
from bot.telegram import sending
from bot.telegram.addressing import STAND_INS
from bot.telegram.admins import is_admin
from bot.telegram.bot_context import BotContext, SharedResources
from bot.telegram.chat_answer import answer_in_chat
from bot.telegram.chat_question import read_question
from bot.telegram.offered_questions import SUMMARY_QUESTION
from bot.telegram.store import replies
from bot.telegram.store.quoted_passages import find_passages
from bot.telegram.store.reply_values import Reply
from bot.telegram.update_filters import given
from bot.telegram.views import (
    ButtonData,
    ReplyButton,
    View,
    answer_view,
    context_view,
    more_view,
    summary_view,
)
from index.datatypes import Passage
from index.storage.library import Library


@dataclass(frozen=True, slots=True)
class Turn:
    """A *reply* that is turned over by the button *pressed*, for a chat that is *short* or not."""

    pressed: ButtonData
    reply: Reply
    language: str
    short: bool


_VOTES = {ReplyButton.GOOD: 1, ReplyButton.BAD: -1}


async def refuse_forged(update: Update, context: BotContext) -> None:
    """
    Let no other handler see a press of what is not offered there.

    A client can send any data from below any message of the bot. What a message offers comes from
    Telegram itself; of one that is too old to be seen nothing is known.
    """
    query = given(update.callback_query)
    message = query.message
    buttons = message.reply_markup if isinstance(message, Message) else None
    rows = buttons.inline_keyboard if buttons else ()
    if query.data not in {button.callback_data for row in rows for button in row}:
        await _notify(query, phrase("expired", context.language_for(query.from_user)))
        raise ApplicationHandlerStop


async def ask_offered(update: Update, context: BotContext) -> None:
    """A question below /start, or below a new article: it is what stands on the button."""
    query = given(update.callback_query)
    message = query.message
    if not isinstance(message, Message) or message.reply_markup is None:
        return
    scope = await context.run(_article_of, context.shared, message.chat_id, given(query.data))
    gone = scope is None
    await _notify(query, phrase("expired", context.language_for(query.from_user)) if gone else None)
    for row in message.reply_markup.inline_keyboard:
        for button in row:
            if button.callback_data == query.data and not gone:
                asked = await read_question(context, message, button.text, pressed=query.from_user)
                if scope:
                    asked = replace(asked, article=scope, libraries=(str(message.chat_id),))
                await answer_in_chat(context, asked)


def _article_of(shared: SharedResources, chat: int, data: str) -> str | None:
    """The article that a question with *data* is about, "" for any, None when it is gone."""
    key = data.split(":")[2:]
    if not key:
        return ""
    stored = Library(shared.engine, str(chat)).load([int(key[0])])
    return next((article.article.id for article in stored.values()), None)


async def press(update: Update, context: BotContext) -> None:
    """Do what a button says; everything about it is in its data and in the database."""
    query = given(update.callback_query)
    pressed = ButtonData.parse(given(query.data))
    language = context.language_for(query.from_user)
    message, reply = query.message, None
    if isinstance(message, Message):  # a reply is its chat's, and of no other
        chat = message.chat_id
        reply = await context.run(replies.load, context.engine, chat, pressed.reply)
    if reply is None or not isinstance(message, Message):
        await _notify(query, phrase("expired", language))
    elif pressed.button in _VOTES:
        await _vote(context, query, Turn(pressed, reply, language, short=False))
    elif not await _may_press(context, query, message, reply):
        await _notify(query, phrase("not_yours", language))
    else:
        turn = Turn(pressed, reply, language, context.chat_settings.short)
        view = await context.run(_make_view, context.shared, turn)
        await _notify(query, phrase("expired", language) if view is None else None)
        if view is not None:
            await _show(message, pressed.button, view)


async def expired_button(update: Update, context: BotContext) -> None:
    """Answer a button that no version of the bot knows any more."""
    query = given(update.callback_query)
    await _notify(query, phrase("expired", context.language_for(query.from_user)))


async def _vote(context: BotContext, query: CallbackQuery, turn: Turn) -> None:
    voter, value = query.from_user.id, _VOTES[turn.pressed.button]
    which = (turn.reply.conversation.chat, turn.reply.id)
    kept = await context.run(replies.vote, context.engine, *which, voter, value)
    await _notify(query, phrase("noted" if kept else "expired", turn.language))


async def _may_press(
    context: BotContext, query: CallbackQuery, message: Message, reply: Reply
) -> bool:
    """In a group a reply is turned over by who asked; who asked in disguise is an admin."""
    if message.chat.type == ChatType.PRIVATE or query.from_user.id == reply.asker:
        return True
    hidden = reply.asker in STAND_INS or message.chat.type == ChatType.CHANNEL
    return hidden and await is_admin(context.bot, message.chat_id, query.from_user.id)


def _make_view(shared: SharedResources, turn: Turn) -> View | None:
    """What the reply shows after the button was pressed, None when its articles have changed."""
    passages = find_passages(Library(shared.engine, turn.reply.library), turn.reply.passages)
    if not passages or turn.pressed.first >= len(passages):
        return None
    if turn.pressed.button == ReplyButton.SUMMARY:
        answerer = shared.answerers.first_with_articles([turn.reply.library])
        summary = answerer.answer(SUMMARY_QUESTION, article=passages[0].article.id)
        return summary_view(turn.reply, summary.passages, turn.language)
    return _view_of(turn, passages)


def _view_of(turn: Turn, passages: Sequence[Passage]) -> View:
    button, reply, language = turn.pressed.button, turn.reply, turn.language
    if button == ReplyButton.MORE:
        return more_view(reply, passages, turn.pressed.first, language)
    if button == ReplyButton.CONTEXT:
        return context_view(reply, passages, language)
    whole = button == ReplyButton.WHOLE
    return answer_view(reply, passages, language, whole=whole, short=turn.short)


async def _show(message: Message, button: ReplyButton, view: View) -> None:
    """Show *view* in the place of *message*, or what of a whole answer does not stand there yet."""
    if button != ReplyButton.WHOLE:
        await sending.replace_text(message, view.last, view.buttons)
        return
    # The buttons move below the last message, and a second press finds none.
    if not await sending.replace_buttons(message, None):
        return
    await sending.reply_with_view(message, view)


async def _notify(query: CallbackQuery, text: str | None = None) -> None:
    """Let the button stop waiting, with a few words if there are any."""
    with suppress(BadRequest):  # it was pressed too long ago, or by a finger that pressed twice
        await query.answer(text)
