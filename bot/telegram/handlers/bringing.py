"""Articles that people bring: documents, links, posts, long texts, and /add."""

from __future__ import annotations

import logging
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from telegram import Document, Message, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, TelegramError
from telegram.ext import filters

from bot.phrases import phrase
from bot.plain_text import describe_failure
from bot.telegram import sending
from bot.telegram.added_views import added_view
from bot.telegram.addressing import GROUPS, command_argument
from bot.telegram.admins import is_from_admin
from bot.telegram.article_adding import Stored, read_source, store_articles
from bot.telegram.bot_context import BotContext, in_thread
from bot.telegram.brought_sources import (
    Brought,
    Bundle,
    document_of,
    joined_text,
    named_text,
    read_any,
    read_argument,
    read_bundle,
)
from bot.telegram.chat_answer import answer_in_chat
from bot.telegram.chat_question import read_question
from bot.telegram.message_parts import is_cut
from bot.telegram.source_progress import SourceProgress
from bot.telegram.source_refusals import MAX_DOWNLOAD, refusal_of, too_large
from bot.telegram.update_filters import given
from bot.telegram.update_work import WORK
from bot.telegram.views import View
from index.errors import ArticleBotError, ArticleError, InterruptionError, Refusal

log = logging.getLogger(__name__)


class _CaptionAdds(filters.MessageFilter):
    """Messages whose caption says /add to this bot; handlers of commands look at texts only."""

    def filter(self, message: Message) -> bool:
        """Whether *message* passes."""
        command = (message.caption or "").split(maxsplit=1)[:1]
        name = f"/add@{message.get_bot().username}".lower()
        return bool(command) and command[0].lower() in {"/add", name}


CAPTION_ADDS = _CaptionAdds("CAPTION_ADDS")

PASTE_GAP = 2.0  # seconds in which the pieces of a text that a client has cut come one by one


async def add(update: Update, context: BotContext) -> None:
    """/add, behind it an address or a text, or in reply to a message, or below a document."""
    message = given(update.message)
    if not await may_change_library(context, message):
        return
    bundle = _asked_for(message)
    if bundle is None:
        usage = phrase("add_usage", context.language_for(message.from_user))
        await sending.reply_with_text(message, usage)
        return
    work = bring(context, message, bundle)
    if message.chat.type in GROUPS:  # others may ask meanwhile
        context.go_on_beside(_logging(work))
    else:
        await work


async def take_brought(context: BotContext, message: Message) -> bool:
    """Add what *message*, said in a private chat, brings; False when it brings nothing."""
    bundle = read_bundle(message)
    if bundle is None:
        return False
    text = bundle.sources[0].text
    if text and is_cut(text):
        await context.shared.parts.begin(message)
        context.go_on_beside(_logging(_bring_pieces(context, message)))
    else:
        await bring(context, message, bundle)
    return True


async def bring(context: BotContext, message: Message, bundle: Bundle) -> None:
    """Add all of *bundle* to the articles of the chat of *message*, and answer its question."""
    stored = None
    for brought in bundle.sources:
        stored = await _bring_one(context, message, brought) or stored
    if stored is not None and bundle.question.strip():
        question = await read_question(context, message, bundle.question)
        narrowed = replace(
            question, article=stored.article.id, libraries=(str(message.chat_id),), added=True
        )
        await answer_in_chat(context, narrowed)


async def may_change_library(context: BotContext, message: Message) -> bool:
    """Whether who wrote *message* decides what the chat has; a member of a group is told who."""
    if message.chat.type not in GROUPS or await is_from_admin(context.bot, message):
        return True
    said = phrase("admins_only", context.language_for(message.from_user))
    await sending.reply_with_text(message, said)
    return False


