"""In which order updates are worked on: all chats at once, and each of them in its order."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakValueDictionary

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.telegram.inbox import Inbox
from bot.telegram.store.kept_updates import MAX_WAITING
from bot.telegram.update_reading import may_be_dropped, owner_of, stale_at
from bot.telegram.update_work import WORK, Work

# Updates that are worked on or wait for their chat; far more than a burst has, since those that
# wait cost little and may not keep other chats out.
MAX_CONCURRENT_UPDATES = 65_536


class ChatOrderProcessor(BaseUpdateProcessor):
    """
    Work on the updates of one chat one after another, and on those of all chats at once.

    *inbox* gives of each chat one at a time, and hears when it is done. What it could not keep
    waits here instead, with as much room for a chat; a post becomes an article and is never
    dropped.
    """

    def __init__(self, inbox: Inbox) -> None:
        super().__init__(MAX_CONCURRENT_UPDATES)
        self._inbox = inbox
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._present: Counter[int] = Counter()  # updates of each chat
        self._tasks: set[asyncio.Task[Any]] = set()
        self._beside: set[asyncio.Task[None]] = set()  # what holds up no other update

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Wait for the earlier updates of the same chat, or for those of the same inline user."""
        owner = owner_of(update)
        with self._noted(), _closed_at_the_end(coroutine):
            if owner is None or not isinstance(update, Update):
                await coroutine
            elif self._present[owner] > MAX_WAITING and may_be_dropped(update):
                await self._inbox.overflow(update)
                await self._inbox.finish(update, owner)
            else:
                await self._in_turn(update, owner, coroutine)

    async def _in_turn(self, update: Update, owner: int, coroutine: Awaitable[Any]) -> None:
        work = Work(update.update_id, owner)
        self._present[owner] += 1
        try:
            async with self._locks.setdefault(owner, asyncio.Lock()):
                work = Work(update.update_id, owner, stale=stale_at(update))
                if self._inbox.has_taken(update):
                    WORK.set(work)
                await coroutine
        except asyncio.CancelledError:  # it is another worker's, or the next start's
            self._inbox.abandon(update)
            raise
        finally:
            self._present[owner] -= 1
            if not self._present[owner]:
                del self._present[owner]
        if work.again:
            await self._inbox.put_back(update, owner)
        elif work.beside is None:
            await self._inbox.finish(update, owner)
        else:
            task = asyncio.create_task(self._go_on(update, owner, work.beside))
            self._beside.add(task)
            task.add_done_callback(self._beside.discard)
            await self._inbox.put_aside(update, owner)

    async def _go_on(self, update: Update, owner: int, work: Coroutine[Any, Any, None]) -> None:
        """Do the rest of the *work* on an *update* while those behind it are worked on."""
        try:
            await work
        except asyncio.CancelledError:
            self._inbox.abandon(update)
            raise
        await self._inbox.finish(update, owner)

    @contextmanager
    def _noted(self) -> Iterator[None]:
        """Let leave() know the task that works on an update."""
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        yield

    async def leave(self) -> None:
        """Work no longer on what is here."""
        for task in (*self._tasks, *self._beside):
            task.cancel()
        await self.settle()

    async def settle(self) -> None:
        """Wait until what goes on beside the updates is done."""
        await asyncio.gather(*self._beside, return_exceptions=True)

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
