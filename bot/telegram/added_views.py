"""What is said of articles: of those that were just added, and of one that is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message

from bot.phrases import languages, numeral, phrase
from bot.telegram.bot_context import BotContext, SharedResources
from bot.telegram.markup import MAX_TITLE, quiet_names, shortened
from bot.telegram.offered_questions import SUMMARY_QUESTION, offer_questions
from bot.telegram.views import View
from index.datatypes import Article
from index.errors import ArticleBotError

if TYPE_CHECKING:
    from bot.telegram.article_adding import Stored

# What the buttons of an article do, as their data says it behind its key.
USE, RENAME, REMOVE, SURE = "use", "name", "rm", "sure"


async def added_view(
    context: BotContext, message: Message, stored: Sequence[Stored], refusal: str, language: str
) -> View:
    """What became of a source: the article, with questions and buttons, or why it is none."""
    if not stored:
        return View((refusal,))
    if len(stored) > 1 or refusal:
        number = sum(article.new for article in stored)
        said = phrase("added_several", language, count=numeral(number, language))
        return View((f"{said}\n{refusal}".strip(),))
    [added] = stored
    offered = await context.run(_offer, context.shared, message.chat_id, added.article.id)
    name = "added" if added.new else "added_before"
    parts = [f"{phrase(name, language)} {description(added.article, language)}"]
    parts += [phrase("start_questions", language)] if offered else []
    rows = [
        [InlineKeyboardButton(question, callback_data=f"q:{number}:{added.key}")]
        for number, question in enumerate(offered)
    ]
    rows.append(
        [article_button(added.key, RENAME, language), article_button(added.key, REMOVE, language)]
    )
    return View(("\n\n".join(parts),), InlineKeyboardMarkup(rows))


def description(article: Article, language: str) -> str:
    """The title of *article*, its length and its language, as HTML."""
    title = quiet_names(shortened(article.title, MAX_TITLE), "<b>", "</b>")
    size = phrase("characters", language, count=numeral(len(article.text), language))
    return f"{title}\n{size} · {_language_name(article.language)}"


def article_button(key: int, what: str, language: str) -> InlineKeyboardButton:
    """A button that does *what* with the article *key*."""
    label = phrase(f"button_{what}", language)
    return InlineKeyboardButton(label, callback_data=f"a:{key}:{what}")


def _language_name(code: str) -> str:
    return phrase("language_name", code) if code in languages() else code


def _offer(shared: SharedResources, chat: int, article: str) -> tuple[str, ...]:
    try:
        answerer = shared.answerers.first_with_articles([str(chat)])
        return offer_questions(answerer, article)
    except ArticleBotError:  # the article is there all the same
        return (SUMMARY_QUESTION,)
