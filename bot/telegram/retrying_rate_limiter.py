"""Requests to Telegram that arrive: at its pace, and again when it was not to be had."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from typing import Any

import httpx
from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut
from telegram.ext import AIORateLimiter

from bot.telegram import instruments
from bot.telegram.outbox import Outbox, OutgoingCall
from bot.telegram.update_work import WORK

log = logging.getLogger(__name__)

# Telegram counts messages: no edits, no reactions, no looks at who is in a chat.
_COUNTED = ("send", "forward", "copy")
_KEPT = (*_COUNTED, "edit")  # what must be done, and may be seen when it is done twice
_PASSING = ("sendChatAction", "answer")  # of no worth a minute later
MAX_RETRIES = 5  # of a request that Telegram puts off and that belongs to no update
LONGEST_WAIT = 300.0  # seconds; what Telegram puts off for longer is given up
RECONNECT_PAUSES = (0.5, 2.0, 5.0)  # seconds before a request whose connection broke is made again
LONGEST_PAUSE = 10.0  # of those that follow, while Telegram answers nothing

Callback = Callable[..., Coroutine[Any, Any, Any]]


class RetryingRateLimiter(AIORateLimiter):
    """
    The rate limiter: at most 30 messages a second in all, and 20 a minute in a group.

    A chat that Telegram puts off (RetryAfter) waits alone; AIORateLimiter itself would let all
    others wait with it. A request whose connection broke is made again: the answer might come
    twice, which is better than never. One that timed out is not, since it mostly arrived. While
    nobody reaches Telegram, what an update gets waits until it is late. What people see is kept in
    *outbox* before it is sent.
    """

    def __init__(self, outbox: Outbox) -> None:
        super().__init__()
        self._outbox = outbox
        self._answered = -math.inf  # when Telegram did so last, on the monotonic clock

    async def process_request(  # noqa: PLR0913, PLR0917 (the signature of the base class)
        self,
        callback: Callback,
        args: Any,  # noqa: ANN401
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:  # noqa: ANN401
        """Make one request to Telegram."""
        if endpoint.startswith(_PASSING) or not endpoint.startswith(_KEPT):
            stale = 0.0 if endpoint.startswith(_PASSING) else _stale()
            return await self._retrying(callback, args, kwargs, stale)
        call = await self._outbox.record(endpoint, data)
        if call.result is not None:
            return call.result

        async def patiently(**kwargs: Any) -> Any:  # noqa: ANN401
            once = partial(self._once, callback, call)
            return await self._retrying(once, (endpoint,), kwargs, _stale())

        if not endpoint.startswith(_COUNTED):
            return await patiently(**kwargs)
        return await super().process_request(patiently, (), kwargs, endpoint, data, rate_limit_args)

    async def _once(
        self,
        callback: Callback,
        call: OutgoingCall,
        endpoint: str,
        **kwargs: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """Try *call* once, and note its result."""
        async with self._outbox.turn():
            try:
                result = await callback(endpoint, call.data, **kwargs)
            except BadRequest as exc:
                if not call.again or "not modified" not in str(exc).lower():
                    raise
                result = True  # an earlier worker has done it, and ended before it knew
            await self._outbox.confirm(call, result)
        return result

    async def _retrying(
        self,
        callback: Callback,
        args: Any,  # noqa: ANN401
        kwargs: dict[str, Any],
        stale: float,
    ) -> Any:  # noqa: ANN401
        """Call *callback* until Telegram has taken it; raise what keeps it from that for long."""
        pauses = _pauses(stale)
        put_off = 0
        while True:
            begun = time.monotonic()
            try:
                result = await callback(*args, **kwargs)
            except RetryAfter as exc:
                self._answered = time.monotonic()
                put_off += 1
                await _wait_as_told(exc, put_off, stale)
            except NetworkError as exc:
                if isinstance(exc, BadRequest):
                    self._answered = time.monotonic()
                    raise
                await self._wait_for_telegram(exc, pauses, begun)
            else:
                self._answered = time.monotonic()
                return result

    async def _wait_for_telegram(
        self, exc: NetworkError, pauses: Iterator[float], begun: float
    ) -> None:
        """Wait before a request is made again, or raise *exc*, with which it failed."""
        if isinstance(exc, TimedOut) and not _never_left(exc):
            raise exc  # it mostly arrived
        pause = next(pauses, None)
        if pause is None:
            raise OutOfReachError(str(exc)) from exc
        if pause > RECONNECT_PAUSES[-1] and self._answered > begun:
            raise exc  # others are answered: it is this request
        log.info("the connection to Telegram broke (%s); again in %g s", exc, pause)
        await asyncio.sleep(pause)


class OutOfReachError(NetworkError):
    """Raised when Telegram could not be reached for so long that a request is made no more."""


def _stale() -> float:
    """When what is sent for the update that is worked on must be made anew; 0 without one."""
    work = WORK.get()
    return 0.0 if work is None else work.stale


async def _wait_as_told(exc: RetryAfter, times: int, stale: float) -> None:
    """Wait as long as Telegram says, which it has said *times* times; or raise *exc*."""
    instruments.count("put_off")
    wait = retry_seconds(exc)
    if wait > LONGEST_WAIT or (times > MAX_RETRIES and time.monotonic() + wait > stale):
        raise exc
    log.info("Telegram puts a chat off for %g s", wait)
    await asyncio.sleep(wait)


def _pauses(stale: float) -> Iterator[float]:
    """The pauses before a request is made again, the long ones until *stale*."""
    yield from RECONNECT_PAUSES
    pause = RECONNECT_PAUSES[-1]
    while time.monotonic() + pause < stale:
        pause = min(2 * pause, LONGEST_PAUSE)
        yield pause


def _never_left(exc: NetworkError) -> bool:
    """Whether a request that took too long was not even sent."""
    return isinstance(exc.__cause__, httpx.ConnectTimeout | httpx.PoolTimeout)


def retry_seconds(exc: RetryAfter) -> float:
    """How long Telegram wants to be left alone."""
    wait = exc.retry_after
    return float(wait if isinstance(wait, int) else wait.total_seconds())
