"""Commands that are about the bot itself, not about articles."""

from __future__ import annotations

import re

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.constants import ChatType

from bot.nearest_command import nearest_command
from bot.phrases import phrase
from bot.telegram import sending
from bot.telegram.addressing import GROUPS, command_argument, words_of
from bot.telegram.admins import is_from_admin
from bot.telegram.bot_context import BotContext, SharedResources
from bot.telegram.chat_question import ChatQuestion, read_question
from bot.telegram.handlers.article_choice import narrow_to
from bot.telegram.handlers.article_list import ARTICLE_LINK_PREFIX, describe_articles
from bot.telegram.offered_questions import offer_questions
from bot.telegram.profile import EVERYWHERE, IN_CHARGE, notes
from bot.telegram.store import chats
from bot.telegram.update_filters import given
from bot.telegram.views import View
from index.errors import NotFoundError

QUESTION_DATA = re.compile(r"^q:\d(?::\d{1,18})?$", re.ASCII)  # of a question, and of its article


async def start(update: Update, context: BotContext) -> None:
    """/start: what is asked here, with questions to press; of a deep link its article."""
    message = given(update.message)
    payload = command_argument(message)
    if payload.startswith(ARTICLE_LINK_PREFIX) and message.chat.type == ChatType.PRIVATE:
        await narrow_to(context, message, payload.removeprefix(ARTICLE_LINK_PREFIX))
        return
    asked = await read_question(context, message, "")
    listing = await describe_articles(context, asked)
    offered = await context.run(_offer, context.shared, asked) if listing else ()
    parts = [phrase("start", asked.language), listing]
    parts += [phrase("add_usage", asked.language)] if message.chat.type == ChatType.PRIVATE else []
    parts += [phrase("start_questions", asked.language)] if offered else []
    rows = [
        [InlineKeyboardButton(question, callback_data=f"q:{number}")]
        for number, question in enumerate(offered)
    ]
    view = View(("\n\n".join(filter(None, parts)),), InlineKeyboardMarkup(rows) if rows else None)
    await sending.reply_with_view(message, view)


def _offer(shared: SharedResources, asked: ChatQuestion) -> tuple[str, ...]:
    answerer = shared.answerers.first_with_articles(asked.libraries)
    scope = asked.article or chats.scope_of(shared.engine, asked.conversation)
    try:
        return offer_questions(answerer, scope)
    except NotFoundError:  # the article that the chat was narrowed to is gone
        return offer_questions(answerer, None)


async def show_help(update: Update, context: BotContext) -> None:
    """/help: how to ask; admins also hear what they can do."""
    message = given(update.message)
    language = context.language_for(message.from_user)
    lines = [phrase("help", language)]
    if await _is_in_charge(context, message):
        lines += [phrase("help_group", language), phrase("help_channel", language)]
        lines += [f"⚠️ {note}" for note in notes(context.bot.bot, language)]
    await sending.reply_with_text(message, "\n".join(lines))


async def no_command(update: Update, context: BotContext) -> None:
    """A command that the bot does not have, in a private chat."""
    message = given(update.message)
    name = words_of(message).split(maxsplit=1)[0].partition("@")[0]
    near = nearest_command(name, [f"/{command}" for command in (*EVERYWHERE, *IN_CHARGE)])
    said = "no_command" if near is None else "no_command_near"
    language = context.language_for(message.from_user)
    await sending.reply_with_text(message, phrase(said, language, nearest=near))


async def _is_in_charge(context: BotContext, message: Message) -> bool:
    """Whether who wrote *message* is an operator of the bot, or an admin of the group."""
    sender = message.from_user
    if sender is not None and sender.id in context.settings.operators:
        return True
    return message.chat.type in GROUPS and await is_from_admin(context.bot, message)
