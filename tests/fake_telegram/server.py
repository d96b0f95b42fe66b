"""HTTP: calls come in as forms, files or JSON, and answers go out as the Bot API writes them."""

from __future__ import annotations

import json
import select
import socket
import threading
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from fake_telegram.world import File, Json, bad_request

OBJECTS = {
    *("reply_markup", "entities", "caption_entities", "reply_parameters", "link_preview_options"),
    *("allowed_updates", "results", "result", "button", "commands", "scope", "reaction"),
    *("message_ids", "menu_button", "permissions", "rights"),
}
NUMBERS = {
    *("chat_id", "message_id", "message_thread_id", "offset", "limit", "timeout", "user_id"),
    *("max_connections", "cache_time", "draft_id", "direct_messages_topic_id"),
}
FLAGS = {
    *("disable_notification", "protect_content", "drop_pending_updates", "show_alert", "is_big"),
    *("is_personal", "allow_sending_without_reply", "revoke_messages", "allow_paid_broadcast"),
    *("show_caption_above_media", "disable_content_type_detection"),
}


@dataclass
class Answer:
    """What is sent back; a negative status closes the connection without a word."""

    status: int
    body: bytes
    delay: float = 0.0  # seconds


Handle = Callable[[str, Json, Callable[[], bool]], Answer]  # path, params, "has it hung up?"


def encoded(status: int, content: Json) -> Answer:
    """Make the answer with *content* as JSON."""
    return Answer(status, json.dumps(content).encode())


class Handler(BaseHTTPRequestHandler):
    """Reads one request after another from a connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else a body waits 40 ms for the headers to be acknowledged
    server: Server

    def do_POST(self) -> None:
        """Take a call."""
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        address = urllib.parse.urlsplit(self.path)
        params = dict(urllib.parse.parse_qsl(address.query, keep_blank_values=True))
        params |= read_body(self.headers.get("Content-Type", ""), body)
        self._answer(
            self.server.handle(urllib.parse.unquote(address.path), params, self._has_hung_up)
        )

    def do_GET(self) -> None:
        """Take a call or hand out a file."""
        self.do_POST()

    def _has_hung_up(self) -> bool:
        """Whether the bot closed the connection while its call was carried out."""
        readable, _, _ = select.select([self.connection], [], [], 0)
        try:
            return bool(readable) and not self.connection.recv(1, socket.MSG_PEEK)
        except OSError:
            return True

    def _answer(self, answer: Answer) -> None:
        if answer.delay:
            self.server.closed.wait(answer.delay)
        if answer.status < 0:
            self.close_connection = True
            return
        try:
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)
        except OSError:  # the bot did not wait for the answer
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Keep the output of the tests clean."""


class Server(ThreadingHTTPServer):
    """Serves on a port of its own until it is stopped, and then cuts every connection."""

    daemon_threads = True
    request_queue_size = 256  # more than the connections of one bot

    def __init__(self, port: int, handle: Handle) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.handle = handle
        self.closed = threading.Event()
        self._open: set[socket.socket] = set()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, so that it can be cut."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection that ends."""
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Let a connection that the other side broke end quietly."""

    def stop(self) -> None:
        """Answer nothing more and cut the connections."""
        self.closed.set()
        self.shutdown()
        self._thread.join()
        for request in list(self._open):
            try:
                request.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        self.server_close()


def read_body(content_type: str, body: bytes) -> Json:
    """Give the parameters of a request as they were sent: strings and files, or JSON values."""
    if content_type.startswith("application/json"):
        params: Json = json.loads(body or b"{}")
        return params
    if content_type.startswith("multipart/form-data"):
        return _read_parts(content_type, body)
    return dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))


def _read_parts(content_type: str, body: bytes) -> Json:
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    params: Json = {}
    for part in BytesParser(policy=HTTP).parsebytes(head + body).walk():
        name, file_name = part.get_param("name", header="content-disposition"), part.get_filename()
        content = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(content, bytes):
            continue
        if file_name is None:
            params[name] = content.decode()
        else:
            params[name] = File(f"upload-{file_name}", content, file_name, len(content))
    return params


def decode(params: Json) -> Json:
    """Give *params* with numbers, flags and objects in the place of the strings for them."""
    decoded = {name: _decode(name, value) for name, value in params.items()}
    for name, value in decoded.items():
        if isinstance(value, str) and value.startswith("attach://"):
            decoded[name] = decoded.get(value.removeprefix("attach://"), value)
    return decoded


def _decode(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name in NUMBERS:
        try:
            return int(value)
        except ValueError:  # a public chat is named @so; the offset of an inline query is a text
            return value
    if name in FLAGS:
        return value.lower() in ("true", "1", "yes")
    if name in OBJECTS:
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None
    return value
