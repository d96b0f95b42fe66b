"""Which requests are made again, and after what time."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from local_bot import fresh_inbox
from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut

from bot.telegram import retrying_rate_limiter as module
from bot.telegram.application import REQUEST_TIMEOUT, make_request
from bot.telegram.outbox import Outbox
from bot.telegram.retrying_rate_limiter import RetryingRateLimiter


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Give the pauses between requests, which take no time here."""
    taken: list[float] = []

    async def sleep(seconds: float) -> None:
        taken.append(seconds)

    monkeypatch.setattr(module.asyncio, "sleep", sleep)
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # without it the library warns of what it will do
    return taken


def send(*failures: Exception) -> Any:
    """Send a message, which meets *failures* before it arrives."""
    left = list(failures)

    async def request(*_: Any) -> bool:
        if left:
            raise left.pop(0)
        return True

    async def process() -> Any:
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
