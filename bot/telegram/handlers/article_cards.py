"""One article of a chat's own: ask it alone, give it another title, remove it."""

from __future__ import annotations

from contextlib import suppress

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.error import BadRequest

from bot.phrases import phrase
from bot.telegram import sending
from bot.telegram.added_views import REMOVE, RENAME, SURE, USE, article_button, description
from bot.telegram.addressing import command_argument
from bot.telegram.admins import may_decide
from bot.telegram.bot_context import BotContext
from bot.telegram.chat_erasure import remove_article
from bot.telegram.handlers.article_choice import narrow_to, widen
from bot.telegram.handlers.article_titles import request_title
from bot.telegram.handlers.bringing import may_change_library
from bot.telegram.handlers.post_removal import remove_post
from bot.telegram.markup import MAX_TITLE, quiet_names, shortened
from bot.telegram.own_articles import CARD_DATA, find_by_key, find_meant
from bot.telegram.update_filters import given
from bot.telegram.views import View
from index.datatypes import Article

_ALL = frozenset({"all", "*"})


async def press_card(update: Update, context: BotContext) -> None:
    """A button of an article: show it, or do with it what the button says."""
    query = given(update.callback_query)
    message, match = query.message, CARD_DATA.match(given(query.data))
    if not isinstance(message, Message) or match is None:
        return
    language, key, what = context.language_for(query.from_user), int(match[1]), match[2]
    article = await context.run(find_by_key, context.shared, message.chat_id, key)
    if article is None:
        await query.answer(phrase("expired", language))
        return
    if what and not await may_decide(context.bot, message.chat, query.from_user.id):
        await query.answer(phrase("admins_only", language))
        return
    with suppress(BadRequest):  # it was pressed too long ago
        await query.answer()
    if what == USE:
        await narrow_to(context, message, article.id, pressed=query.from_user)
    elif what == RENAME:
        await request_title(message, article, key, language)
    elif what == SURE:
        await context.run(remove_article, context.shared, message.chat_id, article.id)
        await sending.replace_text(message, _said("removed", article, language), None)
    else:
        view = _question_view if what == REMOVE else _card_view
        shown = view(article, key, language)
        await sending.replace_text(message, shown.last, shown.buttons)


async def use(update: Update, context: BotContext) -> None:
    """/use ARTICLE: ask only that one; /use all: all of them again."""
    message = given(update.message)
    name = command_argument(message)
    language = context.language_for(message.from_user)
    if not name:
        await sending.reply_with_text(message, phrase("which_article", language))
    elif await may_change_library(context, message):
        if name.casefold() in _ALL:
            await widen(context, message)
            await sending.reply_with_text(message, phrase("unscoped", language))
        else:
            await narrow_to(context, message, name)


async def remove(update: Update, context: BotContext) -> None:
    """/remove ARTICLE, or in reply to what the bot has said of one, or to a post of a channel."""
    message = given(update.message)
    if not command_argument(message) and await remove_post(context, message):
        return
    if not await may_change_library(context, message):
        return
    language = context.language_for(message.from_user)
    found = await context.run(find_meant, context.shared, message, command_argument(message))
    if found is None:
        await sending.reply_with_text(message, phrase("which_article", language))
    else:
        await sending.reply_with_view(message, _question_view(*found, language))


def _card_view(article: Article, key: int, language: str) -> View:
    rows = [
        [article_button(key, USE, language)],
        [article_button(key, RENAME, language), article_button(key, REMOVE, language)],
        [InlineKeyboardButton(phrase("back", language), callback_data="l:0")],
    ]
    text = f"{description(article, language)}\n<code>{quiet_names(article.id)}</code>"
    return View((text,), InlineKeyboardMarkup(rows))


def _question_view(article: Article, key: int, language: str) -> View:
    cancel = InlineKeyboardButton(phrase("button_cancel", language), callback_data=f"a:{key}")
    rows = [[article_button(key, SURE, language), cancel]]
    return View((_said("remove_ask", article, language),), InlineKeyboardMarkup(rows))


def _said(name: str, article: Article, language: str) -> str:
    return phrase(name, language, title=quiet_names(shortened(article.title, MAX_TITLE)))
