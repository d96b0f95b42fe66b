"""Messages that belong together, and get one reply: a long text in pieces, an album."""

from __future__ import annotations

from cachetools import TTLCache
from telegram import Message

from bot.telegram.addressing import words_of
from bot.telegram.markup import utf16_length

# A text that is too long for one message (4,096 UTF-16 units) is cut by the sender's client; the
# pieces come within moments of each other, and one reply is enough for all of them.
MIN_CUT_LENGTH = 3_900  # UTF-16 units; clients cut at a space, so a piece may be a little shorter
MAX_GAP = 4.0  # seconds between the pieces
MAX_REMEMBERED = 10_000  # messages that may go on, at the same time


class MessageParts:
    """Which messages go on: the rest of a long text, the pictures of an album."""

    def __init__(self) -> None:
        self._begun: TTLCache[tuple[int, str], bool] = TTLCache(MAX_REMEMBERED, MAX_GAP)

    def goes_on(self, message: Message) -> bool:
        """Whether *message* belongs to one that was replied to already."""
        whole = (message.chat_id, message.media_group_id or "text")
        begun = whole in self._begun
        if message.media_group_id or utf16_length(words_of(message)) > MIN_CUT_LENGTH:
            self._begun[whole] = True
        return begun
