"""The inbox in a bot that runs: what is kept, taken over, and sent once."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from local_bot import CHANNEL, PRIVATE, LocalBot, document, message
from sqlalchemy import delete, select
from telegram import Update

from bot.config import Settings
from bot.telegram import inbox as inbox_module
from bot.telegram.store import kept_updates, tables, worker_beats
from bot.telegram.store.kept_updates import MAX_TRIES, KeptUpdate, Worker
from bot.telegram.update_work import WORK, Work
from index.errors import UnreachableError
from index.storage.engine import writing

QUESTION = "what conditions did the US set?"
GONE = Worker(123456789, "another machine//1/2/gone")


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[LocalBot]:
    """A bot with its database in a file."""
    bot = LocalBot(Settings(threshold=0.0), f"sqlite:///{tmp_path / 'a.sqlite'}")
    yield bot
    bot.close()


def question(bot: LocalBot, number: int, text: str = QUESTION, **chat: Any) -> Update:
    """A question of somebody as Telegram sends it."""
    given = message(PRIVATE | chat, text, message_id=number)
    return Update.de_json({"update_id": number, "message": given}, bot.application.bot)


def working(bot: LocalBot, work: Callable[[], Awaitable[None]]) -> list[Any]:
    """Let the bot run while *work* is done and until all is; return the texts that it sent."""

    async def run() -> None:
        await bot.application.start()
        await work()
        async with asyncio.timeout(10):
            while bot.inbox._taken:
                await asyncio.sleep(0.01)
        await bot.application.stop()

    bot.run(run)
    return [call.given["text"] for call in bot.request.calls if call.method == "sendMessage"]


def undone(bot: LocalBot) -> int:
    """How many updates are not done."""
    with bot.engine.connect() as connection:
        return kept_updates.count_undone(connection, bot.inbox.worker.bot)


def leave_behind(bot: LocalBot, update: Update, *, tries: int = 0, since: int = 0) -> None:
    """Keep *update* as one that a worker took which has ended since."""
    kept = KeptUpdate(update.update_id, PRIVATE["id"], update.to_json())
    with writing(bot.engine) as connection:
        kept_updates.receive(connection, GONE, kept, takes=True, droppable=True)
        connection.execute(tables.inbox.update().values(tries=tries + 1, received_at=since))
        worker_beats.release(connection, GONE.bot, [GONE.name])


async def tend_once(bot: LocalBot) -> None:
    """Let the inbox look around."""
    task = asyncio.create_task(bot.inbox.tend())
    while not bot.inbox.worker.beat:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    task.cancel()


def test_an_update_is_kept_before_put_returns(bot: LocalBot) -> None:
    """Only then polling moves its offset, and the webhook answers 200."""
    bot.run(lambda: bot.inbox.put(question(bot, 1)))

    assert undone(bot) == 1


def test_questions_are_answered_in_their_order(bot: LocalBot) -> None:
    """And nothing of them is kept when they are."""
    texts = ["/help", QUESTION, "/nosuch"]

    async def work() -> None:
        for number, text in enumerate(texts, start=1):
            await bot.inbox.put(question(bot, number, text))

    told = working(bot, work)

    assert ["/ask" in told[0], "<blockquote" in told[1], "/nosuch" in told[2]] == [
        True,
        True,
        False,
    ]
    assert len(told) == 3
    assert undone(bot) == 0


def test_a_repeated_update_is_answered_once(bot: LocalBot) -> None:
    """Telegram sends one again when it did not get its 200 in time."""

    async def work() -> None:
        await bot.inbox.put(question(bot, 1))
        await bot.inbox.put(question(bot, 1))

    assert len(working(bot, work)) == 1


def test_what_a_worker_left_behind_is_answered(bot: LocalBot) -> None:
    """As soon as another one looks around."""
    leave_behind(bot, question(bot, 1))

    assert len(working(bot, lambda: tend_once(bot))) == 1


def test_an_update_that_ends_every_worker_is_dropped_at_last(
    bot: LocalBot, caplog: pytest.LogCaptureFixture
) -> None:
    """Or else no bot could be started any more; the next one of the chat is answered."""
    leave_behind(bot, question(bot, 1), tries=MAX_TRIES)
    bot.run(lambda: bot.inbox.put(question(bot, 2, "/help")))

    assert len(working(bot, lambda: tend_once(bot))) == 1
    assert "update 1 is dropped" in caplog.text


def test_an_update_is_not_dropped_for_a_few_ends(bot: LocalBot) -> None:
    """Whatever is worked on when a bot is killed again and again is innocent."""
    leave_behind(bot, question(bot, 1), tries=MAX_TRIES, since=int(time.time()) - 60)

    assert len(working(bot, lambda: tend_once(bot))) == 1


def test_without_a_database_to_write_to_questions_are_answered_from_memory(
    bot: LocalBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """In their order, and one line of the log says so."""
    bot.receive(message=message(PRIVATE, QUESTION))  # encodes the article
    bot.request.calls.clear()
    monkeypatch.setattr(tables, "SHORT_WAIT", 0.01)
    monkeypatch.setattr(tables, "LONG_WAIT", 0.01)
    with sqlite3.connect(tmp_path / "a.sqlite", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")

        async def work() -> None:
            for number, text in ((1, "/help"), (2, QUESTION)):
                await bot.inbox.put(question(bot, number, text))

        told = working(bot, work)
    other.close()

    assert ["/ask" in told[0], "<blockquote" in told[1]] == [True, True]
    assert caplog.text.count("worked on from memory") == 1


def test_what_waits_in_a_database_that_fills_up_is_answered_too(
    bot: LocalBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came when it could be kept, and then what comes."""
    monkeypatch.setattr(tables, "SHORT_WAIT", 0.01)
    monkeypatch.setattr(tables, "LONG_WAIT", 0.01)
    bot.request.pauses["sendMessage"] = 0.1
    with sqlite3.connect(tmp_path / "a.sqlite", isolation_level=None) as other:

        async def work() -> None:
            for number in (1, 2, 3):
                await bot.inbox.put(question(bot, number, "/help"))
            other.execute("BEGIN IMMEDIATE")
            await bot.inbox.put(question(bot, 4, "/help"))

        working(bot, work)
    other.close()

    sent = [call.given for call in bot.request.calls if call.method == "sendMessage"]
    assert [given["reply_parameters"]["message_id"] for given in sent] == [1, 2, 3, 4]


