"""The thread that writes what must be kept of each update, on a connection of its own."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.telegram.store import tables
from index.errors import LibraryError, UnreachableError
from index.storage.engine import held_connection, is_sqlite
from index.storage.sqlite import file_of, wait_for_disk

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

# Seconds in which nothing is tried after the database could not be written: each try may wait as
# long as a lock is waited for, and all that comes would wait behind it.
PAUSE = 15.0


class StoreThread:
    """
    Does one short transaction after another, on a connection that stays open.

    So a transaction costs a quarter of a millisecond, and those of one process never wait for each
    other's locks.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._thread = ThreadPoolExecutor(1, "article-bot-store")
        self._connection: Connection | None = None
        self._resume = 0.0
        file = not is_sqlite(engine.url) or file_of(engine.url) is not None
        self._keeps = file  # a database in memory has but one connection, which others need too
        self._on_disk = is_sqlite(engine.url) and file

    async def run(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """
        Do *work* with a connection in a transaction, which it ends by; return what it returns.

        Raises LibraryError when the database cannot be written, at once for PAUSE seconds; of
        these UnreachableError while there is no server.
        """
        return await self._run(lambda connection: work(connection, *args, **kwargs), durable=False)

    async def run_durably(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Do the same, and return when it outlasts a failure of the power."""
        return await self._run(lambda connection: work(connection, *args, **kwargs), durable=True)

    async def _run(self, work: Callable[[Connection], T], *, durable: bool) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._transact, work, durable)

    def _transact(self, work: Callable[[Connection], T], durable: bool) -> T:
        if time.monotonic() < self._resume:
            raise LibraryError("the database could not be written a moment ago.")
        held = self._connection is not None
        try:
            connection = self._open(durable)
            with connection.begin():
                done = work(connection)
        except UnreachableError:  # to be told of at once costs nothing, so it is tried each time
            self._drop()
            if not held:
                raise
            return self._transact(work, durable)  # the server may have been started again
        except (LibraryError, SQLAlchemyError) as exc:
            self._resume = time.monotonic() + PAUSE
            self._drop()
            log.error("updates are worked on from memory, since nothing can be kept: %s", exc)
            raise LibraryError(str(exc)) from exc
        except BaseException:
            self._drop()
            raise
        if not self._keeps:
            self._drop()
        return done

    def _open(self, durable: bool) -> Connection:
        if self._connection is None:
            self._connection = held_connection(self.engine, tables.LONG_WAIT)
        if self._on_disk:
            wait_for_disk(self._connection, durable)
        return self._connection

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(LibraryError, SQLAlchemyError):
                connection.close()

    def close(self) -> None:
        """Finish what was begun, and close the connection."""
        self._thread.submit(self._drop)
        self._thread.shutdown()
