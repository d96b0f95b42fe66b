"""A page or file of the web: fetched from the machine that was checked, within limits."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urljoin

from index.errors import ArticleError
from index.sources.addresses import CheckedAddress, IPNetwork, Resolve, check_address, shown

MAX_REDIRECTS = 5
SECONDS = 30.0  # of one fetch with all of its redirects
CONNECT_SECONDS = 10.0
MAX_BYTES = 40_000_000  # that come over the network
MAX_UNPACKED = 60_000_000  # and what they are unpacked to
USER_AGENT = "article-bot/0.1"
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_CHUNK = 1 << 16
_ENCODINGS = {"gzip": 31, "x-gzip": 31, "deflate": 47}  # zlib's window bits


@dataclass(frozen=True, slots=True)
class FetchRules:
    """What a fetch may do: *networks* that are private and read all the same, and its limits."""

    networks: Sequence[IPNetwork] = ()
    resolve: Resolve | None = field(default=None, compare=False)
    seconds: float = SECONDS
    max_bytes: int = MAX_BYTES
    max_unpacked: int = MAX_UNPACKED


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes at *url*, where the redirects ended; *charset* as the server names it."""

    url: str
    data: bytes = field(repr=False)
    is_html: bool = False
    charset: str | None = None
    etag: str | None = None
    modified: str | None = None


DEFAULT_RULES = FetchRules()


def fetch(
    url: str, rules: FetchRules = DEFAULT_RULES, known: Fetched | None = None
) -> Fetched | None:
    """
    Fetch *url*; None when it is still what is *known*.

    Each redirect is checked like the first address. Raises ArticleError in one sentence.
    """
    deadline = time.monotonic() + rules.seconds
    at = url
    for _ in range(MAX_REDIRECTS + 1):
        address = check_address(at, networks=rules.networks, resolve=rules.resolve)
        reply = _ask(address, rules, deadline, known)
        if not isinstance(reply, str):
            return reply
        at = urljoin(address.url, reply)
    raise ArticleError(
        f"{shown(url)} leads from one address to the next; it is not read.", "unreachable"
    )


def _ask(
    address: CheckedAddress, rules: FetchRules, deadline: float, known: Fetched | None
) -> Fetched | str | None:
    """What the machine replies: a file, the address to ask instead, or None for no change."""
    connection = _Connection(address, deadline)
    watch = threading.Timer(max(deadline - time.monotonic(), 0), connection.abort)
    watch.daemon = True
    watch.start()
    try:
        connection.request("GET", address.target, headers=_headers(known))
        with connection.getresponse() as response:
            reply = _read_reply(response, address, rules, known)
        if connection.aborted:  # what was read is only the beginning
            raise TimeoutError
        return reply
    except ArticleError as exc:
        raise (_failure(address, exc, late=True) if connection.aborted else exc) from None
    except (OSError, http.client.HTTPException, ValueError, AttributeError) as exc:
        raise _failure(address, exc, late=connection.aborted) from exc
    finally:
        watch.cancel()
        connection.close()


def _failure(address: CheckedAddress, exc: Exception, *, late: bool) -> ArticleError:
    if late or isinstance(exc, TimeoutError):
        return ArticleError(
            f"{shown(address.url)} does not reply in time; try again later.", "unreachable"
        )
    if isinstance(exc, ssl.SSLError):
        return ArticleError(
            f"{shown(address.url)} has no certificate that can be trusted.", "unreachable"
        )
    return ArticleError(
        f"{shown(address.url)} cannot be reached; check it, or try again later.", "unreachable"
    )


class _Connection(http.client.HTTPConnection):
    """A connection to the address that was checked, whatever its name means by now."""

    def __init__(self, address: CheckedAddress, deadline: float) -> None:
        super().__init__(address.host, address.port)
        self._address = address
        self._deadline = deadline
        self._socket: socket.socket | None = None  # kept: a reply that ends it takes it away
        self.aborted = False

    def connect(self) -> None:
        left = max(self._deadline - time.monotonic(), 0.01)
        target = (self._address.ip, self._address.port)
        self.sock = socket.create_connection(target, timeout=min(CONNECT_SECONDS, left))
        self.sock.settimeout(left)
        if self._address.scheme == "https":
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self._address.host)
        self._socket = self.sock

    def abort(self) -> None:
        """End whatever is being waited for."""
        self.aborted = True
        for sock in filter(None, (self._socket, self.sock)):
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


def _headers(known: Fetched | None) -> dict[str, str]:
    headers = {
        "User-Agent": USER_AGENT,
        "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "Accept-Encoding": "gzip, deflate",
        "Connection": "close",
    }
    if known is not None and known.etag:
        headers["If-None-Match"] = known.etag
    if known is not None and known.modified:
        headers["If-Modified-Since"] = known.modified
    return headers


def _read_reply(
    response: http.client.HTTPResponse,
    address: CheckedAddress,
    rules: FetchRules,
    known: Fetched | None,
) -> Fetched | str | None:
    location = response.headers.get("Location")
    if response.status in _REDIRECTS and location:
        return location
    if response.status == 304 and known is not None:
        return None
    if response.status != 200:
        raise ArticleError(
            f"{shown(address.url)} gives no page ({response.status} {_reason(response)}); "
            "check it.",
            "unreachable",
        )
    kind = response.headers.get_content_type()
    return Fetched(
        url=address.url,
        data=_read_body(response, address, rules),
        is_html=kind in {"text/html", "application/xhtml+xml"},
        charset=response.headers.get_content_charset(),
        etag=response.headers.get("ETag"),
        modified=response.headers.get("Last-Modified"),
    )


def _reason(response: http.client.HTTPResponse) -> str:
    reason = "".join(char for char in response.reason or "" if char.isprintable())
    return reason[:40] or "without a reason"


def _read_body(
    response: http.client.HTTPResponse, address: CheckedAddress, rules: FetchRules
) -> bytes:
    """The body, unpacked as it comes, so that neither form of it passes its limit."""
    encoding = (response.headers.get("Content-Encoding") or "identity").strip().lower()
    if encoding not in {"identity", "", *_ENCODINGS}:
        raise ArticleError(f"{shown(address.url)} is packed in a way that is not known here.")
    unpack = zlib.decompressobj(_ENCODINGS[encoding]) if encoding in _ENCODINGS else None
    too_big = ArticleError(
        f"{shown(address.url)} has more than {rules.max_bytes:,} bytes; save it and split it.",
        "long",
    )
    if response.length is not None and response.length > rules.max_bytes:
        raise too_big
    body, received = bytearray(), 0
    while chunk := response.read1(_CHUNK):
        received += len(chunk)
        room = rules.max_unpacked - len(body)
        try:
            body += chunk if unpack is None else unpack.decompress(chunk, room + 1)
        except zlib.error as exc:
            raise ArticleError(f"{shown(address.url)} is damaged on its way; try again.") from exc
        if received > rules.max_bytes or len(body) > rules.max_unpacked:
            raise too_big
    if response.length:  # it said that more would come
        raise ArticleError(f"{shown(address.url)} breaks off before its end; try again.")
    return bytes(body)
