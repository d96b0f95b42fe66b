"""Inline and guest mode: asked in chats that it is no member of, on shared articles only."""

from __future__ import annotations

from functools import partial

from telegram import (
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import ContextTypes

from bot.phrases import POLITE, language_of, phrase
from bot.telegram import markup
from bot.telegram.addressing import addressed_question, words_of
from bot.telegram.bot_context import Office
from bot.telegram.chat_question import speaks
from bot.telegram.sending import NO_PREVIEW
from bot.telegram.store import replies
from bot.telegram.store.replies import Conversation
from bot.telegram.views import polite_view, single_message
from index.answering import MAX_QUESTION
from index.datatypes import Passage

Context = ContextTypes.DEFAULT_TYPE

CACHED = 60  # seconds that Telegram keeps the results of a query
DESCRIPTION = 200  # characters of a passage below its title in the list of results
TITLE = 100
# The parameter of /start behind the button of an inline query that has no results.
ASK = "ask"


async def inline_query(office: Office, update: Update, _: Context) -> None:
    """@bot QUESTION in any chat: the passages that answer, to be sent there by who asks."""
    query = update.inline_query
    if query is None:
        return
    language = language_of(query.from_user.language_code)
    question = query.query.strip()
    results: list[InlineQueryResultArticle] = []
    told = "inline_ask"
    if question:
        found = await office.run(partial(office.answerers.shared.answer, question))
        told = "inline_nothing"
        if found.answered:
            results = [
                _result(passage, number, language) for number, passage in enumerate(found.passages)
            ]
    button = InlineQueryResultsButton(phrase(told, language), start_parameter=ASK)
    try:
        await query.answer(
            results,
            cache_time=CACHED if question else 0,
            is_personal=True,  # it is in the language of who asks
            button=None if results else button,
        )
    except BadRequest:  # who types on has a newer query, and this one is too old
        return


async def guest_message(office: Office, update: Update, context: Context) -> None:
    """Answer a message that calls the bot into a chat that it is no member of."""
    message = update.guest_message
    if message is None:
        return
    language = speaks(message)
    question = addressed_question(message, context.bot.bot)
    question = words_of(message) if question is None else question
    if not question.strip():
        html = phrase("inline_ask", language)
    elif len(question) > MAX_QUESTION:
        html = phrase("too_long", language, limit=f"{MAX_QUESTION:,}")
    else:
        html = await office.run(partial(_answer, office, question, language))
    result = InlineQueryResultArticle("answer", _title(question, language), _content(html))
    await message.answer_guest_query(result)


def _answer(office: Office, question: str, language: str) -> str:
    """The answer of the shared articles in one message; it waits, so call it in a thread."""
    answerer = office.answerers.shared
    found = answerer.answer(question)
    if found.kind in POLITE:
        return polite_view(found.kind, language).last
    reply = replies.make_reply(
        found, Conversation(0), 0, library=answerer.library.chat, articles=answerer.count_articles()
    )
    return single_message(reply, found.passages, language)


def _result(passage: Passage, number: int, language: str) -> InlineQueryResultArticle:
    html = markup.fill(markup.passage_blocks(passage, language))[0]
    return InlineQueryResultArticle(
        str(number),
        markup.shortened(passage.article.title, TITLE),
        _content(html),
        description=markup.shortened(passage.article.cut(passage.best), DESCRIPTION),
    )


def _content(html: str) -> InputTextMessageContent:
    return InputTextMessageContent(html, parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW)


def _title(question: str, language: str) -> str:
    return markup.shortened(question, TITLE) or phrase("ask", language)
