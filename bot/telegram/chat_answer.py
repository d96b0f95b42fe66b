"""From a question in a chat to its reply: the one way that all chats share."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import replace

from telegram import Message
from telegram.constants import ChatAction, ChatType
from telegram.error import TelegramError

from bot.language_note import deserves_language_note
from bot.phrases import POLITE, numeral, phrase
from bot.telegram import instruments, markup, sending
from bot.telegram.addressing import GROUPS, STAND_INS
from bot.telegram.bot_context import BotContext, SharedResources
from bot.telegram.chat_question import ChatQuestion
from bot.telegram.chat_wishes import grant_wish
from bot.telegram.markup import Block, quiet_names
from bot.telegram.store import chats, replies, reply_values
from bot.telegram.store.quoted_passages import find_passages
from bot.telegram.store.reply_values import Reply, SentReply
from bot.telegram.telegram_time import LATE, age_of
from bot.telegram.views import View, answer_view, polite_view, with_note
from bot.wishes import read_wish
from index.answering import Answerer
from index.datatypes import Answer, Turn
from index.errors import LibraryError, NotFoundError
from index.storage.library import Library
from index.text.messages import MAX_QUESTION

log = logging.getLogger(__name__)

TYPING_INTERVAL = 4.5  # seconds; Telegram shows it for five
REFUSAL_REACTION = "🤷"  # one of the emoji that Telegram takes as a reaction


async def answer_in_chat(
    context: BotContext, question: ChatQuestion, before: SentReply | None = None
) -> None:
    """Answer *question* where it was asked, in the place of the reply *before* if there is one."""
    if not await _admit(context, question):
        return
    wish = None if question.open else read_wish(question.text)
    if wish is not None and await grant_wish(context, question, wish):
        return
    silent = question.open or question.message.chat.type == ChatType.CHANNEL
    async with nullcontext() if silent else typing(question.message):
        with instruments.timed("answer"):
            reply, view = await context.run(make_reply, context.shared, question)
    if reply.kind not in POLITE:
        instruments.note_answer(_place_of(question), reply.tier)
    if question.open and not (reply.answered and reply.passages):
        return
    if before is None and await _only_reacts(context, question, reply):
        return
    message = question.message
    with instruments.timed("send"):
        if before is None:
            sent = await sending.reply_with_view(message, view)
        else:
            sent = await sending.replace_reply(message, before.sent, view)
    if reply.id and sent and question.pressed is None:
        with suppress(LibraryError):  # then an edit of the question is not answered
            await context.run(replies.note_sent, context.engine, reply, message.message_id, sent)


def _place_of(question: ChatQuestion) -> instruments.Place:
    """Where *question* was asked, for who counts."""
    kind = question.message.chat.type
    if question.open:
        return "comment"
    if kind in GROUPS:
        return "group"
    return "channel" if kind == ChatType.CHANNEL else "private"


def make_reply(shared: SharedResources, question: ChatQuestion) -> tuple[Reply, View]:
    """Ask the articles, remember what they answer, and write it; call it in a thread."""
    answerer = shared.answerers.first_with_articles(question.libraries)
    chosen = chats.scope_of(shared.engine, question.conversation)
    scope = question.article or chosen
    try:
        answer = _ask(shared, answerer, question, scope)
    except NotFoundError:  # the article that the chat was narrowed to is gone
        with suppress(LibraryError):  # it will be tried again
            chats.narrow(shared.engine, question.conversation, None)
        scope = chosen = None
        answer = _ask(shared, answerer, question, None)
    reply = reply_values.make_reply(
        answer,
        question.conversation,
        question.asker,
        library=answerer.library.chat,
        articles=answerer.count_articles(scope),
    )
    if deserves_language_note(answerer, answer):
        told = replies.was_language_told(shared.engine, question.conversation)
        reply = replace(reply, language_told=not told)
    if chosen is not None and scope == chosen:
        reply = replace(reply, asked=answerer.library.get(chosen).article.title)
    if answer.passages and (answer.answered or not question.open):
        reply = shared.keeper.keep(shared.engine, reply)
    if reply.kind in POLITE:
        return reply, polite_view(reply.kind, question.language)
    passages = reply_values.passages_of(answer)
    view = answer_view(reply, passages, question.language, short=question.short)
    if reply.language_told:
        view = with_note(view, phrase("english_only", question.language))
    view = view if reply.id else View(view.messages)  # buttons find their reply by its id
    return reply, _with_heading(view, question)


def _with_heading(view: View, question: ChatQuestion) -> View:
    """Let *view* begin with what there is to say about how *question* was put."""
    headings = []
    if question.pressed is not None:  # nobody has written it
        headings.append(f"<b>{quiet_names(question.text)}</b>")
    else:
        if age_of(question.message.date) > LATE:
            headings.append(phrase("late", question.language))
        attached = question.message.effective_attachment is not None
        if attached and not question.open and not question.added:
            headings.append(phrase("not_read", question.language))
    first, *others = view.messages
    return View((*markup.fill(map(Block, [*headings, first])), *others), view.buttons)


def _ask(
    shared: SharedResources, answerer: Answerer, question: ChatQuestion, scope: str | None
) -> Answer:
    if question.pressed is not None:  # it was tried without any
        return answerer.answer(question.text, article=scope)
    history = _turns(shared, question)
    return answerer.answer(question.text, article=scope, history=history)


def _turns(shared: SharedResources, question: ChatQuestion) -> list[Turn]:
    """What was asked in the conversation before, and what the last answer showed."""
    asked = replies.earlier_questions(shared.engine, question.conversation, question.replaces)
    turns = [Turn(text) for text in asked]
    last = replies.last(shared.engine, question.conversation, question.replaces)
    if last is None or not last.answered:
        return turns
    first = find_passages(Library(shared.engine, last.library), last.passages[:1])
    if first:
        article, best = first[0].article, first[0].best
        turns[-1] = Turn(last.question, article.title, article.cut(best))
    return turns


@asynccontextmanager
async def typing(message: Message) -> AsyncIterator[None]:
    """Show that the bot is at work, where *message* was written, until it is done."""

    async def show() -> None:
        while True:
            with suppress(TelegramError):  # an answer is worth more than this
                await message.reply_chat_action(ChatAction.TYPING)
            await asyncio.sleep(TYPING_INTERVAL)

    task = asyncio.create_task(show())
    try:
        yield
    finally:
        task.cancel()


async def _admit(context: BotContext, question: ChatQuestion) -> bool:
    """Whether *question* can be looked up; if not, who asked is told why."""
    message, language = question.message, question.language
    shared = context.shared
    asked = shared.comments if question.open else shared.allowance
    allowance = await asked.take(_counted_user(question))
    too_long = len(question.text) > MAX_QUESTION
    if allowance == "free" and question.text.strip() and not too_long:
        return True
    if allowance != "free":
        instruments.drop("allowance")
    if question.open or allowance == "over":
        return False
    if allowance == "warn":
        text = phrase("slow_down", language)
    elif too_long:
        text = phrase("too_long", language, limit=numeral(MAX_QUESTION, language))
    else:
        text = phrase("ask_what", language)
    await sending.reply_with_text(message, text)
    return False


def _counted_user(question: ChatQuestion) -> int:
    """Whose allowance *question* is taken from."""
    behind = question.message.sender_chat
    return behind.id if behind and question.asker in STAND_INS else question.asker


async def _only_reacts(context: BotContext, question: ChatQuestion, reply: Reply) -> bool:
    """Whether the group wants a reaction instead of a refusal, and got it."""
    message = question.message
    if reply.kind != "answer" or reply.answered or message.chat.type not in GROUPS:
        return False
    if not context.chat_settings.quiet:
        return False
    try:
        return await message.set_reaction(REFUSAL_REACTION)
    except TelegramError as exc:  # the group may not allow it
        log.info("chat %d takes no reaction (%s)", message.chat_id, exc)
        return False
