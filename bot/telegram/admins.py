"""Who is an admin of a chat."""

from __future__ import annotations

from telegram import Bot, Chat, Message
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import BadRequest, Forbidden

from bot.telegram.addressing import is_anonymous_admin


async def is_admin(bot: Bot, chat: int | str, user: int) -> bool:
    """Whether *user* is an admin of *chat*; nobody is where the bot cannot see it."""
    try:
        member = await bot.get_chat_member(chat, user)
    except (BadRequest, Forbidden):
        return False
    return member.status in (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


async def is_from_admin(bot: Bot, message: Message) -> bool:
    """Whether an admin of its group wrote *message*, in the open or in the group's name."""
    if is_anonymous_admin(message):
        return True
    sender = message.from_user
    return sender is not None and await is_admin(bot, message.chat_id, sender.id)


async def may_decide(bot: Bot, chat: Chat, user: int) -> bool:
    """Whether *user* decides for *chat*: in private who talks to the bot, elsewhere an admin."""
    return chat.type == ChatType.PRIVATE or await is_admin(bot, chat.id, user)