def test_an_update_is_not_taken_while_there_is_no_server(
    bot: LocalBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Telegram keeps it meanwhile, since put does not return."""
    real, tries = kept_updates.receive, list[int]()

    def receive(*args: Any, **kwargs: Any) -> Any:
        tries.append(1)
        if len(tries) < 3:
            raise UnreachableError("nobody is there")
        return real(*args, **kwargs)

    monkeypatch.setattr(kept_updates, "receive", receive)
    monkeypatch.setattr(inbox_module, "BEAT", 0.01)
    bot.run(lambda: bot.inbox.put(question(bot, 1)))

    assert len(tries) == 3
    assert undone(bot) == 1


def test_what_was_sent_before_a_worker_ended_is_not_sent_again(bot: LocalBot) -> None:
    """The next worker sends what of a reply is missing."""
    bot.put("Zebras are striped. They live in the savanna.")
    narrowing = question(bot, 1, "/article own")  # has two messages
    calls = bot.request.calls

    async def work() -> None:
        bot.request.pauses["sendMessage"] = 0.05
        await bot.inbox.put(narrowing)
        while sum(call.method == "sendMessage" for call in calls) < 2:
            await asyncio.sleep(0.001)
        await bot.application.update_processor.leave()  # type: ignore[attr-defined]

    first = working(bot, work)
    with writing(bot.engine) as connection:
        worker_beats.release(connection, bot.inbox.worker.bot, [bot.inbox.worker.name])
    calls.clear()
    second = working(bot, lambda: tend_once(bot))

    assert len(first) == 2
    assert second == first[1:]  # its answer was not awaited any more
    with bot.engine.connect() as connection:
        assert connection.execute(select(tables.outbox)).all() == []


def test_an_addition_that_is_stopped_is_done_by_the_next_worker(bot: LocalBot) -> None:
    """Nobody is told to send it again; the message that shows the progress says the end."""
    text = "Trams run on rails. " * 30
    given = document("a.txt", message_id=1)
    update = Update.de_json({"update_id": 1, "message": given}, bot.application.bot)

    async def work() -> None:
        bot.request.pauses["getFile"] = 60.0
        await bot.inbox.put(update)
        while "getFile" not in [call.method for call in bot.request.calls]:
            await asyncio.sleep(0.001)
        await bot.application.update_processor.leave()  # type: ignore[attr-defined]

    working(bot, work)
    with writing(bot.engine) as connection:
        worker_beats.release(connection, bot.inbox.worker.bot, [bot.inbox.worker.name])
    bot.request.pauses.clear()
    bot.request.files["a.txt"] = text.encode()
    working(bot, lambda: tend_once(bot))

    calls = [
        call for call in bot.request.calls if call.method in {"sendMessage", "editMessageText"}
    ]
    assert [call.method for call in calls] == ["sendMessage", "editMessageText"]
    assert calls[-1].given["text"].startswith("Added: ")


def test_an_article_that_is_stored_when_a_worker_ends_is_told_as_new(bot: LocalBot) -> None:
    """The next worker finds it there, and its sender has not heard of it."""
    bot.request.files["a.txt"] = b"Trams run on rails. They are late." * 9
    given = document("a.txt", message_id=1)
    update = Update.de_json({"update_id": 1, "message": given}, bot.application.bot)

    async def work() -> None:
        bot.request.pauses["editMessageText"] = 60.0
        await bot.inbox.put(update)
        while "editMessageText" not in [call.method for call in bot.request.calls]:
            await asyncio.sleep(0.001)
        await bot.application.update_processor.leave()  # type: ignore[attr-defined]

    working(bot, work)
    with writing(bot.engine) as connection:
        worker_beats.release(connection, bot.inbox.worker.bot, [bot.inbox.worker.name])
        connection.execute(delete(tables.outbox).where(tables.outbox.c.number > 1))
    bot.request.pauses.clear()
    working(bot, lambda: tend_once(bot))

    assert bot.request.calls[-1].given["text"].startswith("Added: ")


def test_a_comment_waits_for_the_post_above_it(bot: LocalBot) -> None:
    """Which another worker may still make an article of."""
    post = KeptUpdate(1, CHANNEL["id"], "{}")
    with writing(bot.engine) as connection:
        kept_updates.receive(connection, GONE, post, takes=True, droppable=False)
    order: list[str] = []

    async def run() -> None:
        async def comment() -> None:
            WORK.set(Work(2, CHANNEL["id"]))
            await bot.inbox.wait_for_earlier(CHANNEL["id"])
            order.append("comment")

        waiting = asyncio.create_task(comment())
        await asyncio.sleep(0.15)
        order.append("post")
        await bot.inbox.store.run(kept_updates.finish, GONE, post, takes=False)
        await waiting

    bot.run(run)

    assert order == ["post", "comment"]
