"""Which articles are asked: all that there are, or one of them alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.constants import ChatType
from telegram.helpers import create_deep_linked_url

from bot.phrases import phrase
from bot.telegram import sending
from bot.telegram.addressing import command_argument
from bot.telegram.bot_context import BotContext, SharedResources
from bot.telegram.chat_answer import answer_in_chat
from bot.telegram.chat_question import (
    ChatQuestion,
    conversation_of,
    read_question,
)
from bot.telegram.markup import quiet_names, shortened
from bot.telegram.store import chats
from bot.telegram.update_filters import given
from bot.telegram.views import View
from index.datatypes import Article
from index.errors import NotFoundError
from index.storage.database import SHARED

MAX_LISTED = 20  # articles, the newest first; more would not be read
MAX_LISTED_TITLE = 80  # characters
SUMMARY_QUESTION = "what is this about?"  # as index.text.messages understands it
ARTICLE_LINK_PREFIX = "a_"  # a deep link's payload that begins so names an article
ALL_ARTICLES = "all"  # the data of the button that leads back to all articles
_LINKABLE_ID = re.compile(r"[A-Za-z0-9_-]{1,62}")  # with the prefix 64, as long as payloads may be


@dataclass(frozen=True, slots=True)
class _Listing:
    """The *newest* of *count* articles of the library of the chat *owner*."""

    owner: str
    count: int
    newest: list[Article]


async def list_articles(update: Update, context: BotContext) -> None:
    """/articles: what is asked here, the newest first; it offers to end the narrowing to one."""
    message = given(update.message)
    language = context.language_for(message.from_user)
    question = await read_question(context, message, "")
    listing = await context.run(_list_newest, context.shared, question.libraries)
    if not listing.newest:
        await sending.reply_with_text(message, phrase("no_articles", language))
        return
    # A link leads into a private chat, which knows shared articles only.
    linked = listing.owner == SHARED and message.chat.type == ChatType.PRIVATE
    text = _describe(listing, context.bot.username if linked else None, language)
    scope = await context.run(chats.scope_of, context.engine, question.conversation)
    buttons = None
    if scope is not None:
        label = phrase("all_articles", language)
        button = InlineKeyboardButton(label, callback_data=ALL_ARTICLES)
        buttons = InlineKeyboardMarkup([[button]])
    await sending.reply_with_view(message, View((text,), buttons))


async def show_article(update: Update, context: BotContext) -> None:
    """/article: what it is about; /article ID: only that one is asked from now on."""
    message = given(update.message)
    name = command_argument(message)
    if name:
        await narrow_to(context, message, name)
    else:
        question = await read_question(context, message, SUMMARY_QUESTION)
        await answer_in_chat(context, question)


async def ask_all_articles(update: Update, context: BotContext) -> None:
    """The button "All articles": end the narrowing to one."""
    query = given(update.callback_query)
    if not isinstance(query.message, Message):  # it is too old to be seen
        return
    text = phrase("unscoped", context.language_for(query.from_user))
    await context.run(chats.narrow, context.engine, conversation_of(query.message), None)
    await query.answer(text)
    await sending.replace_text(query.message, text, None)


async def narrow_to(context: BotContext, message: Message, name: str) -> None:
    """Ask only the article *name* from now on, and say what it is about."""
    question = await read_question(context, message, SUMMARY_QUESTION)
    try:
        await context.run(_narrow, context.shared, question, name)
    except NotFoundError:
        await sending.reply_with_text(message, phrase("no_article", question.language))
        return
    await answer_in_chat(context, question)
    await sending.reply_with_text(message, phrase("scoped", question.language))


def _narrow(shared: SharedResources, question: ChatQuestion, name: str) -> None:
    library = shared.answerers.first_with_articles(question.libraries).library
    library.get(name)
    chats.narrow(shared.engine, question.conversation, name)


def _list_newest(shared: SharedResources, libraries: Sequence[str]) -> _Listing:
    """List the newest articles of the one of *libraries* that is asked."""
    library = shared.answerers.first_with_articles(libraries).library
    keys = library.keys()
    loaded = library.load(keys[: -MAX_LISTED - 1 : -1])
    newest = [loaded[key].article for key in sorted(loaded, reverse=True)]
    return _Listing(library.chat, len(keys), newest)


def _describe(listing: _Listing, username: str | None, language: str) -> str:
    lines = [phrase("listing", language)]
    lines += [_line(article, username) for article in listing.newest]
    if listing.count > len(listing.newest):
        more = f"{listing.count - len(listing.newest):,}"
        lines.append(phrase("listing_more", language, count=more))
    return "\n".join(lines)


def _line(article: Article, username: str | None) -> str:
    """One line of the list, with a link that opens the article if there can be one."""
    title = shortened(article.title, MAX_LISTED_TITLE)
    if username and _LINKABLE_ID.fullmatch(article.id):
        link = create_deep_linked_url(username, f"{ARTICLE_LINK_PREFIX}{article.id}")
        return f'• <a href="{escape(link)}">{escape(title, quote=False)}</a>'
    return f"• {quiet_names(title)} – <code>{escape(article.id, quote=False)}</code>"
