"""Which articles are asked: all, or one of them alone."""

from __future__ import annotations

import re

from telegram import InlineKeyboardMarkup, Message, Update, User

from bot.article_names import find_article
from bot.phrases import phrase
from bot.telegram import sending
from bot.telegram.addressing import GROUPS, command_argument
from bot.telegram.admins import is_from_admin, may_decide
from bot.telegram.bot_context import BotContext, SharedResources
from bot.telegram.chat_answer import answer_in_chat
from bot.telegram.chat_question import (
    ChatQuestion,
    read_question,
)
from bot.telegram.markup import MAX_TITLE, quiet_names, shortened
from bot.telegram.offered_questions import SUMMARY_QUESTION
from bot.telegram.store import chats
from bot.telegram.update_filters import given
from bot.telegram.views import (
    ALL_ARTICLES,
    ALL_ARTICLES_BELOW_ANSWER,
    View,
    widening_button,
)
from index.errors import NotFoundError

WIDENING_DATA = re.compile(rf"^(?:{ALL_ARTICLES}|{ALL_ARTICLES_BELOW_ANSWER})$")


async def show_article(update: Update, context: BotContext) -> None:
    """/article: what it is about; /article ID: only that one is asked from now on."""
    message = given(update.message)
    name = command_argument(message)
    if name and message.chat.type in GROUPS and not await is_from_admin(context.bot, message):
        said = phrase("admins_only", context.language_for(message.from_user))
        await sending.reply_with_text(message, said)
    elif name:
        await narrow_to(context, message, name)
    else:
        question = await read_question(context, message, SUMMARY_QUESTION)
        await answer_in_chat(context, question)


async def ask_all_articles(update: Update, context: BotContext) -> None:
    """The button "All articles": end the narrowing to one."""
    query = given(update.callback_query)
    message, language = query.message, context.language_for(query.from_user)
    if not isinstance(message, Message):  # it is too old to be seen
        return
    if not await may_decide(context.bot, message.chat, query.from_user.id):
        await query.answer(phrase("admins_only", language))
        return
    text = phrase("unscoped", language)
    await widen(context, message)
    await query.answer(text)
    if query.data == ALL_ARTICLES_BELOW_ANSWER:
        await sending.replace_buttons(message, _without(message, ALL_ARTICLES_BELOW_ANSWER))
    else:
        await sending.replace_text(message, text, None)


def _without(message: Message, data: str) -> InlineKeyboardMarkup | None:
    """The buttons below *message* without the one with *data*."""
    if message.reply_markup is None:
        return None
    rows = [
        [button for button in row if button.callback_data != data]
        for row in message.reply_markup.inline_keyboard
    ]
    return InlineKeyboardMarkup([row for row in rows if row])


async def widen(context: BotContext, message: Message) -> None:
    """End the narrowing to one article where *message* was written."""
    conversation = (await read_question(context, message, "")).conversation
    await context.run(chats.narrow, context.engine, conversation, None)


async def narrow_to(
    context: BotContext, message: Message, name: str, *, pressed: User | None = None
) -> None:
    """Ask only the article that *name* means from now on, and say what it is about."""
    question = await read_question(context, message, SUMMARY_QUESTION, pressed=pressed)
    try:
        title = await context.run(_narrow, context.shared, question, name)
    except NotFoundError:
        await sending.reply_with_text(message, phrase("no_article", question.language))
        return
    await answer_in_chat(context, question)
    shown = quiet_names(shortened(title, MAX_TITLE))
    said = phrase("scoped", question.language, title=shown)
    buttons = InlineKeyboardMarkup([[widening_button(ALL_ARTICLES, question.language)]])
    await sending.reply_with_view(message, View((said,), buttons))


def _narrow(shared: SharedResources, question: ChatQuestion, name: str) -> str:
    """Narrow the conversation of *question* to the article *name*; return its title."""
    library = shared.answerers.first_with_articles(question.libraries).library
    article = library.get(find_article(library, name)).article
    chats.narrow(shared.engine, question.conversation, article.id)
    return article.title
