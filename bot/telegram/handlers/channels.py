"""Channels: posts become articles, and their admins say whether."""

from __future__ import annotations

import re
from contextlib import suppress
from html import escape

from telegram import ChatFullInfo, Message, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.phrases import phrase
from bot.telegram import sending
from bot.telegram.addressing import command_argument, replied_question, words_of
from bot.telegram.admins import is_admin
from bot.telegram.bot_context import BotContext
from bot.telegram.chat_answer import answer_in_chat
from bot.telegram.chat_question import ChatQuestion
from bot.telegram.comment_threads import read_forward
from bot.telegram.handlers import forgetting_chats
from bot.telegram.post_articles import drop_post, index_post
from bot.telegram.store import chats, posts
from bot.telegram.store.reply_values import Conversation
from bot.telegram.update_filters import given

DONE_REACTION = "👍"  # what the bot says in a channel, where it posts nothing by itself
_COMMAND = re.compile(r"/(ask|index|remove|forget)(?:@(\w+))?(?:\s|$)", re.IGNORECASE)
_SWITCHES = frozenset({"on", "off"})


async def channel_post(update: Update, context: BotContext) -> None:
    """A new post: a command of the channel's admins, who alone can write there, or an article."""
    post = given(update.channel_post)
    command = _COMMAND.match(words_of(post))
    if command is None:
        await context.run(index_post, context.shared, post)
    elif (command[2] or context.bot.username).lower() != context.bot.username.lower():
        return  # it is for another bot
    elif command[1].lower() == "remove":
        await _remove_here(context, post)
    elif command[1].lower() == "forget":
        await forgetting_chats.forget(update, context)
    elif command[1].lower() == "ask":
        text = command_argument(post) or replied_question(post)
        libraries = (str(post.chat_id),)
        conversation = Conversation(post.chat_id)
        question = ChatQuestion(post, text, conversation, libraries, context.language_for(None))
        await answer_in_chat(context, question)
    else:
        await _index_here(context, post)


async def edited_post(update: Update, context: BotContext) -> None:
    """An edited post: its article is replaced."""
    post = given(update.edited_channel_post)
    if not _COMMAND.match(words_of(post)):
        await context.run(index_post, context.shared, post)


async def copied_post(update: Update, context: BotContext) -> None:
    """A post that Telegram copied into the discussion group: remember which post it is."""
    copy = read_forward(given(update.message))
    if copy is not None:
        await context.run(posts.save_forward, context.engine, copy)


async def index_from_afar(update: Update, context: BotContext) -> None:
    """/index on @channel, said in private by an admin of the channel or an operator."""
    message = given(update.message)
    language = context.language_for(message.from_user)
    word, _, name = command_argument(message).partition(" ")
    word, name = word.lower(), name.strip()
    if word not in _SWITCHES or not name:
        await sending.reply_with_text(message, phrase("index_usage", language))
        return
    channel = await _find_channel(context, name)
    if channel is None:
        text = phrase("index_unknown", language, chat=escape(name))
        await sending.reply_with_text(message, text)
        return
    if not await _may_index(context, channel.id, message):
        await sending.reply_with_text(message, phrase("admins_only", language))
        return
    await _switch(context, channel.id, word)
    title = escape(channel.title or name)
    await sending.reply_with_text(message, phrase(f"index_{word}", language, chat=title))


async def _may_index(context: BotContext, channel: int, message: Message) -> bool:
    """Whether who wrote *message* decides what becomes of the posts of *channel*."""
    sender = message.from_user
    if sender is None:
        return False
    return sender.id in context.settings.operators or await is_admin(
        context.bot, channel, sender.id
    )


async def _index_here(context: BotContext, post: Message) -> None:
    word = command_argument(post).lower()
    if word not in _SWITCHES:
        return
    await _switch(context, post.chat_id, word)
    with suppress(TelegramError):  # the channel may not allow reactions
        await post.set_reaction(DONE_REACTION)


async def _remove_here(context: BotContext, post: Message) -> None:
    """/remove in reply to a post: it is an article no more."""
    original = post.reply_to_message
    if original is None:
        return
    title = await context.run(drop_post, context.shared, post.chat_id, original.message_id)
    if title is not None:
        with suppress(TelegramError):  # the channel may not allow reactions
            await post.set_reaction(DONE_REACTION)


async def _switch(context: BotContext, channel: int, word: str) -> None:
    on = word == "on"
    await context.run(chats.change_setting, context.engine, channel, "indexed", on)


async def _find_channel(context: BotContext, name: str) -> ChatFullInfo | None:
    """Find the channel called *name*, @name, a link to it or its id, if the bot can see it."""
    name = name.removeprefix("https://t.me/")
    known = name if re.fullmatch(r"-?\d+", name) else f"@{name.removeprefix('@')}"
    try:
        chat = await context.bot.get_chat(known)
    except (BadRequest, Forbidden):
        return None
    return chat if chat.type == ChatType.CHANNEL else None
