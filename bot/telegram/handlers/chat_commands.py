"""Commands that are about the bot itself, not about articles."""

from __future__ import annotations

from telegram import Message, Update
from telegram.constants import ChatType

from bot.phrases import phrase
from bot.telegram import sending
from bot.telegram.addressing import GROUPS, command_argument
from bot.telegram.admins import is_from_admin
from bot.telegram.bot_context import BotContext
from bot.telegram.handlers.article_choice import ARTICLE_LINK_PREFIX, narrow_to
from bot.telegram.profile import notes
from bot.telegram.store import chats
from bot.telegram.update_filters import given


async def start(update: Update, context: BotContext) -> None:
    """/start: a greeting, or with the payload of a deep link its article."""
    message = given(update.message)
    payload = context.args[0] if context.args else ""
    if payload.startswith(ARTICLE_LINK_PREFIX) and message.chat.type == ChatType.PRIVATE:
        await narrow_to(context, message, payload.removeprefix(ARTICLE_LINK_PREFIX))
        return
    await sending.reply_with_text(message, phrase("start", context.language_for(message.from_user)))


async def show_help(update: Update, context: BotContext) -> None:
    """/help: how to ask; admins also hear what they can do."""
    message = given(update.message)
    language = context.language_for(message.from_user)
    lines = [phrase("help", language)]
    if await _is_in_charge(context, message):
        lines += [phrase("help_group", language), phrase("help_channel", language)]
        lines += [f"⚠️ {note}" for note in notes(context.bot.bot, language)]
    await sending.reply_with_text(message, "\n".join(lines))


async def set_quiet(update: Update, context: BotContext) -> None:
    """/quiet [off]: whether the group wants a reaction instead of a refusal."""
    message = given(update.message)
    language = context.language_for(message.from_user)
    if not await is_from_admin(context.bot, message):
        await sending.reply_with_text(message, phrase("admins_only", language))
        return
    quiet = command_argument(message).lower() != "off"
    engine, chat = context.engine, message.chat_id
    await context.run(chats.change_setting, engine, chat, "quiet", quiet)
    await sending.reply_with_text(message, phrase("quiet_on" if quiet else "quiet_off", language))


async def no_command(update: Update, context: BotContext) -> None:
    """A command that the bot does not have, in a private chat."""
    message = given(update.message)
    await sending.reply_with_text(
        message, phrase("no_command", context.language_for(message.from_user))
    )


async def _is_in_charge(context: BotContext, message: Message) -> bool:
    """Whether who wrote *message* is an operator of the bot, or an admin of the group."""
    sender = message.from_user
    if sender is not None and sender.id in context.settings.operators:
        return True
    return message.chat.type in GROUPS and await is_from_admin(context.bot, message)
