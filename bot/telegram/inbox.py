"""
The inbox as python-telegram-bot sees it: the queue between what fetches updates and what works.

`put` returns when the update is kept in the database, so that polling moves its offset, and the
webhook answers 200, only then. What `get` gives has been taken for this worker: of a chat one
update at a time, in their order, whichever worker has received them.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from telegram import Bot, Update

from bot.telegram import inbox_steps
from bot.telegram.store import kept_updates, sent_calls, worker_beats
from bot.telegram.store.kept_updates import KeptUpdate, Outcome, Worker
from bot.telegram.store_thread import StoreThread
from bot.telegram.update_reading import may_be_dropped, owner_of, readable
from bot.telegram.update_work import WORK
from index.errors import LibraryError, UnreachableError
from index.storage.leases import BEAT, LeaseWatch, worker_name

log = logging.getLogger(__name__)

MAX_TAKEN = 4_096  # updates that this worker has taken, each of another chat
PATIENCE = 10.0  # seconds that a comment waits for what was posted before it
LOOK_AGAIN = 0.05  # seconds

Overflow: TypeAlias = Callable[[Update], Awaitable[None]]


class Inbox(asyncio.Queue[object]):
    """
    Updates on their way to the handlers, in the database of *store* until they are done.

    What cannot be kept there is worked on all the same, from memory. Of an update for which its
    chat has no room *overflow* hears. Updates beyond as many as it has *hands* are left to others.
    """

    def __init__(self, store: StoreThread, bot_id: int, overflow: Overflow) -> None:
        super().__init__()
        self.store = store
        self.worker = Worker(bot_id, worker_name())
        self.bot: Bot | None = None  # that of the application
        self.overflow = overflow
        self.hands = MAX_TAKEN
        self._taken: set[int] = set()
        self._done: list[KeptUpdate] = []  # the database does not know yet
        self._tasks: set[asyncio.Task[None]] = set()
        self._watch = LeaseWatch()
        self._takes = True

    async def put(self, item: object) -> None:
        """Keep an update, and let it be worked on if it is its turn."""
        owner = owner_of(item)
        if owner is None or not isinstance(item, Update):
            self.put_nowait(item)
            return
        try:
            outcome = await self._keep(item, owner)
        except LibraryError:
            await self._begin_waiting(owner)
            outcome = "taken"
        if outcome == "taken" and item.update_id not in self._taken:
            self._begin(item)
        elif outcome == "crowded":
            self._tell_overflow(item)

    def _free_hands(self) -> int:
        return self.hands - len(self._taken) if self._takes else 0

    async def _keep(self, update: Update, owner: int) -> Outcome:
        """
        Keep *update*; while there is no server, wait for it: Telegram has the update as long.

        Without a database server nobody could be answered anyway.
        """
        kept = KeptUpdate(update.update_id, owner, update.to_json())
        while True:
            try:
                return await self.store.run_durably(
                    kept_updates.receive,
                    self.worker,
                    kept,
                    takes=self._free_hands() > 0,
                    droppable=may_be_dropped(update),
                )
            except UnreachableError as exc:
                log.warning("updates wait until the database is there: %s", exc)
                await asyncio.sleep(BEAT)

    def _begin(self, update: Update) -> None:
        self._taken.add(update.update_id)
        self.put_nowait(update)

    def _tell_overflow(self, update: Update) -> None:
        async def tell() -> None:
            await self.overflow(update)

        task = asyncio.create_task(tell())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self, update: Update, owner: int) -> None:
        """Note that *update* is done, and begin the next of its chat, or what nobody works on."""
        if not self.has_taken(update):
            return
        kept = KeptUpdate(update.update_id, owner, "")
        try:
            shared = self._free_hands() + 1 if self.hands < MAX_TAKEN else 0
            following = await self.store.run(
                inbox_steps.finish_one, self.worker, kept, takes=self._takes, room=shared
            )
        except LibraryError:
            self._done.append(kept)
            await self._begin_waiting(owner)
            following = []
        self._taken.discard(update.update_id)
        for next_one in following:
            await self._begin_kept(next_one)

    async def take_waiting(self) -> None:
        """Take what nobody works on, as far as there are hands; raises LibraryError."""
        if (room := self._free_hands()) > 0:
            for kept in await self.store.run(kept_updates.take_waiting, self.worker, room):
                await self._begin_kept(kept)

    async def _begin_waiting(self, chat: int) -> None:
        """Begin from memory what waits of a chat that this worker has, when it cannot be taken."""
        read = partial(inbox_steps.read_waiting, self.store.engine, self.worker, chat)
        with suppress(LibraryError):
            for kept in await asyncio.to_thread(read):
                done = any(kept.number == known.number for known in self._done)
                if not done and kept.number not in self._taken:
                    await self._begin_kept(kept)

    async def put_back(self, update: Update, owner: int) -> None:
        """Let *update* be worked on once more, when the database is there."""
        while self.has_taken(update):
            try:
                unsent, number = sent_calls.forget_unsent, update.update_id
                await self.store.run(unsent, self.worker, owner, number)
            except UnreachableError:
                await asyncio.sleep(BEAT)
                continue
            except LibraryError:  # what was to be sent is sent again as it was
                await asyncio.sleep(BEAT)
            self.put_nowait(update)
            return

    async def put_aside(self, update: Update, owner: int) -> None:
        """Begin the next update of the chat of *update*, which is worked on all the same."""
        kept = KeptUpdate(update.update_id, owner, "")
        try:
            following = await self.store.run(
                kept_updates.put_aside, self.worker, kept, takes=self._takes
            )
        except LibraryError:  # then the chat waits
            return
        if following is not None:
            await self._begin_kept(following)

    def has_taken(self, update: Update) -> bool:
        """Whether *update* came through here and is worked on."""
        return update.update_id in self._taken

    def abandon(self, update: Update) -> None:
        """Leave *update* to whoever takes it from the database."""
        self._taken.discard(update.update_id)

    async def _begin_kept(self, kept: KeptUpdate) -> None:
        """Begin what was in the database, unless it has ended many a worker."""
        update = Update.de_json(readable(json.loads(kept.content)), self.bot)
        if not kept.ends_workers:
            self._begin(update)
            return
        log.error("update %d is dropped: the bot ended %d times at it", kept.number, kept.tries)
        self._taken.add(kept.number)
        await self.finish(update, kept.chat)

    async def tend(self) -> None:
        """Again and again take over what others have left, and show that this worker lives."""
        while True:
            try:
                await self._note_done()
                self.worker = replace(self.worker, beat=self.worker.beat + 1)
                # What stays for so long without hands is begun by whoever sees it first.
                room = min(MAX_TAKEN - len(self._taken), self.hands) if self._takes else 0
                for kept in await self.store.run(
                    inbox_steps.look_around, self.worker, self._watch, room
                ):
                    await self._begin_kept(kept)
            except LibraryError:  # it has been said
                pass
            await asyncio.sleep(BEAT)

    async def _note_done(self) -> None:
        """Note what was done while the database could not be written."""
        while self._done:
            await self.store.run(kept_updates.finish, self.worker, self._done[-1], takes=False)
            self._done.pop()

    async def wait_for_earlier(self, chat: int) -> None:
        """Wait until what came from *chat* before this task's update is done, by any worker."""
        work = WORK.get()
        if work is None:
            return
        try:
            async with asyncio.timeout(PATIENCE):
                undone, bot = kept_updates.is_undone_before, self.worker.bot
                while await self.store.run(undone, bot, chat, work.number):
                    await asyncio.sleep(LOOK_AGAIN)
        except (TimeoutError, LibraryError):
            return

    async def drain(self, seconds: float) -> None:
        """Work on for up to *seconds* on what waits, then take nothing more."""
        try:
            async with asyncio.timeout(seconds):
                while self._taken:
                    await asyncio.sleep(LOOK_AGAIN)
        except TimeoutError:
            pass
        self._takes = False

    async def close(self) -> int:
        """Leave to others what is not done, and return how much that is."""
        names = [self.worker.name]
        try:
            await self._note_done()
            await self.store.run(worker_beats.release, self.worker.bot, names, ended=True)
            return await self.store.run(kept_updates.count_undone, self.worker.bot)
        except LibraryError:
            return 0
        finally:
            await asyncio.to_thread(self.store.close)
