"""
What is sent for an update is kept before, and confirmed after.

A worker that takes the update over works on it again; what Telegram has confirmed is not sent
again. What was sent and not confirmed when the process ended is: one message, since one is sent at
a time unless Telegram takes long.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

from telegram import TelegramObject

from bot.telegram.inbox import Inbox
from bot.telegram.store import sent_calls
from bot.telegram.store.sent_calls import CallPlace
from bot.telegram.update_work import WORK
from index.errors import LibraryError

# Seconds that a call waits for the one before it to be confirmed. Who is answered slowly must not
# hold up all others; then more than one may be under way.
TURN = 1.0

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class OutgoingCall:
    """
    A call with its *data*, as it was first kept, and its *result* if that is known already.

    *place* is where it is kept, if it is; *again* says that an earlier worker may have made it.
    """

    data: Json
    result: Any = None
    place: CallPlace | None = None
    again: bool = False


class Outbox:
    """Keeps what is called beside the updates of *inbox*."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._turn = asyncio.Lock()

    async def record(self, endpoint: str, data: Json) -> OutgoingCall:
        """Keep the call that is to be made next for the update that is worked on."""
        work = WORK.get()
        if work is None:
            return OutgoingCall(data)
        work.calls += 1
        worker, place = self._inbox.worker, CallPlace(work.chat, work.number, work.calls)
        request = json.dumps([endpoint, _as_json(data)])
        try:
            kept = await self._inbox.store.run(sent_calls.record, worker, place, request)
        except LibraryError:
            return OutgoingCall(data)
        if kept is None:  # another worker has taken the update over
            raise asyncio.CancelledError
        work.taken_over = work.taken_over or kept.again
        result = None if kept.result is None else json.loads(kept.result)
        before, said = json.loads(kept.request)
        said = said if kept.again and before == endpoint else data
        return OutgoingCall(said, result, place, kept.again)

    async def confirm(self, call: OutgoingCall, result: Any) -> None:  # noqa: ANN401
        """Note that Telegram has answered *call* with *result*."""
        if call.place is not None:
            said, worker = json.dumps(result), self._inbox.worker
            with suppress(LibraryError):  # then it may be sent twice
                await self._inbox.store.run(sent_calls.confirm, worker, call.place, said)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Let one call be under way at a time, as long as that takes no longer than TURN."""
        try:
            async with asyncio.timeout(TURN):
                await self._turn.acquire()
        except TimeoutError:
            yield
            return
        try:
            yield
        finally:
            self._turn.release()


def _as_json(data: Json) -> Json:
    return {
        name: value.to_dict() if isinstance(value, TelegramObject) else value
        for name, value in data.items()
    }
