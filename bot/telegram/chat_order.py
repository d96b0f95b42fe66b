"""In which order updates are worked on: all chats at once, and each of them in its order."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias, TypeGuard
from weakref import WeakValueDictionary

from telegram import Update
from telegram.ext import BaseUpdateProcessor

# Updates that are worked on or wait for their chat; far more than a burst has, since those that
# wait cost little and may not keep other chats out.
MAX_CONCURRENT_UPDATES = 65_536
# Updates of one chat that wait. A group gets twenty messages a minute of a bot.
MAX_WAITING = 40

Overflow: TypeAlias = Callable[[Update], Awaitable[None]]


class ChatLocks:
    """
    A lock for each chat, as long as somebody holds it or waits for it.

    It is held while an update of the chat is worked on.
    """

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    def of(self, chat: int) -> asyncio.Lock:
        """The lock of *chat*; who waits for it gets it in turn."""
        return self._locks.setdefault(chat, asyncio.Lock())


class ChatOrderProcessor(BaseUpdateProcessor):
    """
    Work on the updates of one chat one after another, and on those of all chats at once.

    A chat may have MAX_WAITING updates waiting. Those beyond are dropped, the newest ones, and
    *overflow* hears of them; a post becomes an article and is never dropped.
    """

    def __init__(self, locks: ChatLocks, overflow: Overflow) -> None:
        super().__init__(MAX_CONCURRENT_UPDATES)
        self._locks = locks
        self._overflow = overflow
        self._present: Counter[int] = Counter()  # updates of each chat
        self._tasks: set[asyncio.Task[Any]] = set()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Wait for the earlier updates of the same chat, or for those of the same inline user."""
        owner = None
        if isinstance(update, Update):
            owner = update.effective_chat or update.effective_user
        with self._noted(), _closed_at_the_end(coroutine):
            if owner is None:
                await coroutine
            elif self._present[owner.id] > MAX_WAITING and _may_be_dropped(update):
                await self._overflow(update)
            else:
                await self._in_turn(owner.id, coroutine)

    async def _in_turn(self, owner: int, coroutine: Awaitable[Any]) -> None:
        self._present[owner] += 1
        try:
            async with self._locks.of(owner):
                await coroutine
        finally:
            self._present[owner] -= 1
            if not self._present[owner]:
                del self._present[owner]

    @contextmanager
    def _noted(self) -> Iterator[None]:
        """Let leave() know the task that works on an update."""
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        yield

    def leave(self) -> int:
        """Work no longer on what is here, and return how many updates that leaves unanswered."""
        left = len(self._tasks)
        for task in self._tasks:
            task.cancel()
        return left

    async def initialize(self) -> None:
        """Do nothing."""

    async def shutdown(self) -> None:
        """Do nothing."""


@contextmanager
def _closed_at_the_end(coroutine: Awaitable[Any]) -> Iterator[None]:
    """Close *coroutine* when it was not run; Python would complain of it."""
    try:
        yield
    finally:
        if asyncio.iscoroutine(coroutine):
            coroutine.close()


def _may_be_dropped(update: object) -> TypeGuard[Update]:
    """Whether *update* is somebody's who can ask again: no post, no news of a chat."""
    if not isinstance(update, Update):
        return False
    if update.callback_query or update.inline_query or update.guest_message:
        return True
    message = update.message or update.edited_message
    if message is None:
        return False
    moved = message.migrate_to_chat_id or message.migrate_from_chat_id
    return not (message.is_automatic_forward or moved)
