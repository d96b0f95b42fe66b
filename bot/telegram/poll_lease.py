"""
One process polls, all answer: processes that share a database and a bot.

Who has the lease (bot.telegram.store.pollers) asks Telegram for updates, and leaves in the inbox
what it has no hands for; the others take that. When it ends they notice within a moment; when it
is killed, as leases.py says.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

from telegram.error import InvalidToken

from bot.telegram.bot_context import BotData
from bot.telegram.inbox import MAX_TAKEN, Inbox
from bot.telegram.store import pollers
from bot.telegram.store.pollers import Election
from index.encoding.threads import available_cores
from index.errors import LibraryError
from index.storage.leases import BEAT, LeaseWatch, process_place

log = logging.getLogger(__name__)

LOOKS = 5  # in each beat, of who does not poll
# Updates that a process works on while others could: more than threads, since some wait for
# Telegram.
HANDS = 4 * max(available_cores(), 2)

Act = Callable[[], Awaitable[None]]


class PollLease:
    """
    Polls, between *begin* and *end*, while this process has the lease to.

    Without a database it polls as it would alone, unless it knows of another that does.
    """

    def __init__(self, inbox: Inbox, data: BotData, begin: Act, end: Act) -> None:
        self._inbox, self._data = inbox, data
        self._begin, self._end = begin, end
        self._worker, self._watch = inbox.worker, LeaseWatch()
        self._last: Election | None = None
        self._sure = False  # the database has answered just now
        self._polling: asyncio.Task[None] | None = None
        self._following: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Ask for the lease from now on; return when another process polls, or this one does."""
        await self._look()
        self._following = asyncio.create_task(self._follow())
        if self._polling is not None:
            await asyncio.wait({self._polling})

    async def stop(self) -> None:
        """Poll no more, and hand the lease over."""
        if self._following is not None:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)
        if self._last is not None and self._last.others:
            self._inbox.hands = 0  # the others have some
        try:
            await self._rest()
        finally:
            with suppress(LibraryError):
                await self._inbox.store.run(pollers.leave, self._worker.bot, self._worker.name)

    def yields(self) -> bool:
        """Whether a conflict is with one that took over unseen by us; poll no more then."""
        if self._sure or self._last is None or not self._last.others:
            return False
        self._last = replace(self._last, polls=False)
        return True

    async def _follow(self) -> None:
        while True:
            for _ in range(LOOKS):
                await asyncio.sleep(BEAT / LOOKS)
                if self._polling is None and await self._help():
                    break
            await self._look()

    async def _help(self) -> bool:
        """Work on what waits; return whether nobody has the lease any more."""
        try:
            await self._inbox.take_waiting()
            return await self._inbox.store.run(pollers.is_vacant, self._worker.bot)
        except LibraryError:
            return False

    async def _look(self) -> None:
        """See who polls, and begin or end to; keep to what was when the database does not say."""
        self._worker = replace(self._worker, beat=self._worker.beat + 1)
        place = process_place()
        try:
            found = await self._inbox.store.run(pollers.elect, self._worker, place, self._watch)
            self._sure = True
        except LibraryError:
            self._sure = False
            found = self._last or Election(polls=True, others=0, holder=place)
        self._inbox.hands = HANDS if found.others else MAX_TAKEN
        self._data.polls = found.polls
        if found != self._last:
            _tell(found)
        self._last = found
        if not found.polls:
            await self._rest()
        elif self._polling is None:
            self._polling = asyncio.create_task(self._poll())

    async def _poll(self) -> None:
        try:
            await self._begin()
        except InvalidToken:
            self._data.stop("Telegram no longer accepts the token; ask @BotFather for one.")

    async def _rest(self) -> None:
        """Poll no more."""
        polling, self._polling = self._polling, None
        if polling is None:
            return
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)
        await self._end()


def _tell(found: Election) -> None:
    who = "this process polls" if found.polls else f"{found.holder} polls, this one answers, too"
    log.info("%s (others: %d)", who, found.others)
