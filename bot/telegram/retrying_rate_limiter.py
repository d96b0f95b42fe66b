"""Requests to Telegram that arrive: at its pace, and again when it was not to be had."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut
from telegram.ext import AIORateLimiter

from bot.telegram import instruments
from bot.telegram.outbox import Outbox, OutgoingCall

log = logging.getLogger(__name__)

# Telegram counts messages: no edits, no reactions, no looks at who is in a chat.
_COUNTED = ("send", "forward", "copy")
_KEPT = (*_COUNTED, "edit")  # what must be done, and may be seen when it is done twice
_PASSING = "sendChatAction"
MAX_RETRIES = 5  # of one request that Telegram puts off
LONGEST_WAIT = 300.0  # seconds; what Telegram puts off for longer is given up
RECONNECT_PAUSES = (0.5, 2.0, 5.0)  # seconds before a request whose connection broke is made again

Callback = Callable[..., Coroutine[Any, Any, Any]]


class RetryingRateLimiter(AIORateLimiter):
    """
    The rate limiter: at most 30 messages a second in all, and 20 a minute in a group.

    A chat that Telegram puts off (RetryAfter) waits alone; AIORateLimiter itself would let all
    others wait with it. A request whose connection broke is made again: the answer might come
    twice, which is better than never. One that timed out is not, since it mostly arrived. What
    people see is kept in *outbox* before it is sent.
    """

    def __init__(self, outbox: Outbox) -> None:
        super().__init__()
        self._outbox = outbox

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
        if endpoint == _PASSING or not endpoint.startswith(_KEPT):
            return await _retrying(callback, args, kwargs)
        call = await self._outbox.record(endpoint, data)
        if call.result is not None:
            return call.result

        async def patiently(**kwargs: Any) -> Any:  # noqa: ANN401
            return await _retrying(partial(self._once, callback, call), (endpoint,), kwargs)

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


async def _retrying(callback: Callback, args: Any, kwargs: Any) -> Any:  # noqa: ANN401
    pauses = iter(RECONNECT_PAUSES)
    for attempt in range(MAX_RETRIES + 1):
        try:
            return await callback(*args, **kwargs)
        except RetryAfter as exc:
            instruments.count("put_off")
            wait = _seconds(exc)
            if attempt == MAX_RETRIES or wait > LONGEST_WAIT:
                raise
            log.info("Telegram puts a chat off for %g s", wait)
            await asyncio.sleep(wait)
        except (BadRequest, TimedOut):  # both are NetworkErrors, and would fail again
            raise
        except NetworkError as exc:
            pause = next(pauses, None)
            if pause is None:
                raise
            log.info("the connection to Telegram broke (%s); again in %g s", exc, pause)
            await asyncio.sleep(pause)
    raise AssertionError  # the last attempt returns or raises


def _seconds(exc: RetryAfter) -> float:
    wait = exc.retry_after
    return float(wait if isinstance(wait, int) else wait.total_seconds())
