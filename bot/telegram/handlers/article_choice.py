"""Which articles are asked: all that there are, or one of them alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from telegram import InlineKeyboardMarkup, Message, Update
from telegram.constants import ChatType
from telegram.helpers import create_deep_linked_url

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
from bot.telegram.markup import quiet_names, shortened
from bot.telegram.offered_questions import SUMMARY_QUESTION
from bot.telegram.store import chats
from bot.telegram.update_filters import given
from bot.telegram.views import (
    ALL_ARTICLES,
    ALL_ARTICLES_BELOW_ANSWER,
    View,
    widening_button,
)
from index.datatypes import Article
from index.errors import NotFoundError
from index.storage.database import SHARED

MAX_GREETED = 5  # articles that a greeting names
MAX_LISTED = 20  # articles, the newest first; more would not be read
MAX_LISTED_TITLE = 80  # characters
ARTICLE_LINK_PREFIX = "a_"  # a deep link's payload that begins so names an article
WIDENING_DATA = re.compile(rf"^(?:{ALL_ARTICLES}|{ALL_ARTICLES_BELOW_ANSWER})$")
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
    text = await describe_articles(context, question, MAX_LISTED)
    if not text:
        await sending.reply_with_text(message, phrase("no_articles", language))
        return
    scope = await context.run(chats.scope_of, context.engine, question.conversation)
    buttons = None
    if scope is not None:
        buttons = InlineKeyboardMarkup([[widening_button(ALL_ARTICLES, language)]])
    await sending.reply_with_view(message, View((text,), buttons))


async def describe_articles(
    context: BotContext, question: ChatQuestion, most: int = MAX_GREETED
) -> str:
    """Say which articles *question* is put to, in a few lines; "" when there are none."""
    listing = await context.run(_list_newest, context.shared, question.libraries, most)
    # A link leads into a private chat, which knows shared articles only.
    linked = listing.owner == SHARED and question.message.chat.type == ChatType.PRIVATE
    username = context.bot.username if linked else None
    return _describe(listing, username, question.language) if listing.newest else ""


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
    conversation = (await read_question(context, message, "")).conversation
    await context.run(chats.narrow, context.engine, conversation, None)
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


async def narrow_to(context: BotContext, message: Message, name: str) -> None:
    """Ask only the article *name* from now on, and say what it is about."""
    question = await read_question(context, message, SUMMARY_QUESTION)
    try:
        title = await context.run(_narrow, context.shared, question, name)
    except NotFoundError:
        await sending.reply_with_text(message, phrase("no_article", question.language))
        return
    await answer_in_chat(context, question)
    shown = quiet_names(shortened(title, MAX_LISTED_TITLE))
    said = phrase("scoped", question.language, title=shown)
    buttons = InlineKeyboardMarkup([[widening_button(ALL_ARTICLES, question.language)]])
    await sending.reply_with_view(message, View((said,), buttons))


def _narrow(shared: SharedResources, question: ChatQuestion, name: str) -> str:
    """Narrow the conversation of *question* to the article *name*; return its title."""
    library = shared.answerers.first_with_articles(question.libraries).library
    title = library.get(name).article.title
    chats.narrow(shared.engine, question.conversation, name)
    return title


def _list_newest(shared: SharedResources, libraries: Sequence[str], most: int) -> _Listing:
    """List the newest articles, at most so many, of the one of *libraries* that is asked."""
    library = shared.answerers.first_with_articles(libraries).library
    keys = library.keys()
    loaded = library.load(keys[: -most - 1 : -1])
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
