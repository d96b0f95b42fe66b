"""What the bot stands on fails: the disk, the database server, Telegram, the clock."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import postgresql_server
import pytest
import small_disk
from local_bot import ANN, PRIVATE, LocalBot, message
from postgresql_server import PostgresqlServer
from small_disk import SmallDisk
from sqlalchemy import text
from telegram import Update

from bot.config import Settings
from bot.telegram import chat_answer, housekeeping, reply_keeper, telegram_time, update_reading
from bot.telegram import retrying_rate_limiter as limiter
from bot.telegram.store import replies, tables
from bot.telegram.store.reply_values import Conversation
from index.storage.engine import writing

QUESTION = "what conditions did the US set?"
SORRY = "Something went wrong on my side"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A disk of its own, with a database that a bot has used."""
    if not small_disk.can_mount():
        pytest.skip("only root can mount a disk, where there are loop devices")
    with SmallDisk(tmp_path) as disk:
        bot = bot_on(disk)
        bot.receive(message=message(PRIVATE, QUESTION))
        bot.close()
        yield disk


def bot_on(disk: SmallDisk) -> LocalBot:
    """A bot with its database on *disk*."""
    return LocalBot(Settings(threshold=0.0), f"sqlite:///{disk.place / 'a.sqlite'}")


@pytest.mark.parametrize("fail", [SmallDisk.fill, SmallDisk.close_to_writing])
def test_on_a_disk_that_takes_nothing_questions_are_answered(
    disk: SmallDisk, fail: Callable[[SmallDisk], None]
) -> None:
    """Without buttons, whether it is full or the kernel has made it read-only."""
    bot = bot_on(disk)
    fail(disk)

    calls = bot.receive(message=message(PRIVATE, QUESTION))
    bot.close()

    assert ["<blockquote" in call.given["text"] for call in calls] == [True]
    assert "reply_markup" not in calls[0].given


