"""Posts of channels that are to be articles no more: Telegram tells of no deletion."""

from __future__ import annotations

from telegram import Message, MessageOriginChannel

from bot.phrases import phrase
from bot.telegram import sending
from bot.telegram.addressing import GROUPS
from bot.telegram.admins import is_admin, is_from_admin
from bot.telegram.bot_context import BotContext
from bot.telegram.comment_threads import read_forward
from bot.telegram.post_articles import drop_post
from bot.telegram.update_filters import given


async def remove_post(context: BotContext, message: Message) -> bool:
    """
    Drop the article of the post whose copy *message* replies to, when its admin says so.

    The copy is Telegram's own in the discussion group, or one that somebody has forwarded. False
    when there is no such post, or *message* is somebody's who has no say in it.
    """
    post = _post_replied_to(message)
    if post is None:
        return False
    channel, number = post
    if not await _decides(context, message, channel):
        return False
    title = await context.run(drop_post, context.shared, channel, number)
    if title is None:
        return False
    said = phrase("post_removed", context.language_for(message.from_user))
    await sending.reply_with_text(message, said)
    return True


def _post_replied_to(message: Message) -> tuple[int, int] | None:
    """The channel and the number of the post that *message* replies to, None for none."""
    original = message.reply_to_message
    origin = None if original is None else original.forward_origin
    if not isinstance(origin, MessageOriginChannel):
        return None
    return origin.chat.id, origin.message_id


async def _decides(context: BotContext, message: Message, channel: int) -> bool:
    """Whether who wrote *message* decides for *channel*: its admin, or one of its group."""
    if message.sender_chat is not None and message.sender_chat.id == channel:
        return True
    sender = message.from_user
    if sender is not None and sender.id in context.settings.operators:
        return True
    if sender is not None and await is_admin(context.bot, channel, sender.id):
        return True
    copied = read_forward(given(message.reply_to_message)) is not None
    return copied and message.chat.type in GROUPS and await is_from_admin(context.bot, message)
