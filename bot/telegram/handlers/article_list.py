"""Which articles there are, a page at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import count, repeat

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.constants import ChatType
from telegram.helpers import create_deep_linked_url

from bot.phrases import numeral, phrase
from bot.telegram import sending
from bot.telegram.bot_context import BotContext, SharedResources
from bot.telegram.chat_question import ChatQuestion, read_question
from bot.telegram.markup import MAX_UNITS, Block, quiet_names, shortened
from bot.telegram.store import chats
from bot.telegram.update_filters import given
from bot.telegram.views import ALL_ARTICLES, View, widening_button
from index.datatypes import Article
from index.storage.database import SHARED

MAX_LISTED = 20  # articles of a page, the newest first; fewer when their ids are long
MAX_GREETED = 5  # articles that a greeting names
NUMBERS_PER_ROW = 5  # of buttons below the list
MAX_TITLE = 80  # characters
MAX_FRAME = 500  # units of what stands around the lines
ARTICLE_LINK_PREFIX = "a_"  # a deep link's payload that begins so names an article
PAGE_DATA = re.compile(r"^l:(\d{1,9})$", re.ASCII)  # a button's data: the first article of a page
_LINKABLE_ID = re.compile(r"[A-Za-z0-9_-]{1,62}")  # with the prefix 64, as long as payloads may be


@dataclass(frozen=True, slots=True)
class _Listing:
    """The *articles* of a page, by their keys; it begins at *first* of *count*, of *owner*."""

    owner: str
    count: int
    first: int
    articles: dict[int, Article]


async def list_articles(update: Update, context: BotContext) -> None:
    """/articles: what is asked here, the newest first; it offers to end the narrowing to one."""
    message = given(update.message)
    question = await read_question(context, message, "")
    view = await _page(context, question, 0)
    if view is None:
        await sending.reply_with_text(message, phrase("no_articles", question.language))
    else:
        await sending.reply_with_view(message, view)


async def turn_page(update: Update, context: BotContext) -> None:
    """The buttons ◀ and ▶ below a list of articles."""
    query = given(update.callback_query)
    message, match = query.message, PAGE_DATA.match(given(query.data))
    if not isinstance(message, Message) or match is None:
        return
    question = await read_question(context, message, "", pressed=query.from_user)
    view = await _page(context, question, int(match[1]))
    await query.answer()
    if view is not None:
        await sending.replace_text(message, view.last, view.buttons)


async def describe_articles(context: BotContext, question: ChatQuestion) -> str:
    """Say which articles *question* is put to, in a few lines; "" when there are none."""
    listing = await context.run(_list, context.shared, question.libraries, (0, MAX_GREETED))
    text, shown = _describe(context, listing, question)
    if listing.count > shown:
        left = numeral(listing.count - shown, question.language)
        more = phrase("listing_more", question.language, count=left)
        text = f"{text}\n{more}"
    return text if shown else ""


async def _page(context: BotContext, question: ChatQuestion, first: int) -> View | None:
    """The page of the list that begins at *first*, None when there is none."""
    listing = await context.run(_list, context.shared, question.libraries, (first, MAX_LISTED))
    own = _is_own(listing, question)
    text, shown = _describe(context, listing, question, numbered=own)
    if not shown:
        return None
    turns = [("◀", max(first - MAX_LISTED, 0))] if first else []
    if first + shown < listing.count:
        turns.append(("▶", first + shown))
    rows = _number_rows(listing, shown, question.language) if own else []
    rows.append([InlineKeyboardButton(label, callback_data=f"l:{to}") for label, to in turns])
    if await context.run(chats.scope_of, context.engine, question.conversation) is not None:
        rows.append([widening_button(ALL_ARTICLES, question.language)])
    rows = [row for row in rows if row]
    return View((text,), InlineKeyboardMarkup(rows) if rows else None)


def _list(shared: SharedResources, libraries: Sequence[str], page: tuple[int, int]) -> _Listing:
    """Load the *page* (where it begins, how many) of that of *libraries* that is asked."""
    library = shared.answerers.first_with_articles(libraries).library
    first, most = page
    keys = library.keys()[::-1]
    loaded = library.load(keys[first : first + most])
    articles = {key: loaded[key].article for key in sorted(loaded, reverse=True)}
    return _Listing(library.chat, len(keys), first, articles)


def _is_own(listing: _Listing, question: ChatQuestion) -> bool:
    """Whether the articles are those of the chat itself, which it may change."""
    return listing.owner == str(question.message.chat_id)


def _number_rows(listing: _Listing, shown: int, language: str) -> list[list[InlineKeyboardButton]]:
    """A button for each of the articles that are *shown*, with its number in the list."""
    buttons = [
        InlineKeyboardButton(numeral(listing.first + number, language), callback_data=f"a:{key}")
        for number, key in enumerate(list(listing.articles)[:shown], start=1)
    ]
    return [buttons[i : i + NUMBERS_PER_ROW] for i in range(0, len(buttons), NUMBERS_PER_ROW)]


def _describe(
    context: BotContext, listing: _Listing, question: ChatQuestion, *, numbered: bool = False
) -> tuple[str, int]:
    """The lines of *listing* that fit into a message, and how many articles they name."""
    # A link leads into a private chat, which knows shared articles only.
    linked = listing.owner == SHARED and question.message.chat.type == ChatType.PRIVATE
    username = context.bot.username if linked else None
    marks: Iterator[str] = repeat("•")
    if numbered:
        marks = (f"{numeral(number, question.language)}." for number in count(listing.first + 1))
    lines = [
        _line(mark, article, username)
        for mark, article in zip(marks, listing.articles.values(), strict=False)
    ]
    room = MAX_UNITS - MAX_FRAME
    shown: list[str] = []
    for line in lines:
        room -= Block(line).units + 1
        if room < 0 and shown:
            break
        shown.append(line)
    head = phrase("listing", question.language)
    if len(shown) < listing.count and (listing.first or len(listing.articles) > MAX_GREETED):
        first, last, whole = (
            numeral(number, question.language)
            for number in (listing.first + 1, listing.first + len(shown), listing.count)
        )
        head = f"{head} {first}–{last} / {whole}"
    below = [f"\n{phrase('listing_numbers', question.language)}"] if numbered else []
    return "\n".join([head, *shown, *below]), len(shown)


def _line(mark: str, article: Article, username: str | None) -> str:
    """A line of the list behind its *mark*, with a link that opens the article if there can be."""
    title = shortened(article.title, MAX_TITLE)
    if username and _LINKABLE_ID.fullmatch(article.id):
        link = create_deep_linked_url(username, f"{ARTICLE_LINK_PREFIX}{article.id}")
        return f'{mark} <a href="{escape(link)}">{escape(title, quote=False)}</a>'
    return f"{mark} {quiet_names(title)} – <code>{escape(article.id, quote=False)}</code>"