def test_a_disk_that_has_room_again_is_used_again(
    disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has to start the bot anew."""
    monkeypatch.setattr(reply_keeper, "PAUSE", 0.0)
    bot = bot_on(disk)
    disk.fill()
    bot.receive(message=message(PRIVATE, QUESTION))
    disk.make_room()

    (call,) = bot.receive(message=message(PRIVATE, QUESTION))
    bot.close()

    assert call.given["reply_markup"]


def test_a_broken_disk_is_told_of(disk: SmallDisk) -> None:
    """Where nothing can be read either, each who asks hears that it failed."""
    bot = bot_on(disk)
    disk.break_down()
    told = [bot.told(message=message(PRIVATE, QUESTION)) for _ in range(2)]
    bot.close()

    assert [[said.startswith(SORRY) for said in texts] for texts in told] == [[True], [True]]


def test_where_postgresql_takes_nothing_questions_are_answered(postgresql_url: str) -> None:
    """Without buttons, as on a disk that is full."""
    bot = LocalBot(Settings(threshold=0.0), postgresql_url)
    bot.receive(message=message(PRIVATE, QUESTION))
    with writing(bot.engine) as connection:
        name = bot.engine.url.database
        connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
    bot.inbox.store._drop()
    bot.engine.dispose()

    calls = bot.receive(message=message(PRIVATE, QUESTION))
    bot.close()

    assert ["<blockquote" in call.given["text"] for call in calls] == [True]
    assert "reply_markup" not in calls[0].given


@pytest.fixture
def server() -> Iterator[PostgresqlServer]:
    """A database server of its own."""
    if postgresql_server.programs() is None:
        pytest.skip("there is no PostgreSQL server")
    with PostgresqlServer() as server:
        yield server


@pytest.mark.slow
def test_while_the_database_server_is_restarted_questions_wait(server: PostgresqlServer) -> None:
    """What was taken before, and what comes meanwhile, is answered in its order, once."""
    bot = LocalBot(Settings(threshold=0.0), f"{server.url}/postgres")

    async def put(*numbers: int) -> None:
        for number in numbers:
            await bot.inbox.put(asked(bot, number))

    async def run() -> None:
        await bot.application.start()
        tending = asyncio.create_task(bot.inbox.tend())
        await put(1, 2)
        await asyncio.to_thread(server.stop)
        meanwhile = asyncio.create_task(put(3, 4))
        await asyncio.sleep(0.3)
        assert not meanwhile.done()
        await asyncio.to_thread(server.start)
        await meanwhile
        async with asyncio.timeout(20):
            while len(answered(bot)) < 4:
                await asyncio.sleep(0.02)
        tending.cancel()
        await bot.application.stop()

    bot.run(run)
    bot.close()

    assert answered(bot) == [1, 2, 3, 4]


def asked(bot: LocalBot, number: int) -> Update:
    """Ann's question with this number as Telegram sends it."""
    given = message(PRIVATE, QUESTION, message_id=number)
    return Update.de_json({"update_id": number, "message": given}, bot.application.bot)


def answered(bot: LocalBot) -> list[int]:
    """The messages that were replied to with passages, in the order of the replies."""
    return [
        call.given["reply_parameters"]["message_id"]
        for call in bot.request.calls
        if call.method == "sendMessage" and "<blockquote" in call.given["text"]
    ]


def test_an_answer_that_waited_for_telegram_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was ready in time, and Telegram out of reach until it was late."""
    for module in (chat_answer, update_reading):
        monkeypatch.setattr(module, "LATE", dt.timedelta(seconds=1.5))
    monkeypatch.setattr(limiter, "RECONNECT_PAUSES", (0.05,))
    monkeypatch.setattr(limiter, "LONGEST_PAUSE", 0.05)
    bot = LocalBot(Settings(threshold=0.0), f"sqlite:///{tmp_path / 'a.sqlite'}")
    bot.receive(message=message(PRIVATE, QUESTION))  # encodes the article
    bot.request.calls.clear()

    async def run() -> None:
        await bot.application.start()
        bot.request.refusals["sendMessage"] = (502, "Bad Gateway")
        given = message(PRIVATE, QUESTION, date=int(time.time()))
        update = {"update_id": 9, "message": given}
        await bot.inbox.put(Update.de_json(update, bot.application.bot))
        await asyncio.sleep(2.0)
        tried = len(bot.request.calls)
        bot.request.refusals.clear()
        async with asyncio.timeout(10):
            while len(bot.request.calls) == tried or bot.inbox._taken:
                await asyncio.sleep(0.02)
        await bot.application.stop()

    bot.run(run)
    bot.close()

    sent = [call.given["text"] for call in bot.request.calls if call.method == "sendMessage"]
    assert not sent[0].startswith("You asked this a while ago")
    assert sent[-1].startswith("You asked this a while ago")
    assert SORRY not in "".join(sent)


def test_a_clock_that_jumps_makes_no_message_old(
    local_bot: LocalBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How long a message has waited is told by Telegram's clock."""
    said = httpx.Response(200, headers={"Date": "Sat, 1 Feb 2020 10:00:00 GMT"})
    monkeypatch.setattr(telegram_time, "_offset", [None])
    asyncio.run(telegram_time.note_date(said))
    sent = int(dt.datetime(2020, 2, 1, 9, 59, 50, tzinfo=dt.UTC).timestamp())

    told = local_bot.told(message=message(PRIVATE, QUESTION, date=sent, **{"from": ANN}))

    assert ["<blockquote" in said for said in told] == [True]
    assert not told[0].startswith("You asked this a while ago")


def test_by_a_clock_that_is_wrong_nothing_is_forgotten(
    local_bot: LocalBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What is thirty days old by it may have been asked today."""
    local_bot.receive(message=message(PRIVATE, QUESTION))
    month = dt.timedelta(days=40)
    with writing(local_bot.engine) as connection:
        old = dt.datetime.now(dt.UTC).replace(tzinfo=None) - month
        connection.execute(tables.replies.update().values(asked_at=old))
    by_telegram = time.time() - month.total_seconds()
    monkeypatch.setattr(telegram_time, "_offset", [by_telegram - time.monotonic()])

    housekeeping.tidy_up(local_bot.shared)

    assert replies.last(local_bot.engine, Conversation(PRIVATE["id"])) is not None
    assert "the clock of this machine is wrong" in caplog.text


def test_without_telegrams_time_the_machines_own_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Bot API server of one's own need not say it."""
    monkeypatch.setattr(telegram_time, "_offset", [None])
    asyncio.run(telegram_time.note_date(httpx.Response(200)))
    now: Any = dt.datetime.now(dt.UTC)

    assert abs(telegram_time.now() - now) < dt.timedelta(seconds=5)
