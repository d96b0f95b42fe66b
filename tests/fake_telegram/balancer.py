"""A server before several workers, as nginx is: what one cannot take goes to the next."""

from __future__ import annotations

import http.client
import itertools
import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PASSED_ON = ("Content-Type", "X-Telegram-Bot-Api-Secret-Token")
TIMEOUT = 5.0  # seconds that a worker may take


class Balancer(ThreadingHTTPServer):
    """Hands each request to one of the *ports* of 127.0.0.1, in turns; close it at the end."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, ports: Sequence[int]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.ports = ports
        self.turns = itertools.count()
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        """Where Telegram sends updates."""
        return f"http://127.0.0.1:{self.server_port}/hook"

    def close(self) -> None:
        """Take no more requests."""
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Balancer

    def do_POST(self) -> None:
        """Pass a request on to the first worker that answers, from the one whose turn it is."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        turn = next(self.server.turns)
        status = 502
        for place in range(len(self.server.ports)):
            port = self.server.ports[(turn + place) % len(self.server.ports)]
            try:
                status = self._pass_on(port, body)
                break
            except (OSError, http.client.HTTPException):
                continue
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _pass_on(self, port: int, body: bytes) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
        try:
            headers = {name: self.headers[name] for name in PASSED_ON if name in self.headers}
            connection.request("POST", self.path, body, headers)
            return connection.getresponse().status
        finally:
            connection.close()

    def log_message(self, *_: object) -> None:
        """Write nothing."""
