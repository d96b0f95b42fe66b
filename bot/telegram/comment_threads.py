"""Which post of a channel the messages of a discussion group are about."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine
from telegram import Chat, Message, MessageOriginChannel

from bot.telegram.addressing import GROUPS
from bot.telegram.store import posts
from bot.telegram.store.posts import Forward


@dataclass(frozen=True, slots=True)
class CommentedPost:
    """The post *message* of *channel*, which stands above a *thread* of comments."""

    channel: int
    message: int
    thread: int


def read_forward(message: Message) -> Forward | None:
    """The post that *message* is Telegram's copy of, None when it is no copy."""
    origin = message.forward_origin
    if not message.is_automatic_forward or not isinstance(origin, MessageOriginChannel):
        return None
    return Forward(message.chat_id, message.message_id, origin.chat.id, origin.message_id)


def is_in_thread(message: Message) -> bool:
    """Whether *message* belongs to a thread, which may be that of a post."""
    return message.message_thread_id is not None or message.reply_to_message is not None


def find_commented_post(engine: Engine, message: Message) -> CommentedPost | None:
    """The post that *message* is a comment on, None when it is none; it waits."""
    if message.chat.type not in GROUPS:
        return None
    thread = message.message_thread_id
    original = message.reply_to_message
    copy = read_forward(original) if original is not None else None
    if copy is not None:
        return CommentedPost(copy.channel, copy.post, thread or copy.message)
    if thread is None:
        return None
    copy = posts.find_forward(engine, message.chat_id, thread)
    return None if copy is None else CommentedPost(copy.channel, copy.post, thread)


def find_linked_channel(engine: Engine, chat: Chat) -> int | None:
    """The channel whose posts are discussed in the group *chat*, if one was seen; it waits."""
    if chat.type not in GROUPS:
        return None
    copy = posts.latest_forward(engine, chat.id)
    return None if copy is None else copy.channel
