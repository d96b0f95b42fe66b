"""Messages that belong together, and get one reply: a long text in pieces, an album."""

from __future__ import annotations

import asyncio
from typing import Any

from cachetools import TTLCache
from telegram import Message

from bot.telegram.addressing import asks_openly, words_of
from bot.telegram.markup import utf16_length
from bot.telegram.store import recent_moments
from bot.telegram.store.recent_moments import PERIOD
from bot.telegram.store_thread import StoreThread
from index.errors import LibraryError

# A text that is too long for one message (4,096 UTF-16 units) is cut by the sender's client; the
# pieces come within moments of each other, and one reply is enough for all of them.
MIN_CUT_LENGTH = 3_900  # UTF-16 units; clients cut at a space, so a piece may be a little shorter
MAX_GAP = 1.0  # seconds between the pieces, by the sender's clock, which has seconds
MAX_REMEMBERED = 10_000  # messages that may go on, at the same time
_TEXT, _PIECES = "text", "pieces of a text"


def is_cut(words: str) -> bool:
    """Whether *words* are so many that the sender's client may have cut them."""
    return utf16_length(words) > MIN_CUT_LENGTH


class MessageParts:
    """
    Which messages go on: the rest of a long text, the pictures of an album.

    All workers that share *store* know it, since each may get a part; one that cannot write there
    remembers what it got itself.
    """

    def __init__(self, store: StoreThread) -> None:
        self._store = store
        self._memory: TTLCache[tuple[str, int], Any] = TTLCache(MAX_REMEMBERED, PERIOD)

    async def goes_on(self, message: Message) -> bool:
        """
        Whether *message* belongs to one that was replied to already.

        Of an album that is the first one with words. A question is none, however soon it comes.
        """
        if message.media_group_id:
            return await self._is_told(message)
        words, chat, sent = words_of(message), message.chat_id, message.date.timestamp()
        long = is_cut(words)
        if not long and asks_openly(words, None):
            return False
        before = await self._recall(_TEXT, chat)
        if long:
            await self._note(_TEXT, chat, sent)
        if before is None or sent - before > MAX_GAP:
            return False
        pieces = await self._recall(_PIECES, chat)
        if pieces:
            await self._note(_PIECES, chat, [*pieces, words])
        return True

    async def begin(self, message: Message) -> None:
        """Put together what follows upon *message*, a text that may go on."""
        await self._note(_PIECES, message.chat_id, [words_of(message)])

    async def gather(self, message: Message, gap: float) -> list[str]:
        """The pieces of the text that *message* has begun, once none has come for *gap* seconds."""
        pieces, seen = [words_of(message)], 0
        while len(pieces) > seen:
            seen = len(pieces)
            await asyncio.sleep(gap)
            pieces = await self._recall(_PIECES, message.chat_id) or pieces
        await self._note(_PIECES, message.chat_id, [])
        return pieces

    async def _is_told(self, message: Message) -> bool:
        """Whether the album of *message* had a reply; when *message* has words, it gets one."""
        album = f"album {message.media_group_id}"
        told = await self._recall(album, message.chat_id)
        if words_of(message):
            await self._note(album, message.chat_id, True)
        return bool(told)

    async def is_first_to_wait(self, message: Message) -> bool:
        """Whether no other picture of the album of *message* waits for words of the album yet."""
        waiting = f"album {message.media_group_id} waits"
        first = await self._recall(waiting, message.chat_id) is None
        await self._note(waiting, message.chat_id, True)
        return first

    async def _recall(self, kind: str, chat: int) -> Any:  # noqa: ANN401
        try:
            return await self._store.run(recent_moments.recall, kind, chat)
        except LibraryError:
            return self._memory.get((kind, chat))

    async def _note(self, kind: str, chat: int, value: Any) -> None:  # noqa: ANN401
        self._memory[kind, chat] = value
        try:
            await self._store.run(recent_moments.note, kind, chat, value)
        except LibraryError:
            return
