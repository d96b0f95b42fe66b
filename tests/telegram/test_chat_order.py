"""The order of updates."""

from __future__ import annotations

import asyncio

from telegram import Chat, Message, Update, User

from bot.telegram.chat_order import ChatLocks, ChatOrderProcessor


def update(number: int, chat: int) -> Update:
    """Make an update of a private chat."""
    sender = Chat(chat, Chat.PRIVATE)
    message = Message(number, None, sender, from_user=User(chat, "A", is_bot=False))  # type: ignore[arg-type]
    return Update(number, message=message)


def test_one_chat_in_its_order_and_all_chats_at_once() -> None:
    """A slow update holds up the next one of its chat, and nothing of another chat."""
    done: list[str] = []

    async def work(name: str, wait: asyncio.Event | None) -> None:
        if wait:
            await wait.wait()
        done.append(name)

    async def run() -> None:
        processor, other_is_done = ChatOrderProcessor(ChatLocks()), asyncio.Event()

        async def release() -> None:
            await processor.process_update(update(3, 2), work("other", None))
            other_is_done.set()

        await asyncio.gather(
            processor.process_update(update(1, 1), work("first", other_is_done)),
            processor.process_update(update(2, 1), work("second", None)),
            release(),
        )

    asyncio.run(run())

    assert done == ["other", "first", "second"]


def test_locks_of_idle_chats_are_forgotten() -> None:
    """Memory does not grow with the chats that have ever written."""

    async def run() -> int:
        locks = ChatLocks()
        for chat in range(100):
            async with locks.of(chat):
                pass
        return len(locks._locks)

    assert asyncio.run(run()) <= 1  # the last one may still be in a variable
