"""Channels: posts become articles, and their admins say whether."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import partial
from html import escape

from telegram import ChatFullInfo, Message, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import ContextTypes

from bot.phrases import phrase
from bot.telegram import sending
from bot.telegram.addressing import command_argument, is_from_person, replied_question, words_of
from bot.telegram.admins import is_admin
from bot.telegram.bot_context import Office
from bot.telegram.chat_question import Inquiry, answer, speaks
from bot.telegram.store import chats
from bot.telegram.store.posts import index_post
from bot.telegram.store.replies import Conversation

Context = ContextTypes.DEFAULT_TYPE

DONE = "👍"  # what the bot says in a channel, where it posts nothing by itself
_COMMAND = re.compile(r"/(ask|index)(?:@(\w+))?(?:\s|$)", re.IGNORECASE)


async def channel_post(office: Office, update: Update, context: Context) -> None:
    """A new post: a command of the channel's admins, who alone can write there, or an article."""
    post = update.channel_post
    if post is None:
        return
    command = _COMMAND.match(words_of(post))
    if command is None:
        await index_post(office, post)
    elif (command[2] or context.bot.username).lower() != context.bot.username.lower():
        return  # it is for another bot
    elif command[1].lower() == "ask":
        question = command_argument(post) or replied_question(post)
        conversation = Conversation(post.chat_id)
        await answer(office, Inquiry(post, question, conversation, (str(post.chat_id),)))
    else:
        await _index_here(office, post)


async def edited_post(office: Office, update: Update, _: Context) -> None:
    """An edited post: its article is replaced."""
    post = update.edited_channel_post
    if post is not None and not _COMMAND.match(words_of(post)):
        await index_post(office, post)


async def index_from_afar(office: Office, update: Update, context: Context) -> None:
    """/index on @channel, said in private by an admin of the channel or an operator."""
    message = update.message
    if message is None or message.from_user is None or not is_from_person(message):
        return
    language = speaks(message)
    word, _, name = command_argument(message).partition(" ")
    name = name.strip()
    if word.lower() not in {"on", "off"} or not name:
        await sending.say(message, phrase("index_usage", language))
        return
    channel = await _find_channel(context, name)
    if channel is None:
        await sending.say(message, phrase("index_unknown", language, chat=escape(name)))
        return
    user = message.from_user.id
    if user not in office.settings.operators and not await is_admin(context.bot, channel.id, user):
        await sending.say(message, phrase("admins_only", language))
        return
    await _switch(office, channel.id, word)
    title = escape(channel.title or name)
    await sending.say(message, phrase(f"index_{word.lower()}", language, chat=title))


async def _index_here(office: Office, post: Message) -> None:
    word = command_argument(post)
    if word.lower() not in {"on", "off"}:
        return
    await _switch(office, post.chat_id, word)
    with suppress(TelegramError):  # the channel may not allow reactions
        await post.set_reaction(DONE)


async def _switch(office: Office, channel: int, word: str) -> None:
    on = word.lower() == "on"
    await office.run(partial(chats.change_setting, office.engine, channel, "indexed", value=on))


async def _find_channel(context: Context, name: str) -> ChatFullInfo | None:
    """Find the channel called *name*, @name, a link to it or its id, if the bot can see it."""
    name = name.removeprefix("https://t.me/")
    known = name if re.fullmatch(r"-?\d+", name) else f"@{name.removeprefix('@')}"
    try:
        chat = await context.bot.get_chat(known)
    except (BadRequest, Forbidden):
        return None
    return chat if chat.type == ChatType.CHANNEL else None
