"""In which order updates are worked on: all chats at once, and each of them in its order."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any
from weakref import WeakValueDictionary

from telegram import Update
from telegram.ext import BaseUpdateProcessor

# Updates that are worked on or wait for their chat; far more than a burst has, since those that
# wait cost nothing and may not keep other chats out.
MAX_CONCURRENT_UPDATES = 4096


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
    """Work on the updates of one chat one after another, and on those of all chats at once."""

    def __init__(self, locks: ChatLocks) -> None:
        super().__init__(MAX_CONCURRENT_UPDATES)
        self._locks = locks

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Wait for the earlier updates of the same chat, or for those of the same inline user."""
        owner = None
        if isinstance(update, Update):
            owner = update.effective_chat or update.effective_user
        if owner is None:
            await coroutine
            return
        async with self._locks.of(owner.id):
            await coroutine

    async def initialize(self) -> None:
        """Do nothing."""

    async def shutdown(self) -> None:
        """Do nothing."""
