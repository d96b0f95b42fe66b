"""
What an operator asks the bot over HTTP: /health, /ready, and /metrics.

It says nothing of what people ask. It listens on this machine only, unless told otherwise.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select, text
from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

from bot.telegram import instruments
from bot.telegram.bot_context import BotApplication, SharedResources
from index.errors import LibraryError, UsageError

if TYPE_CHECKING:
    from bot.telegram.prometheus_sink import PrometheusSink

DATABASE_PATIENCE = 2.0  # seconds in which a database that is there answers


@dataclass(frozen=True, slots=True)
class OperatorAddress:
    """Where the bot tells how it is."""

    listen: str
    port: int


@asynccontextmanager
async def telling(application: BotApplication, address: OperatorAddress) -> AsyncIterator[None]:
    """Tell at *address*, meanwhile, how *application* is; raises UsageError if it cannot."""
    from bot.telegram.prometheus_sink import PrometheusSink

    sink, state = PrometheusSink(), _State(application)
    sink.show(state.measure)
    server = HTTPServer(_routes(state, sink), idle_connection_timeout=60.0, max_body_size=0)
    try:
        server.add_socket(_bind(address))
    except OSError as exc:
        raise UsageError(
            f"the bot cannot tell its figures at {address.listen}, port {address.port} "
            f"({exc.strerror or exc}); choose another --metrics-port or --metrics-listen."
        ) from exc
    with instruments.heard_by(sink):
        try:
            yield
        finally:
            server.stop()
            await server.close_all_connections()


def _bind(address: OperatorAddress) -> socket.socket:
    """A socket that listens at *address*; raises OSError."""
    found = socket.getaddrinfo(address.listen, address.port, type=socket.SOCK_STREAM)
    family, *_, place = found[0]
    listening = socket.create_server(place, family=family)
    listening.setblocking(False)
    return listening


@dataclass
class _State:
    """How *application* is; the database is asked by one thread at a time."""

    application: BotApplication
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def lacks(self) -> list[str]:
        """What is not there that an answer needs; nothing when the bot is ready."""
        data = self.application.bot_data
        if data.stopping.is_set():
            return ["the bot is told to stop"]
        if data.shared is None:
            return ["the models are not loaded"]
        lacking = [] if self.application.running else ["no updates are taken yet"]
        if not await self._answers(data.shared):
            lacking.append("the database does not answer")
        return lacking

    def polls(self) -> bool | None:
        """Whether it is this process that asks Telegram for updates; None with a webhook."""
        return self.application.bot_data.polls

    async def _answers(self, shared: SharedResources) -> bool:
        if self.asking.locked():  # it has not answered who asked before
            return False
        async with self.asking:
            asking = asyncio.to_thread(_ask_database, shared)
            try:
                return await asyncio.wait_for(asyncio.shield(asking), DATABASE_PATIENCE)
            except TimeoutError:
                return False

    def measure(self) -> Mapping[str, float]:
        """The figures of this moment."""
        application, shared = self.application, self.application.bot_data.shared
        at_work = application.update_processor.current_concurrent_updates
        stopping = application.bot_data.stopping.is_set()
        figures = {
            "polls": float(bool(self.polls())),
            "ready": float(application.running and shared is not None and not stopping),
            "waiting_updates": float(application.update_queue.qsize() + at_work),
        }
        if shared is None:
            return figures
        windows = shared.answerers.windows
        kept = {"cache_bytes": windows.nbytes, "cache_hits": windows.hits}
        return {**figures, **kept, "cache_misses": windows.misses}


def _ask_database(shared: SharedResources) -> bool:
    try:
        with shared.engine.connect() as connection:
            return bool(connection.scalar(select(text("1"))))
    except LibraryError:
        return False


def _routes(state: _State, sink: PrometheusSink) -> Application:
    given = {"state": state}
    return _Quiet(
        [
            ("/health", _Health),
            ("/ready", _Ready, given),
            ("/metrics", _Metrics, {"sink": sink}),
        ]
    )


class _Quiet(Application):
    """Writes no line for a request."""

    def log_request(self, handler: RequestHandler) -> None:
        """Do nothing."""


class _Health(RequestHandler):
    """The process is alive: its event loop comes to answer this."""

    def get(self) -> None:
        """Say so."""
        self.write({"status": "alive"})


class _Ready(RequestHandler):
    """Whether questions are answered; a balancer or a deployment waits for that."""

    def initialize(self, state: _State) -> None:
        self._state = state

    async def get(self) -> None:
        """Say so, or what is missing."""
        lacking, polls = await self._state.lacks(), self._state.polls()
        if lacking:
            self.set_status(503)
        self.set_header("Content-Type", "application/json")
        told = {"ready": not lacking, "missing": lacking}
        self.finish(json.dumps(told if polls is None else told | {"polls": polls}))


class _Metrics(RequestHandler):
    """The figures."""

    def initialize(self, sink: PrometheusSink) -> None:
        self._sink = sink

    def get(self) -> None:
        """Write them as the one who asks can read them."""
        from prometheus_client.exposition import choose_encoder

        encode, kind = choose_encoder(self.request.headers.get("Accept", ""))
        self.set_header("Content-Type", kind)
        self.finish(encode(self._sink.registry))