def _asked_for(message: Message) -> Bundle | None:
    """What /add means: what is behind it, what came with it, or what it replies to."""
    argument = command_argument(message)
    if document_of(message) is not None:
        found = read_bundle(message)
        return found and replace(found, question=argument)
    if argument:
        return read_argument(message, argument)
    original = message.reply_to_message
    found = read_any(original) if original is not None else None
    return found and replace(found, question="")


async def _bring_pieces(context: BotContext, message: Message) -> None:
    """Add the long text that *message* begins, with the pieces that come behind it."""
    pieces = await context.shared.parts.gather(message, PASTE_GAP)
    whole = named_text(joined_text(pieces))
    found = read_bundle(message)
    if len(pieces) == 1 and found is not None:
        whole = found.sources[0]
    await bring(context, message, Bundle((whole,)))


async def _bring_one(context: BotContext, message: Message, brought: Brought) -> Stored | None:
    """Add one source, and say how that goes; the article, None when there is none."""
    language = context.language_for(message.from_user)
    document = brought.document
    if document is not None and (document.file_size or 0) > MAX_DOWNLOAD:
        said = too_large(brought.name, document.file_size or 0, language)
        await sending.reply_with_text(message, said)
        return None
    progress = SourceProgress(message, brought.name, language)
    await progress.start()
    stored: list[Stored] = []
    refusal = ""
    try:
        await _work(context, message.chat_id, brought, progress, stored)
    except ArticleBotError as exc:
        refusal = refusal_of(exc, brought.name, language)
    except BaseException as exc:  # also when the bot is told to stop
        progress.cancel()
        if isinstance(exc, Exception) or WORK.get() is None:
            told = _told_of_failure(exc, brought.name, language)
            with suppress(TelegramError):
                await progress.finish(View((told,)))
        raise  # what is kept is done again by the next start, below the same message
    begun = WORK.get()
    if begun is not None and begun.taken_over:  # what is there already may be of that work
        stored = [replace(article, new=True) for article in stored]
    await progress.finish(await added_view(context, message, stored, refusal, language))
    return stored[0] if stored else None


def _told_of_failure(exc: BaseException, name: str, language: str) -> str:
    """What is said when something unexpected ends the work, or a stop that of memory."""
    if isinstance(exc, Exception):
        return phrase("failed", language)
    return refusal_of(InterruptionError(""), name, language)


async def _work(
    context: BotContext,
    chat: int,
    brought: Brought,
    progress: SourceProgress,
    stored: list[Stored],
) -> None:
    """Fetch, read and store; what is *stored* stays so when what comes behind fails."""
    shared = context.shared
    data = b"" if brought.document is None else await _download(brought.document, brought.name)
    reading = partial(read_source, shared, chat, brought, data, progress)
    found = await in_thread(shared.source_threads, reading)
    if not found:
        raise ArticleError(f"{brought.name} holds no article.", "empty")
    adding = partial(stored.extend, store_articles(shared, chat, found, progress))
    await in_thread(shared.adding_threads, adding)


async def _download(document: Document, name: str) -> bytes:
    """The bytes of *document*; raises ArticleError when Telegram does not give them."""
    try:
        file = await document.get_file()
        return bytes(await file.download_as_bytearray())
    except BadRequest as exc:
        refusal: Refusal = "long" if "too big" in str(exc).lower() else "unreachable"
        raise ArticleError(f"{name} cannot be had from Telegram ({exc}).", refusal) from exc
    except TelegramError as exc:
        raise ArticleError(f"{name} cannot be had from Telegram now.", "unreachable") from exc


async def _logging(work: Coroutine[Any, Any, None]) -> None:
    """Do *work* beside the updates of its chat; what goes wrong is logged here."""
    try:
        await work
    except Exception as exc:  # nobody else would hear of it
        log.error("something cannot be added: %s", describe_failure(exc))


def told_of_document(context: BotContext, message: Message) -> str:
    """What is said in a group to a document that nobody has added."""
    name = "add_in_group" if message.chat.type != ChatType.PRIVATE else "add_usage"
    return phrase(name, context.language_for(message.from_user))
