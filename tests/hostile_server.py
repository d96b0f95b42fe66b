"""A server that replies what a test tells it to, byte by byte, as no honest one would."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Reply = Callable[[socket.socket, str], None]


@contextmanager
def serving(replies: dict[str, bytes | Reply]) -> Iterator[str]:
    """Serve *replies* by path on a port of this machine; give the address in front of the path."""
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(connection,), daemon=True).start()

    def answer(connection: socket.socket) -> None:
        with connection, suppress(OSError, IndexError):
            path = connection.recv(65_536).decode().split(" ")[1]
            reply = replies[path]
            if callable(reply):
                reply(connection, address)
            else:
                connection.sendall(reply)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield address
    finally:
        listener.close()


def page(body: bytes, *headers: str, status: str = "200 OK", length: bool = True) -> bytes:
    """Write a reply with *body*."""
    lines = [f"HTTP/1.1 {status}", *headers]
    if length:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def redirect(location: str) -> bytes:
    """Write a reply that leads elsewhere."""
    return page(b"", f"Location: {location}", status="302 Found")


def dripping(start: bytes) -> Reply:
    """Reply *start*, and then a byte now and then."""

    def reply(connection: socket.socket, _: str) -> None:
        connection.sendall(start)
        while True:
            connection.sendall(b"x")
            time.sleep(0.05)

    return reply


def endless(start: bytes, more: bytes) -> Reply:
    """Reply *start*, and *more* without end."""

    def reply(connection: socket.socket, _: str) -> None:
        connection.sendall(start)
        while True:
            connection.sendall(more)

    return reply
