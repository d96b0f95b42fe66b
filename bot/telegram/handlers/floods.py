"""What is too much: of one person, of one chat, and of what waits."""

from __future__ import annotations

import datetime as dt
import logging
from contextlib import suppress

from telegram import Message, MessageEntity, Update
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import ApplicationHandlerStop

from bot.phrases import language_of, phrase
from bot.telegram import instruments, sending
from bot.telegram.addressing import GROUPS, STAND_INS, addressed_question, is_from_person
from bot.telegram.allowance import Allowance
from bot.telegram.bot_context import BotContext
from bot.telegram.inbox import Overflow
from bot.telegram.store_thread import StoreThread
from bot.telegram.telegram_time import age_of

log = logging.getLogger(__name__)


async def draw_on_allowance(update: Update, context: BotContext) -> None:
    """
    Let pass what its person and its group may still want of the bot.

    The first that is too much is told so, the others of that minute get nothing.
    """
    if not _wants_something(update):
        return
    if _has_waited(update, context.settings.max_age):
        log.warning("update %d has waited for too long and is dropped", update.update_id)
        instruments.drop("age")
        raise ApplicationHandlerStop
    shared, chat = context.shared, update.effective_chat
    verdict = await shared.updates.take(_person_of(update))
    name = "slow_down"
    if verdict == "free" and chat is not None and chat.type in GROUPS:
        verdict = await shared.group_updates.take(chat.id)
        name = "crowded"
    if verdict == "free":
        return
    instruments.drop("allowance")
    await _tell(update, name if verdict == "warn" else None)
    raise ApplicationHandlerStop


def make_overflow(store: StoreThread) -> Overflow:
    """What is done with updates that a chat has no room for: one line a minute says so."""
    lines = Allowance("crowded", 1, store)

    async def overflow(update: Update) -> None:
        chat = update.effective_chat
        if chat is None or not _wants_something(update):
            return
        instruments.drop("waiting")
        first = await lines.take(chat.id) == "free"
        await _tell(update, "crowded" if first else None)

    return overflow


def _wants_something(update: Update) -> bool:
    """Whether the bot would answer *update*; of what is asked openly it need not."""
    if update.callback_query or update.inline_query or update.guest_message:
        return True
    message = update.message or update.edited_message
    if message is None or not is_from_person(message):
        return False
    if message.chat.type == ChatType.PRIVATE or _begins_with_a_command(message):
        return True
    return addressed_question(message, message.get_bot().bot) is not None


def _has_waited(update: Update, hours: float) -> bool:
    """Whether *update* is a message that was sent more than *hours* ago."""
    message = update.message or update.guest_message
    return message is not None and age_of(message.date) > dt.timedelta(hours=hours)


def _begins_with_a_command(message: Message) -> bool:
    first = message.entities[0] if message.entities else None
    return first is not None and first.type == MessageEntity.BOT_COMMAND and first.offset == 0


def _person_of(update: Update) -> int:
    """Whose allowance is taken: the group's or channel's where somebody hides behind it."""
    message, user = update.message, update.effective_user
    behind = message.sender_chat if message else None
    if behind is not None and (user is None or user.id in STAND_INS):
        return behind.id
    return user.id if user is not None else 0


async def _tell(update: Update, name: str | None) -> None:
    """Say the phrase *name* where *update* came from; with None only let a button stop waiting."""
    user = update.effective_user
    said = phrase(name, language_of(user.language_code if user else None)) if name else None
    if update.callback_query is not None:
        with suppress(TelegramError):  # it may be too old
            await update.callback_query.answer(said)
    elif update.message is not None and said is not None:
        await sending.reply_with_text(update.message, said)
