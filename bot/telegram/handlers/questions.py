"""Questions: from private chats, groups, and comments."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from telegram import Message, Update
from telegram.constants import ChatType

from bot.phrases import phrase
from bot.telegram import sending
from bot.telegram.addressing import (
    addressed_question,
    asks_openly,
    command_argument,
    replied_question,
    words_of,
)
from bot.telegram.bot_context import BotContext
from bot.telegram.brought_sources import document_of
from bot.telegram.chat_answer import answer_in_chat
from bot.telegram.chat_question import read_question
from bot.telegram.comment_threads import is_in_thread
from bot.telegram.handlers.bringing import take_brought, told_of_document
from bot.telegram.store import replies
from bot.telegram.update_filters import given

ALBUM_GAP = 2.0  # seconds; the pictures of an album come within moments of each other


async def ask(update: Update, context: BotContext) -> None:
    """/ask QUESTION, or /ask as a reply to a message with a question."""
    message = given(update.message)
    text = command_argument(message) or replied_question(message)
    await answer_in_chat(context, await read_question(context, message, text))


async def private_message(update: Update, context: BotContext) -> None:
    """
    Any text in a private chat is a question, unless it brings an article.

    What is no text is told so.
    """
    message = given(update.message)
    parts = context.shared.parts
    if document_of(message) is None and await parts.goes_on(message):
        if begun := await parts.paste_with(message):
            context.go_on_beside(parts.wait_for_whole(message, begun))
        return
    if await take_brought(context, message):
        return
    if words_of(message):
        question = await read_question(context, message, words_of(message))
        await answer_in_chat(context, question)
    elif message.media_group_id:
        if await parts.is_first_to_wait(message):
            context.bot_data.start(_tell_of_album(message, context))
    elif message.effective_attachment is not None:
        await _tell_what_is_read(message, context)


async def edited_question(update: Update, context: BotContext) -> None:
    """A question that was answered and says something else now: the reply is changed with it."""
    message = given(update.edited_message)
    text = _asked_by(message, context)
    before = await context.run(
        replies.find_sent, context.engine, message.chat_id, message.message_id
    )
    # A reaction arrives as an edit, too; what was no question is left alone when it is edited.
    if text and before is not None and text != before.question:
        question = replace(await read_question(context, message, text), replaces=before.id)
        await answer_in_chat(context, question, before)
        await context.run(replies.forget, context.engine, message.chat_id, before.id)


def _asked_by(message: Message, context: BotContext) -> str | None:
    """What *message* asks the bot, None when nothing."""
    if message.text and message.text.startswith("/"):
        return command_argument(message)
    if message.chat.type == ChatType.PRIVATE:
        return words_of(message)
    return addressed_question(message, context.bot.bot)


async def _tell_of_album(message: Message, context: BotContext) -> None:
    """Say that no picture is read, unless a later one of the album has a caption."""
    await asyncio.sleep(ALBUM_GAP)
    if not await context.shared.parts.goes_on(message):
        await _tell_what_is_read(message, context)


async def _tell_what_is_read(message: Message, context: BotContext) -> None:
    told = phrase("only_text", context.language_for(message.from_user))
    await sending.reply_with_text(message, told)


async def group_message(update: Update, context: BotContext) -> None:
    """In a group only what is meant for the bot is a question, and what is asked under a post."""
    message = given(update.message)
    text = addressed_question(message, context.bot.bot)
    if message.sticker is not None:
        return  # in reply to an answer it asks nothing
    if message.media_group_id and await context.shared.parts.goes_on(message):
        return
    if text == "" and document_of(message) is not None:
        await sending.reply_with_text(message, told_of_document(context, message))
    elif text == "" and message.effective_attachment is not None:
        await _tell_what_is_read(message, context)
    elif text is not None:
        await answer_in_chat(context, await read_question(context, message, text))
        return
    words = words_of(message)
    if is_in_thread(message) and asks_openly(words, context.language_for(message.from_user)):
        question = await read_question(context, message, words, open_=True)
        if question.article is not None:
            await answer_in_chat(context, question)
