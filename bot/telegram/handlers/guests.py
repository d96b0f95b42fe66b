"""Guest mode: called into a chat that the bot is no member of, on shared articles only."""

from __future__ import annotations

from telegram import InlineQueryResultArticle, Update

from bot.phrases import POLITE, numeral, phrase
from bot.telegram import instruments
from bot.telegram.addressing import addressed_question, words_of
from bot.telegram.bot_context import BotContext
from bot.telegram.markup import shortened
from bot.telegram.sending import as_content
from bot.telegram.store import reply_values
from bot.telegram.store.reply_values import Conversation
from bot.telegram.update_filters import given
from bot.telegram.views import polite_view, single_message
from index.answering import Answerer
from index.text.messages import MAX_QUESTION

MAX_TITLE = 100  # characters of the question, which names the reply


async def guest_message(update: Update, context: BotContext) -> None:
    """Answer a message that calls the bot into a chat that it is no member of."""
    message = given(update.guest_message)
    language = context.language_for(message.from_user)
    question = addressed_question(message, context.bot.bot)
    question = words_of(message) if question is None else question
    if not question.strip():
        html = phrase("inline_ask", language)
    elif len(question) > MAX_QUESTION:
        html = phrase("too_long", language, limit=numeral(MAX_QUESTION, language))
    else:
        html = await context.run(_answer, context.answerers.shared, question, language)
    title = shortened(question, MAX_TITLE) or phrase("ask", language)
    result = InlineQueryResultArticle("answer", title, as_content(html))
    await message.answer_guest_query(result)


def _answer(answerer: Answerer, question: str, language: str) -> str:
    """What the articles say to *question*, in one message; call it in a thread."""
    answer = answerer.answer(question)
    instruments.note_answer("guest", answer.tier)
    if answer.kind in POLITE:
        return polite_view(answer.kind, language).last
    library, articles = answerer.library.chat, answerer.count_articles()
    reply = reply_values.make_reply(answer, Conversation(0), 0, library=library, articles=articles)
    return single_message(reply, reply_values.passages_of(answer), language)
