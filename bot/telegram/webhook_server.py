"""
The server that takes updates from Telegram: it reads nothing of whoever does not know the secret.

python-telegram-bot's own reads bodies of 100 MB from anybody, as slowly as they like, and lets
Telegram send again for ever what it cannot read.
"""

from __future__ import annotations

import hmac
import json
import logging
import re
from typing import Any

from telegram import Update
from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream
from tornado.web import Application, RequestHandler, stream_request_body

from bot.telegram.bot_context import BotApplication
from bot.telegram.update_reading import readable

log = logging.getLogger(__name__)

MAX_BODY = 1_000_000  # bytes; an update has seldom more than 20,000
MAX_HEADERS = 16_000  # bytes
BODY_TIMEOUT = 10.0  # seconds from the headers to the end of the body
IDLE_TIMEOUT = 30.0  # seconds until the headers are there, for the first request and the next ones
MAX_CONNECTIONS = 200  # Telegram uses 40 unless it is told otherwise
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (the name of a header)


def make_webhook_server(application: BotApplication, path: str, secret: str) -> HTTPServer:
    """Make what listens at *path* for updates with *secret*, and hands them to *application*."""
    given = {"application_": application, "secret": secret}
    return _BoundedServer(
        _Quiet([(rf"/{re.escape(path)}/?", _UpdateHandler, given)], default_handler_class=_Nothing),
        max_header_size=MAX_HEADERS,
        max_body_size=MAX_BODY,
        body_timeout=BODY_TIMEOUT,
        idle_connection_timeout=IDLE_TIMEOUT,
    )


class _BoundedServer(HTTPServer):
    """Serves so many connections at a time."""

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        """Serve a new connection, unless there are too many."""
        if len(self._connections) < MAX_CONNECTIONS:
            super().handle_stream(stream, address)
        else:
            stream.close()


class _Quiet(Application):
    """Writes no line for a request."""

    def log_request(self, handler: RequestHandler) -> None:
        """Do nothing."""


@stream_request_body
class _UpdateHandler(RequestHandler):
    """One request; its body is read when its headers are right."""

    def initialize(self, application_: BotApplication, secret: str) -> None:
        self._bot = application_
        self._secret = secret
        self._body = bytearray()

    async def prepare(self) -> None:
        """Send away who does not know the secret."""
        said = self.request.headers.get(_SECRET_HEADER, "")
        known = hmac.compare_digest(said.encode(), self._secret.encode())
        if not known or self.request.method != "POST":
            log.warning("a request without the secret of the webhook is refused")
            await _refuse(self, 403)

    def data_received(self, chunk: bytes) -> None:
        """Keep a piece of the body, whose length is limited."""
        self._body += chunk

    async def post(self) -> None:
        """Take an update; what is none is not sent again either."""
        try:
            given = json.loads(self._body)
            update = Update.de_json(readable(given), self._bot.bot)
        except (ValueError, TypeError, KeyError, AttributeError):
            log.warning("a request to the webhook holds no update and is ignored")
            return
        await self._bot.update_queue.put(update)

    def log_exception(self, *_: object) -> None:
        """Write nothing of what was sent."""


@stream_request_body
class _Nothing(RequestHandler):
    """What stands at every other path."""

    async def prepare(self) -> None:
        """Say that there is nothing."""
        await _refuse(self, 404)


async def _refuse(handler: RequestHandler, status: int) -> None:
    """Answer a request by *status*, and close the connection instead of reading its body."""
    handler.set_status(status)
    handler.set_header("Connection", "close")
    await handler.finish()
    connection: Any = handler.request.connection  # HTTP/1, which this server alone speaks
    connection.stream.close()
