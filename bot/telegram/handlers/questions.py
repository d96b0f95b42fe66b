"""Questions: from private chats, groups, comments and channels."""

from __future__ import annotations

from functools import partial

from cachetools import TTLCache
from telegram import Message, Update
from telegram.ext import ContextTypes

from bot.phrases import phrase
from bot.telegram import sending
from bot.telegram.addressing import (
    addressed_question,
    asks_openly,
    command_argument,
    is_from_person,
    replied_question,
    words_of,
)
from bot.telegram.bot_context import Office
from bot.telegram.chat_question import Inquiry, answer, conversation_of, speaks
from bot.telegram.markup import utf16_length
from bot.telegram.store import posts
from bot.telegram.store.replies import Conversation

Context = ContextTypes.DEFAULT_TYPE

# A text that is too long for one message (4,096 UTF-16 units) is cut by the sender's client; the
# pieces come within moments of each other, and one reply is enough for all of them.
CUT = 3_900  # characters; clients cut at a space, so a piece may be a little shorter
MOMENTS = 4.0  # seconds


class Pieces:
    """Messages that belong to an earlier one: the rest of a long text, the pictures of an album."""

    def __init__(self) -> None:
        self._seen: TTLCache[tuple[int, str], bool] = TTLCache(10_000, MOMENTS)

    def goes_on(self, message: Message) -> bool:
        """Whether *message* belongs to one that was replied to already."""
        whole = (message.chat_id, message.media_group_id or "text")
        seen = whole in self._seen
        if message.media_group_id or utf16_length(words_of(message)) > CUT:
            self._seen[whole] = True
        return seen


async def ask(office: Office, update: Update, _: Context) -> None:
    """/ask QUESTION, or /ask as a reply to a message with a question."""
    message = update.message
    if message is None or not is_from_person(message):
        return
    question = command_argument(message) or replied_question(message)
    await answer(office, await inquire(office, message, question))


async def private_message(office: Office, pieces: Pieces, update: Update, _: Context) -> None:
    """Any text in a private chat is a question; what is no text is told so."""
    message = update.message
    if message is None or not is_from_person(message) or pieces.goes_on(message):
        return
    if words_of(message):
        await answer(office, await inquire(office, message, words_of(message)))
    elif message.effective_attachment is not None:
        await sending.say(message, phrase("only_text", speaks(message)))


async def group_message(office: Office, update: Update, context: Context) -> None:
    """In a group only what is meant for the bot is a question, and what is asked under a post."""
    message = update.message
    if message is None or not is_from_person(message):
        return
    question = addressed_question(message, context.bot.bot)
    if question is not None:
        await answer(office, await inquire(office, message, question))
        return
    words = words_of(message)
    if posts.is_in_thread(message) and asks_openly(words, speaks(message)):
        inquiry = await inquire(office, message, words, open_=True)
        if inquiry.article is not None:
            await answer(office, inquiry)


async def inquire(
    office: Office, message: Message, question: str, *, open_: bool = False
) -> Inquiry:
    """Find out which articles *question* is put to: those of the post, the chat, its channel."""
    conversation = conversation_of(message)
    libraries = [str(message.chat_id)]
    post = await office.run(partial(posts.find_post, office, message))
    channel = await office.run(partial(posts.linked_channel, office, message.chat))
    if post is not None:
        channel = post.channel
        conversation = Conversation(message.chat_id, post.thread)
    if channel is not None:
        libraries.append(str(channel))
        async with office.locks.of(channel):  # what was posted before the question is read first
            article = await office.run(partial(posts.article_of, office, post))
        if article is not None:
            return Inquiry(message, question, conversation, libraries[1:], article, open_)
    return Inquiry(message, question, conversation, libraries, None, open_)
