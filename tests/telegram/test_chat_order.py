"""The order of updates."""

from __future__ import annotations

import asyncio

from local_bot import fresh_inbox
from telegram import Chat, Message, Update, User

from bot.telegram.chat_order import ChatOrderProcessor
from bot.telegram.store.kept_updates import MAX_WAITING


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
        processor, other_is_done = ChatOrderProcessor(fresh_inbox()), asyncio.Event()

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
        processor = ChatOrderProcessor(fresh_inbox())
        for chat in range(1, 100):
            await processor.process_update(update(chat, chat), asyncio.sleep(0))
        return len(processor._locks)

    assert asyncio.run(run()) <= 1  # the last one may still be in a variable


def test_a_chat_with_too_much_drops_the_newest_and_no_other_chat_waits() -> None:
    """What is beyond the room of a chat is told to overflow, and another chat is worked on."""
    done: list[int] = []
    dropped: list[int] = []

    async def overflow(update: Update) -> None:
        dropped.append(update.update_id)

    async def run() -> None:
        inbox = fresh_inbox()
        inbox.overflow = overflow
        processor, end = ChatOrderProcessor(inbox), asyncio.Event()

        async def work(number: int) -> None:
            await end.wait()
            done.append(number)

        async def other() -> None:
            done.append(0)
            end.set()

        flood = [processor.process_update(update(n, 1), work(n)) for n in range(1, 5001)]
        await asyncio.gather(*flood, processor.process_update(update(0, 2), other()))

    asyncio.run(run())

    assert done == list(range(MAX_WAITING + 2))
    assert dropped == list(range(MAX_WAITING + 2, 5001))


def test_a_post_is_never_dropped() -> None:
    """It is to become an article, however many there are."""
    channel = Chat(-1, Chat.CHANNEL)

    async def run() -> int:
        processor, done = ChatOrderProcessor(fresh_inbox()), []

        async def work(number: int) -> None:
            done.append(number)

        posts = [
            Update(n, channel_post=Message(n, None, channel))  # type: ignore[arg-type]
            for n in range(3 * MAX_WAITING)
        ]
        await asyncio.gather(*(processor.process_update(p, work(p.update_id)) for p in posts))
        return len(done)

    assert asyncio.run(run()) == 3 * MAX_WAITING


def test_what_is_left_is_cancelled() -> None:
    """A bot that must end leaves what waits and what is worked on."""

    async def run() -> list[BaseException | None]:
        processor = ChatOrderProcessor(fresh_inbox())

        async def work() -> None:
            await asyncio.Event().wait()

        tasks = [
            asyncio.create_task(processor.process_update(update(n, 1), work())) for n in range(3)
        ]
        await asyncio.sleep(0.01)
        await processor.leave()
        return await asyncio.gather(*tasks, return_exceptions=True)

    assert [type(end) for end in asyncio.run(run())] == [asyncio.CancelledError] * 3
