"""What the bot does at words that are no question: "help", "thanks", "show me more"."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Engine

from bot.phrases import phrase
from bot.telegram import sending
from bot.telegram.bot_context import BotContext
from bot.telegram.chat_question import ChatQuestion
from bot.telegram.store import replies
from bot.telegram.store.quoted_passages import find_passages
from bot.telegram.store.reply_values import Reply
from bot.telegram.views import View, answer_view, context_view, more_view
from bot.wishes import ABOUT_ANSWER, ORDINALS, SAID, Wish
from index.datatypes import Passage
from index.storage.library import Library

_VOTES = {"good": 1, "bad": -1, "wrong": -1}


async def grant_wish(context: BotContext, question: ChatQuestion, wish: Wish) -> bool:
    """Do what the message of *question* wishes; False when it is a question after all."""
    view = await context.run(_granted, context.engine, question, wish)
    if view is None:
        return False
    await sending.reply_with_view(question.message, view)
    return True


def _granted(engine: Engine, question: ChatQuestion, wish: Wish) -> View | None:
    """What is replied to *wish*, None when it is a question; call it in a thread."""
    language = question.language
    if wish.kind not in ABOUT_ANSWER:
        return View((phrase(SAID.get(wish.kind, "help"), language),))
    reply = replies.last(engine, question.conversation)
    if reply is None:
        if wish.kind == "short":  # a summary of the article
            return None
        return View((phrase("nothing_yet", language),))
    if wish.kind in _VOTES:
        which = (reply.conversation.chat, reply.id)
        replies.vote(engine, *which, question.asker, _VOTES[wish.kind])
        return View((phrase("noted" if _VOTES[wish.kind] > 0 else "corrected", language),))
    passages = find_passages(Library(engine, reply.library), reply.passages)
    if passages is None:  # the articles have changed meanwhile
        return View((phrase("nothing_yet", language),))
    return _turned_over(reply, passages, wish, language)


def _turned_over(reply: Reply, passages: Sequence[Passage], wish: Wish, language: str) -> View:
    """Another view of *reply*: what the buttons below it show too, or its sentence alone."""
    if wish.kind == "short" and passages:
        return answer_view(reply, passages, language, short=True)
    if wish.kind == "more" and len(passages) > reply.shown:
        return more_view(reply, passages, reply.shown, language)
    meant = passages[ORDINALS.get(wish.kind, 0) :]
    if wish.kind == "more" or not meant:
        return View((phrase("nothing_more", language),))
    return context_view(reply, meant, language)
