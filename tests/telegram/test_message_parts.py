"""Messages that belong together, also when a worker gets them again."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from local_bot import PRIVATE, fresh_inbox, message
from telegram import Message

from bot.telegram.message_parts import MessageParts

FIRST, SECOND, LAST = "first " * 660, "second " * 570, "and the end"


def piece(number: int, text: str, **fields: Any) -> Message:
    """A message of somebody with the number *number*."""
    given = message(PRIVATE, text.strip(), message_id=number, **fields)
    read = Message.de_json(given, None)
    assert read is not None
    return read


def put_together(*messages: Message) -> list[str]:
    """What becomes of *messages*, the first of which begins a text when it is none that goes on."""

    async def run() -> list[str]:
        parts = MessageParts(fresh_inbox())
        for given in messages:
            if not await parts.goes_on(given):
                await parts.begin(given)
        return await parts.gather(messages[0], 0.01)

    return asyncio.run(run())


def test_pieces_are_put_together_in_the_order_of_their_messages() -> None:
    """Whoever works on one of them again changes nothing."""
    first, second, last = piece(1, FIRST), piece(2, SECOND), piece(3, LAST)
    wanted = [FIRST.strip(), SECOND.strip(), LAST]

    assert put_together(first, second, last) == wanted
    assert put_together(first, second, first, second, last) == wanted


def test_a_later_text_is_another_one() -> None:
    """A second of the sender's clock is too long for a client that cuts."""
    now = int(time.time())
    early, late = piece(1, FIRST, date=now - 5), piece(2, SECOND, date=now)

    async def run() -> list[bool]:
        parts = MessageParts(fresh_inbox())
        return [await parts.goes_on(given) for given in (early, late)]

    assert asyncio.run(run()) == [False, False]
