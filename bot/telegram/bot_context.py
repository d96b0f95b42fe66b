"""What the handlers share, and the context in which python-telegram-bot hands it to them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeAlias, TypeVar

from sqlalchemy import Engine
from telegram import Chat, User
from telegram.constants import ChatType
from telegram.ext import Application, CallbackContext, ExtBot

from bot.phrases import language_of
from bot.telegram.allowance import UPDATES_PER_GROUP, UPDATES_PER_PERSON, Allowance
from bot.telegram.answerer_pool import AnswererPool
from bot.telegram.inbox import Inbox
from bot.telegram.message_parts import MessageParts
from bot.telegram.poll_conflicts import PollConflicts
from bot.telegram.reply_keeper import ReplyKeeper
from bot.telegram.store.chats import ChatSettings
from bot.telegram.update_work import WORK
from index.encoding.threads import available_cores

if TYPE_CHECKING:
    from bot.config import Settings

P = ParamSpec("P")
T = TypeVar("T")
NoData: TypeAlias = dict[Any, Any]  # of a chat or a user; what is to last is in the database


def _make_threads() -> ThreadPoolExecutor:
    # More threads than cores would only take turns in the same encoder.
    return ThreadPoolExecutor(max(available_cores(), 2), "article-bot")


def _threads_for_sources(number: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(number, "article-bot-sources")


@dataclass(frozen=True)
class SharedResources:
    """
    Everything that handlers need; *threads* do what would hold up the event loop.

    Sources have threads of their own, which may be busy for minutes: some read, one encodes.

    *allowance* is that of questions, *comments* that of what is asked openly below posts, *updates*
    and *group_updates* those of all that a person and a group want of the bot.
    """

    engine: Engine
    answerers: AnswererPool
    settings: Settings
    inbox: Inbox
    allowance: Allowance
    comments: Allowance
    updates: Allowance
    group_updates: Allowance
    parts: MessageParts
    keeper: ReplyKeeper = field(default_factory=ReplyKeeper)
    threads: ThreadPoolExecutor = field(default_factory=_make_threads)
    source_threads: ThreadPoolExecutor = field(default_factory=partial(_threads_for_sources, 2))
    adding_threads: ThreadPoolExecutor = field(default_factory=partial(_threads_for_sources, 1))

    @classmethod
    def of(cls, answerers: AnswererPool, settings: Settings, inbox: Inbox) -> Self:
        """Let all workers that share the database of *inbox* count together."""
        store = inbox.store

        def allowance(name: str, limit: int) -> Allowance:
            return Allowance(f"{name} {inbox.worker.bot}", limit, store)

        return cls(
            *(store.engine, answerers, settings, inbox),
            allowance=allowance("questions", settings.questions_per_minute),
            comments=allowance("comments", UPDATES_PER_PERSON),
            updates=allowance("updates", UPDATES_PER_PERSON),
            group_updates=allowance("group updates", UPDATES_PER_GROUP),
            parts=MessageParts(inbox),
        )


@dataclass
class BotData:
    """
    What stands in `application.bot_data`.

    *shared* is there before the first update comes. *stopping* is set when the bot is to end, and
    *stop_reason* says why if it is not the operator who ends it; *tasks* end with it. *conflicts*
    are those with other programs that poll for the same bot; *polls* says whether this process
    has the lease to poll, None with a webhook.
    """

    shared: SharedResources | None = None
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    stop_reason: str | None = None
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    conflicts: PollConflicts = field(default_factory=PollConflicts)
    polls: bool | None = None

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Let *work* be done beside everything else, until the bot ends."""
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def stop(self, reason: str) -> None:
        """End the bot because of *reason*, which the command then says."""
        self.stop_reason = reason
        self.stopping.set()


async def in_thread(threads: ThreadPoolExecutor, work: Callable[[], T]) -> T:
    """Call *work* in one of *threads*, and return what it returns."""
    # What is logged there is about the same update.
    call = partial(copy_context().run, work)
    return await asyncio.get_running_loop().run_in_executor(threads, call)


class BotContext(CallbackContext[ExtBot[Any], NoData, NoData, BotData]):
    """
    The context of an update, with what its handler shares with all others.

    *chat_settings* are those of the update's chat, or of who asks where there is none.
    """

    chat_settings: ChatSettings = ChatSettings()

    @property
    def shared(self) -> SharedResources:
        """What all handlers share; raises RuntimeError before the models are loaded."""
        if self.bot_data.shared is None:
            raise RuntimeError("an update came before the bot was ready for it")
        return self.bot_data.shared

    @property
    def engine(self) -> Engine:
        """The database."""
        return self.shared.engine

    @property
    def answerers(self) -> AnswererPool:
        """What answers, for each library."""
        return self.shared.answerers

    @property
    def settings(self) -> Settings:
        """What the operator decided."""
        return self.shared.settings

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """
        Call *work* in a thread, and return what it returns.

        What waits for the database, or takes longer the longer an article is, is called like this:
        on the event loop it would hold up all chats.
        """
        return await in_thread(self.shared.threads, partial(work, *args, **kwargs))

    def go_on_beside(self, work: Coroutine[Any, Any, None]) -> None:
        """
        Let *work* be done while the next updates of the chat are worked on.

        The update stays in the inbox until it ends, so it must be as good when it is done again.
        """
        update = WORK.get()
        if update is None:  # it is worked on from memory
            self.bot_data.start(work)
        else:
            update.beside = work

    def language_for(self, user: User | None) -> str:
        """The language to speak with *user*: what the chat has chosen, or else the user's own."""
        return self.chat_settings.language or language_of(user.language_code if user else None)

    def serves(self, chat: Chat) -> bool:
        """Whether the operator lets the bot speak in *chat*; in private everybody may ask."""
        allowed = self.settings.chats
        return not allowed or chat.type == ChatType.PRIVATE or chat.id in allowed


BotApplication: TypeAlias = Application[ExtBot[Any], BotContext, NoData, NoData, BotData, Any]
