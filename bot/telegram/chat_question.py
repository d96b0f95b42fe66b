"""A question as it is put in a chat: who asks, in which conversation, and which articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from telegram import Message, User

from bot.telegram.bot_context import BotContext
from bot.telegram.comment_threads import CommentedPost, find_commented_post, find_linked_channel
from bot.telegram.post_articles import find_article_of_post
from bot.telegram.store.reply_values import Conversation


@dataclass(frozen=True, slots=True)
class ChatQuestion:
    """
    A question that somebody put to the bot with *message*.

    *libraries* are the chats whose articles may answer, the first that has any does; *language* is
    the one to speak in; *article* narrows it to one. An *open* one was put to nobody, so only an
    answer is replied to it. One that was *pressed* stands on a button below *message*; *replaces*
    is the reply that it had before it was edited. *added*: what came with it is the article that is
    asked.
    """

    message: Message
    text: str
    conversation: Conversation
    libraries: Sequence[str]
    language: str
    article: str | None = None
    open: bool = False
    short: bool = False
    pressed: User | None = None
    replaces: int = 0
    added: bool = False

    @property
    def asker(self) -> int:
        """The id of who asked; of Telegram's stand-in, or of the channel, where it is hidden."""
        sender = self.pressed or self.message.from_user
        return sender.id if sender else self.message.chat_id


def conversation_of(message: Message) -> Conversation:
    """The conversation of *message*: its chat, and its topic if it is in one."""
    # In a group without topics every chain of replies has a thread id, which is no topic.
    topic = message.message_thread_id if message.is_topic_message else None
    return Conversation(message.chat_id, topic or 0)


async def read_question(
    context: BotContext,
    message: Message,
    text: str,
    *,
    open_: bool = False,
    pressed: User | None = None,
) -> ChatQuestion:
    """Find out which articles *text* is put to: those of the post, the chat, its channel."""
    language = context.language_for(pressed or message.from_user)
    short = context.chat_settings.short
    conversation = conversation_of(message)
    libraries = [str(message.chat_id)]
    post = await context.run(find_commented_post, context.engine, message)
    channel = await context.run(find_linked_channel, context.engine, message.chat)
    if post is not None:
        channel = post.channel
        conversation = Conversation(message.chat_id, post.thread)
    article = None
    if channel is not None:
        libraries.append(str(channel))
        article = await _article_of(context, channel, post)
        libraries = libraries if article is None else libraries[1:]
    return ChatQuestion(
        message, text, conversation, libraries, language, article, open_, short, pressed
    )


async def _article_of(context: BotContext, channel: int, post: CommentedPost | None) -> str | None:
    await context.shared.inbox.wait_for_earlier(channel)  # what was posted before is read first
    return await context.run(find_article_of_post, context.engine, post)
