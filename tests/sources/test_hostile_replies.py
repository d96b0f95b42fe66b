"""What servers reply that mean no good, and where their redirects lead."""

from __future__ import annotations

import gzip
import ipaddress
import time
import zlib
from collections.abc import Iterator

import pytest
from hostile_server import dripping, endless, page, redirect, serving

from index.errors import ArticleError
from index.sources.fetching import Fetched, FetchRules, fetch

OWN = (ipaddress.ip_network("127.0.0.1/32"),)
START = b"HTTP/1.1 200 OK\r\n"
ZEROS = bytes(50_000_000)

REPLIES = {
    "/good": page(b"<p>Good.", "Content-Type: text/html; charset=koi8-r", 'ETag: "1"'),
    "/packed": page(gzip.compress(b"Good."), "Content-Encoding: gzip"),
    "/deflated": page(zlib.compress(b"Good."), "Content-Encoding: deflate"),
    "/once": redirect("/good"),
    "/relative": redirect("good#part"),
    "/unchanged": page(b"", status="304 Not Modified"),
    "/to-private": redirect("http://10.0.0.1/"),
    "/to-loopback": redirect("http://127.0.0.2/"),
    "/to-loopback6": redirect("http://[::1]/"),
    "/to-mapped": redirect("http://[::ffff:127.0.0.1]:1/"),
    "/to-metadata": redirect("http://169.254.169.254/latest/"),
    "/to-decimal": redirect("http://2130706433/"),
    "/to-name": redirect("http://inner.example/"),
    "/to-file": redirect("file:///etc/passwd"),
    "/to-ftp": redirect("ftp://127.0.0.1/"),
    "/to-script": redirect("javascript:alert(1)"),
    "/to-credentials": redirect("http://a:b@127.0.0.1/"),
    "/to-itself": redirect("/to-itself"),
    "/to-nothing": page(b"", status="302 Found"),
    "/missing": page(b"No.", status="404 Not Found"),
    "/broken": page(b"No.", status="500 \x1b[31mBroken"),
    "/bomb": page(gzip.compress(ZEROS), "Content-Encoding: gzip"),
    "/deflate-bomb": page(zlib.compress(ZEROS, 9), "Content-Encoding: deflate"),
    "/unknown-packing": page(b"x", "Content-Encoding: br"),
    "/damaged-packing": page(b"no gzip", "Content-Encoding: gzip"),
    "/long": START + b"Content-Length: 999999999999\r\n\r\nx",
    "/longer": page(bytes(150_000)),
    "/short": START + b"Content-Length: 10\r\n\r\nx",
    "/short-chunk": START + b"Transfer-Encoding: chunked\r\n\r\nff\r\nx",
    "/wrong-chunk": START + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nx\r\n",
    "/negative": START + b"Content-Length: -1\r\n\r\nx",
    "/endless": endless(START + b"\r\n", bytes(10_000)),
    "/endless-header": endless(START, b"X: " + b"y" * 1_000 + b"\r\n"),
    "/endless-line": endless(START + b"X: ", b"y" * 10_000),
    "/slow": dripping(START + b"\r\n"),
    "/slow-header": dripping(START + b"X: "),
    "/silent": dripping(b""),
    "/no-http": b"220 mail.example ESMTP\r\n",
    "/nothing": b"",
}

SLOW = ("/slow", "/slow-header", "/silent")
REFUSED = {
    **dict.fromkeys(("/to-private", "/to-loopback", "/to-loopback6"), "public internet"),
    **dict.fromkeys(("/to-mapped", "/to-metadata", "/to-name"), "public internet"),
    "/to-decimal": "names no machine",
    **dict.fromkeys(("/to-file", "/to-ftp", "/to-script"), "begins with http"),
    "/to-credentials": "name or password",
    "/to-itself": "from one address to the next",
    "/to-nothing": "gives no page (302",
    "/missing": "gives no page (404 Not Found)",
    "/broken": "gives no page (500 [31mBroken)",
    **dict.fromkeys(("/bomb", "/deflate-bomb", "/long", "/longer", "/endless"), "has more than"),
    "/unknown-packing": "is packed in a way",
    "/damaged-packing": "is damaged",
    "/short": "breaks off",
    **dict.fromkeys(("/short-chunk", "/wrong-chunk", "/no-http", "/nothing"), "cannot be reached"),
    **dict.fromkeys(("/endless-header", "/endless-line"), "cannot be reached"),
    **dict.fromkeys(SLOW, "does not reply in time"),
}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Serve all replies."""
    with serving(REPLIES) as address:
        yield address


def resolve(host: str, _: int) -> list[str]:
    """Give the address of a name that is private."""
    return {"inner.example": ["192.168.0.1"]}[host]


def rules(path: str = "") -> FetchRules:
    """Limits that are soon reached; that of time only where time is wasted."""
    seconds = 0.6 if path in SLOW else 60
    return FetchRules(OWN, resolve, seconds, max_bytes=100_000, max_unpacked=200_000)


@pytest.mark.parametrize("path", REFUSED)
def test_a_reply_is_refused(server: str, path: str) -> None:
    """One sentence says why, before any limit is passed."""
    start = time.monotonic()
    with pytest.raises(ArticleError) as caught:
        fetch(server + path, rules(path))

    assert REFUSED[path] in str(caught.value)
    assert str(caught.value).isprintable()
    assert time.monotonic() - start < 30


@pytest.mark.parametrize("path", ["/good", "/once", "/relative"])
def test_a_page_is_fetched(server: str, path: str) -> None:
    """Redirects are followed, and the address where they end is the page's."""
    found = fetch(server + path, rules())

    assert found == Fetched(f"{server}/good", b"<p>Good.", True, "koi8-r", '"1"')


@pytest.mark.parametrize("path", ["/packed", "/deflated"])
def test_a_packed_page_is_unpacked(server: str, path: str) -> None:
    """Both ways of packing are known."""
    found = fetch(server + path, rules())

    assert found is not None
    assert found.data == b"Good."


def test_a_page_that_has_not_changed(server: str) -> None:
    """A server that knows the page says so, and nothing is read."""
    known = Fetched(f"{server}/unchanged", b"", etag='"1"')

    assert fetch(f"{server}/unchanged", rules(), known) is None


def test_a_name_is_resolved_once(server: str) -> None:
    """The connection goes to the address that was checked, whatever the name means a moment on."""
    meanings = iter([["127.0.0.1"], ["10.0.0.1"]])
    port = server.rpartition(":")[2]
    turning = FetchRules(networks=OWN, resolve=lambda _host, _port: next(meanings))

    assert fetch(f"http://turning.example:{port}/good", turning) is not None
    assert next(meanings) == ["10.0.0.1"]
