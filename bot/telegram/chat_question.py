"""From a question in a chat to its reply: the one way that all chats share."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from functools import partial

from telegram import Message
from telegram.constants import ChatAction, ChatType
from telegram.error import TelegramError

from bot.phrases import POLITE, language_of, phrase
from bot.telegram import sending
from bot.telegram.addressing import GROUPS, STAND_INS
from bot.telegram.bot_context import Office
from bot.telegram.store import chats, replies
from bot.telegram.store.replies import Conversation, Reply
from bot.telegram.views import answer_view, polite_view
from index.answering import MAX_QUESTION
from index.datatypes import Passage
from index.errors import NotFoundError

log = logging.getLogger(__name__)

TYPING = 4.5  # seconds; Telegram shows it for five
SHRUG = "🤷"  # one of the emoji that Telegram takes as a reaction


@dataclass(frozen=True, slots=True)
class Inquiry:
    """
    A question that somebody put to the bot with *message*.

    *libraries* are the chats whose articles may answer, the first that has any does; *article*
    narrows it to one. An *open* one was put to nobody, so only an answer is replied to it.
    """

    message: Message
    question: str
    conversation: Conversation
    libraries: Sequence[str]
    article: str | None = None
    open: bool = False

    @property
    def language(self) -> str:
        """The language to speak with who asked."""
        return speaks(self.message)

    @property
    def asker(self) -> int:
        """The id of who asked; of Telegram's stand-in, or of the channel, where it is hidden."""
        sender = self.message.from_user
        return sender.id if sender else self.message.chat_id


def speaks(message: Message) -> str:
    """The language to speak with who wrote *message*."""
    return language_of(message.from_user.language_code if message.from_user else None)


def conversation_of(message: Message) -> Conversation:
    """The conversation of *message*: its chat, and its topic if it is in one."""
    # In a group without topics every chain of replies has a thread id, which is no topic.
    topic = message.message_thread_id if message.is_topic_message else None
    return Conversation(message.chat_id, topic or 0)


async def answer(office: Office, inquiry: Inquiry) -> None:
    """Answer *inquiry* where it was asked."""
    if not await _admit(office, inquiry):
        return
    silent = inquiry.open or inquiry.message.chat.type == ChatType.CHANNEL
    async with nullcontext() if silent else typing(inquiry.message):
        reply, passages = await office.run(partial(look_up, office, inquiry))
    if inquiry.open and not (reply.answered and passages):
        return
    if await _only_reacts(office, inquiry, reply):
        return
    if reply.kind in POLITE:
        view = polite_view(reply.kind, inquiry.language)
    else:
        view = answer_view(reply, passages, inquiry.language)
    await sending.reply(inquiry.message, view)


def look_up(office: Office, inquiry: Inquiry) -> tuple[Reply, list[Passage]]:
    """Ask the articles, and remember what they answer; it waits, so call it in a thread."""
    answerer = office.answerers.first_with_articles(inquiry.libraries)
    scope = inquiry.article or chats.scope_of(office.engine, inquiry.conversation)
    history = replies.earlier_questions(office.engine, inquiry.conversation)
    try:
        found = answerer.answer(inquiry.question, article=scope, history=history)
    except NotFoundError:  # the article that the chat was narrowed to is gone
        chats.narrow(office.engine, inquiry.conversation, None)
        scope = None
        found = answerer.answer(inquiry.question, history=history)
    reply = replies.make_reply(
        found,
        inquiry.conversation,
        inquiry.asker,
        library=answerer.library.chat,
        articles=answerer.count_articles(scope),
    )
    if found.passages and (found.answered or not inquiry.open):
        reply = replace(reply, id=replies.remember(office.engine, reply))
    return reply, [*found.passages, *found.further]


@asynccontextmanager
async def typing(message: Message) -> AsyncIterator[None]:
    """Show that the bot is at work, where *message* was written, until it is done."""

    async def show() -> None:
        while True:
            with suppress(TelegramError):  # an answer is worth more than this
                await message.reply_chat_action(ChatAction.TYPING)
            await asyncio.sleep(TYPING)

    task = asyncio.create_task(show())
    try:
        yield
    finally:
        task.cancel()


async def _admit(office: Office, inquiry: Inquiry) -> bool:
    """Whether *inquiry* can be looked up; if not, who asked is told why."""
    message, language = inquiry.message, inquiry.language
    allowance = office.allowance.take(_counted(inquiry))
    too_long = len(inquiry.question) > MAX_QUESTION
    if allowance == "free" and inquiry.question.strip() and not too_long:
        return True
    if inquiry.open or allowance == "over":
        return False
    if allowance == "warn":
        await sending.say(message, phrase("slow_down", language))
    elif too_long:
        await sending.say(message, phrase("too_long", language, limit=f"{MAX_QUESTION:,}"))
    else:
        await sending.say(message, phrase("ask_what", language))
    return False


def _counted(inquiry: Inquiry) -> int:
    """Whose allowance *inquiry* is taken from."""
    behind = inquiry.message.sender_chat
    return behind.id if behind and inquiry.asker in STAND_INS else inquiry.asker


async def _only_reacts(office: Office, inquiry: Inquiry, reply: Reply) -> bool:
    """Whether the group wants a reaction instead of a refusal, and got it."""
    message = inquiry.message
    if reply.kind != "answer" or reply.answered or message.chat.type not in GROUPS:
        return False
    if not await office.run(partial(chats.setting, office.engine, message.chat_id, "quiet")):
        return False
    try:
        return await message.set_reaction(SHRUG)
    except TelegramError as exc:  # the group may not allow it
        log.info("chat %d takes no reaction (%s)", message.chat_id, exc)
        return False
