"""Which requests are made again, and after what time."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx
import pytest
from local_bot import fresh_inbox
from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut

from bot.telegram import retrying_rate_limiter as module
from bot.telegram.application import REQUEST_TIMEOUT, make_request
from bot.telegram.outbox import Outbox
from bot.telegram.retrying_rate_limiter import OutOfReachError, RetryingRateLimiter
from bot.telegram.update_work import WORK, Work


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Give the pauses between requests, which take no time here."""
    taken: list[float] = []

    async def sleep(seconds: float) -> None:
        taken.append(seconds)

    monkeypatch.setattr(module.asyncio, "sleep", sleep)
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # without it the library warns of what it will do
    return taken


def send(*failures: Exception, work: Work | None = None) -> Any:
    """Send a message, which meets *failures* before it arrives; *work* is what it is sent for."""
    left = list(failures)

    async def request(*_: Any) -> bool:
        if left:
            raise left.pop(0)
        return True

    async def process() -> Any:
        WORK.set(work)
        limiter = RetryingRateLimiter(Outbox(fresh_inbox()))
        await limiter.initialize()
        return await limiter.process_request(request, (), {}, "sendMessage", {"chat_id": 7}, None)

    return asyncio.run(process())


def test_what_telegram_puts_off_is_sent_when_it_says(pauses: list[float]) -> None:
    """The request waits as long as it was told, each time."""
    assert send(RetryAfter(3), RetryAfter(5))
    assert pauses == [3, 5]


def test_what_is_put_off_for_too_long_is_given_up(pauses: list[float]) -> None:
    """Nobody waits for an answer for an hour."""
    with pytest.raises(RetryAfter):
        send(RetryAfter(3600))


def test_a_broken_connection_is_tried_again_a_few_times(pauses: list[float]) -> None:
    """Three times, then the failure is told."""
    assert send(*[NetworkError("broken")] * 3)
    with pytest.raises(NetworkError):
        send(*[NetworkError("broken")] * 4)
    assert pauses == [0.5, 2.0, 5.0] * 2


def test_an_answer_waits_for_telegram_until_it_is_late(pauses: list[float]) -> None:
    """Ever more seldom tried; then it is to be made anew."""
    assert send(*[NetworkError("broken")] * 7, work=Work(1, 7, stale=time.monotonic() + 600))
    assert pauses == [0.5, 2.0, 5.0, 10.0, 10.0, 10.0, 10.0]
    with pytest.raises(OutOfReachError):
        send(*[NetworkError("broken")] * 7, work=Work(1, 7, stale=time.monotonic() + 5))


def test_an_answer_is_put_off_as_often_as_telegram_likes(pauses: list[float]) -> None:
    """A storm of refusals ends."""
    assert send(*[RetryAfter(3)] * 30, work=Work(1, 7, stale=time.monotonic() + 600))
    assert pauses == [3] * 30


def test_a_request_that_alone_fails_is_given_up(pauses: list[float]) -> None:
    """It holds up its chat for no longer than others are answered meanwhile."""
    broken = True

    async def request(endpoint: str, data: dict[str, Any], **_: Any) -> bool:
        if data["chat_id"] == 7 and broken:
            await limiter.process_request(request, (), {}, "sendMessage", {"chat_id": 8}, None)
            raise NetworkError("Internal Server Error (500)")
        return True

    limiter = RetryingRateLimiter(Outbox(fresh_inbox()))

    async def process() -> None:
        await limiter.initialize()
        WORK.set(Work(1, 7, stale=time.monotonic() + 600))
        await limiter.process_request(request, (), {}, "sendMessage", {"chat_id": 7}, None)

    with pytest.raises(NetworkError, match="500"):
        asyncio.run(process())
    assert [pause for pause in pauses if pause > 1] == [2.0, 5.0]


def test_what_was_never_sent_is_sent_again(pauses: list[float]) -> None:
    """Nobody took the connection, so nothing can come twice."""
    failure = TimedOut()
    failure.__cause__ = httpx.ConnectTimeout("")

    assert send(failure)
    assert pauses == [0.5]


@pytest.mark.parametrize("failure", [TimedOut(), BadRequest("no such chat")])
def test_what_may_have_arrived_or_cannot_is_sent_once(
    pauses: list[float], failure: Exception
) -> None:
    """An answer is never sent twice because its receipt took long."""
    with pytest.raises(type(failure)):
        send(failure)
    assert pauses == []


def test_a_slow_telegram_is_waited_for() -> None:
    """A receipt may take half a minute, and not the five seconds that are the library's default."""
    assert make_request().read_timeout == REQUEST_TIMEOUT == 30
