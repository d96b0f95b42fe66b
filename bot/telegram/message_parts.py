"""Messages that belong together, and get one reply: a long text in pieces, an album."""

from __future__ import annotations

import asyncio
from typing import Any, TypedDict

from cachetools import TTLCache
from telegram import Message

from bot.telegram.addressing import asks_openly, words_of
from bot.telegram.inbox import Inbox
from bot.telegram.markup import utf16_length
from bot.telegram.store import kept_updates, recent_moments
from bot.telegram.store.recent_moments import PERIOD
from bot.telegram.update_work import WORK
from index.errors import LibraryError

# A text that is too long for one message (4,096 UTF-16 units) is cut by the sender's client; the
# pieces come within moments of each other, and one reply is enough for all of them.
MIN_CUT_LENGTH = 3_900  # UTF-16 units; clients cut at a space, so a piece may be a little shorter
MAX_GAP = 1.0  # seconds between the pieces, by the sender's clock, which has seconds
MAX_REMEMBERED = 10_000  # messages that may go on, at the same time
LOOK_AGAIN = 0.5  # seconds between looks whether a text is whole
_TEXT, _PASTE = "long text", "paste"


class Paste(TypedDict):
    """
    The *pieces* of a text by the numbers of their messages, as far as they have come.

    *update* is the number of the one that has brought the first, None if that is not kept.
    """

    update: int | None
    pieces: dict[str, str]


def is_cut(words: str) -> bool:
    """Whether *words* are so many that the sender's client may have cut them."""
    return utf16_length(words) > MIN_CUT_LENGTH


class MessageParts:
    """
    Which messages go on: the rest of a long text, the pictures of an album.

    All workers that share the database of *inbox* know it, since each may get a part; one that
    cannot write there remembers what it got itself. What they know may be known again: an update
    that a worker has ended with is worked on once more.
    """

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._store = inbox.store
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
        before, first = await self._recall(_TEXT, chat) or (0.0, 0)
        goes_on = sent - before <= MAX_GAP and message.message_id > first
        if long:
            await self._note(_TEXT, chat, (sent, first if goes_on else message.message_id))
        if goes_on and (paste := await self._open_paste(chat)):
            await self._add(message, paste)
        return goes_on

    async def begin(self, message: Message) -> None:
        """Put together what follows upon *message*, a text that may go on."""
        paste = await self._open_paste(message.chat_id)
        if paste is None or str(message.message_id) not in paste["pieces"]:
            work = WORK.get()
            paste = Paste(update=work.number if work else None, pieces={})
        await self._add(message, paste)

    async def gather(self, message: Message, gap: float) -> list[str]:
        """The pieces of the text that *message* has begun, once none has come for *gap* seconds."""
        pieces, seen = {str(message.message_id): words_of(message)}, 0
        while len(pieces) > seen:
            seen = len(pieces)
            await asyncio.sleep(gap)
            if paste := await self._open_paste(message.chat_id):
                pieces |= paste["pieces"]
        await self._note(_PASTE, message.chat_id, None)
        return [pieces[number] for number in sorted(pieces, key=int)]

    async def paste_with(self, message: Message) -> int | None:
        """The update that has begun the text of which *message* is a piece, if that is kept."""
        paste = await self._open_paste(message.chat_id)
        return paste["update"] if paste and str(message.message_id) in paste["pieces"] else None

    async def wait_for_whole(self, message: Message, begun: int) -> None:
        """Wait until the text is added whose first piece the update *begun* has brought."""
        which = (self._inbox.worker.bot, message.chat_id, begun)
        try:
            while await self._store.run(kept_updates.is_undone, *which):
                paste = await self._open_paste(message.chat_id)
                # Another worker may have begun to put it together again.
                if paste and paste["update"] == begun:
                    await self._add(message, paste)
                await asyncio.sleep(LOOK_AGAIN)
        except LibraryError:
            return

    async def _open_paste(self, chat: int) -> Paste | None:
        """The text of *chat* that is being put together."""
        paste: Paste | None = await self._recall(_PASTE, chat)
        return paste

    async def _add(self, message: Message, paste: Paste) -> None:
        """Let *message* be a piece of *paste*."""
        pieces = paste["pieces"] | {str(message.message_id): words_of(message)}
        if pieces != paste["pieces"]:
            await self._note(_PASTE, message.chat_id, Paste(update=paste["update"], pieces=pieces))

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
