"""Where the bot is: added to a chat, or moved with it."""

from __future__ import annotations

import logging
from contextlib import suppress

from telegram import ChatMember, ChatMemberUpdated, Message, Update
from telegram.constants import ChatType, ParseMode
from telegram.error import TelegramError
from telegram.ext import ApplicationHandlerStop

from bot.phrases import language_of, phrase
from bot.telegram.addressing import GROUPS
from bot.telegram.bot_context import BotContext
from bot.telegram.store import chats, departures
from bot.telegram.update_filters import given
from index.errors import LibraryError, UnreachableError
from index.retrieval.forgetting import forget
from index.storage.library import Library

log = logging.getLogger(__name__)

OUTSIDE = (ChatMember.LEFT, ChatMember.BANNED)


async def leave_unserved_chat(update: Update, context: BotContext) -> None:
    """Leave groups and channels that the operator does not allow, and hear nothing in them."""
    chat = update.effective_chat
    if chat is None or update.guest_message is not None or context.serves(chat):
        return
    change = update.my_chat_member
    if change is not None:
        await _note_presence(context, change)
    if change is None or change.new_chat_member.status not in OUTSIDE:
        log.info("the chat %d is not in ARTICLE_BOT_CHATS, so the bot leaves it", chat.id)
        with suppress(TelegramError):  # it may be out already
            await context.bot.leave_chat(chat.id)
    raise ApplicationHandlerStop


async def read_settings(update: Update, context: BotContext) -> None:
    """Let the handlers know what the chat, or who asks from no chat, has chosen."""
    owner = update.effective_chat or update.effective_user
    if owner is None:
        return
    try:
        context.chat_settings = await context.run(chats.read_settings, context.engine, owner.id)
    except UnreachableError:  # then nothing can be answered
        raise
    except LibraryError as exc:  # what is asked may be answered all the same
        log.warning("the settings of chat %d are not known (%s)", owner.id, exc)


async def membership(update: Update, context: BotContext) -> None:
    """The bot was added to a group: greet it, once; in a channel it says nothing."""
    change = given(update.my_chat_member)
    chat = change.chat
    await _note_presence(context, change)
    if change.new_chat_member.status in OUTSIDE or chat.type == ChatType.PRIVATE:
        return
    if change.old_chat_member.status not in OUTSIDE or chat.type not in GROUPS:
        return
    log.info("the bot was added to the group %d", chat.id)
    # Without privacy mode mentions arrive too.
    name = "joined_mention" if context.bot.bot.can_read_all_group_messages else "joined"
    language = language_of(change.from_user.language_code)
    try:
        await context.bot.send_message(chat.id, phrase(name, language), parse_mode=ParseMode.HTML)
    except TelegramError as exc:
        log.info("the chat %d cannot be greeted (%s)", chat.id, exc)


async def _note_presence(context: BotContext, change: ChatMemberUpdated) -> None:
    """Note since when the bot is out of a chat, whose articles go then, or that it is in."""
    chat = change.chat.id
    if change.new_chat_member.status in OUTSIDE:
        log.info("the bot was removed from the chat %d", chat)
        await context.run(departures.note_departure, context.engine, chat)
    else:
        await context.run(departures.cancel_departure, context.engine, chat)


async def migration(update: Update, context: BotContext) -> None:
    """A group became a supergroup with another id: all that was its stays its own."""
    old, new = _moved_between(given(update.message))
    await context.run(chats.migrate, context.engine, old, new)
    library = Library(context.engine, str(old))
    await context.run(forget, library, context.settings.cache)
    log.info("the chat %d is now %d", old, new)


def _moved_between(message: Message) -> tuple[int, int]:
    """The ids that a group had before and has after *message*, which either of them gets."""
    if message.migrate_to_chat_id is not None:
        return message.chat_id, message.migrate_to_chat_id
    return given(message.migrate_from_chat_id), message.chat_id
