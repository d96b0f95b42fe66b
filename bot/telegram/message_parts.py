"""Messages that belong together, and get one reply: a long text in pieces, an album."""

from __future__ import annotations

import datetime as dt

from cachetools import TTLCache
from telegram import Message

from bot.telegram.addressing import asks_openly, words_of
from bot.telegram.markup import utf16_length

# A text that is too long for one message (4,096 UTF-16 units) is cut by the sender's client; the
# pieces come within moments of each other, and one reply is enough for all of them.
MIN_CUT_LENGTH = 3_900  # UTF-16 units; clients cut at a space, so a piece may be a little shorter
MAX_GAP = dt.timedelta(seconds=1)  # between the pieces, by the sender's clock, which has seconds
KEPT_FOR = 60.0  # seconds; they may be worked on long after they were sent
MAX_REMEMBERED = 10_000  # messages that may go on, at the same time


class MessageParts:
    """Which messages go on: the rest of a long text, the pictures of an album."""

    def __init__(self) -> None:
        self._texts: TTLCache[int, dt.datetime] = TTLCache(MAX_REMEMBERED, KEPT_FOR)
        self._albums: TTLCache[tuple[int, str], bool] = TTLCache(MAX_REMEMBERED, KEPT_FOR)

    def goes_on(self, message: Message) -> bool:
        """
        Whether *message* belongs to one that was replied to already.

        Of an album that is the first one with words. A question is none, however soon it comes.
        """
        if message.media_group_id:
            return self._is_told(message)
        words = words_of(message)
        before = self._texts.get(message.chat_id)
        begun = before is not None and message.date - before <= MAX_GAP
        if utf16_length(words) > MIN_CUT_LENGTH:
            self._texts[message.chat_id] = message.date
            return begun
        return begun and not asks_openly(words, None)

    def _is_told(self, message: Message) -> bool:
        """Whether the album of *message* had a reply; when *message* has words, it gets one."""
        album = (message.chat_id, message.media_group_id or "")
        told = album in self._albums
        if words_of(message):
            self._albums[album] = True
        return told

    def is_first_to_wait(self, message: Message) -> bool:
        """Whether no other picture of the album of *message* waits for words of the album yet."""
        album = (message.chat_id, f"{message.media_group_id} waits")
        first = album not in self._albums
        self._albums[album] = True
        return first
