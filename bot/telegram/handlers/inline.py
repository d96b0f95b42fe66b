"""Inline mode: asked in any chat, on shared articles only."""

from __future__ import annotations

from telegram import InlineQueryResultArticle, InlineQueryResultsButton, Update
from telegram.error import BadRequest

from bot.phrases import certainty, phrase
from bot.telegram import instruments, markup
from bot.telegram.addressing import legible
from bot.telegram.bot_context import BotContext
from bot.telegram.sending import as_content
from bot.telegram.update_filters import given
from index.answering import Answerer
from index.datatypes import Passage

CACHE_TIME = 60  # seconds that Telegram keeps the results of a query
MAX_DESCRIPTION = 200  # characters of a passage below its title in the list of results
MAX_RESULT_TITLE = 100  # characters
# The parameter of /start behind the button of an inline query that has no results.
START_PARAMETER = "ask"


async def inline_query(update: Update, context: BotContext) -> None:
    """@bot QUESTION in any chat: the passages that answer, to be sent there by who asks."""
    query = given(update.inline_query)
    language = context.language_for(query.from_user)
    question = legible(query.query).strip()
    results: list[InlineQueryResultArticle] = []
    if question:
        answerer = context.answerers.shared
        results = await context.run(_find_results, answerer, question, language)
    label = phrase("inline_nothing" if question else "inline_ask", language)
    button = InlineQueryResultsButton(label, start_parameter=START_PARAMETER)
    try:
        await query.answer(
            results,
            cache_time=CACHE_TIME if question else 0,
            is_personal=True,  # it is in the language of who asks
            button=None if results else button,
        )
    except BadRequest:  # who types on has a newer query, and this one is too old
        return


def _find_results(
    answerer: Answerer, question: str, language: str
) -> list[InlineQueryResultArticle]:
    """The passages that answer *question*, none when nothing does; call it in a thread."""
    answer = answerer.answer(question)
    instruments.note_answer("inline", answer.tier)
    passages = answer.passages if answer.answered else ()
    said = certainty(answer.tier, language) if answer.kind == "answer" else ""
    return [
        _result(passage, number, language, "" if number else said)
        for number, passage in enumerate(passages)
    ]


def _result(passage: Passage, number: int, language: str, said: str) -> InlineQueryResultArticle:
    html = markup.fill(markup.passage_blocks(passage, language, said))[0]
    return InlineQueryResultArticle(
        str(number),
        markup.shortened(passage.article.title, MAX_RESULT_TITLE),
        as_content(html),
        description=markup.shortened(passage.article.cut(passage.best), MAX_DESCRIPTION),
    )
