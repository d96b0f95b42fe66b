"""Addresses that may not be read, in all the forms in which they are written."""

from __future__ import annotations

import ipaddress

import pytest

from index.errors import ArticleError
from index.sources.addresses import check_address

PRIVATE = "not on the public internet"
NO_MACHINE = "names no machine"
NO_ADDRESS = "is no address"
NO_PAGE = "begins with http"

# What the names of these tests mean; others are unknown.
NAMES = {
    "public.example": ["93.184.216.34"],
    "inner.example": ["10.1.2.3"],
    "mixed.example": ["93.184.216.34", "127.0.0.1"],
    "localhost": ["127.0.0.1"],
    "local6.example": ["::1"],
    "scoped.example": ["fe80::1%eth0"],
    "metadata.google.internal": ["169.254.169.254"],
    "nothing.example": [],
    "broken.example": ["not an address"],
}

REFUSED = [
    ("http://127.0.0.1/", PRIVATE),
    ("http://127.255.255.254/", PRIVATE),
    ("http://10.0.0.1/", PRIVATE),
    ("http://172.16.0.1/", PRIVATE),
    ("http://192.168.1.1/admin", PRIVATE),
    ("http://0.0.0.0/", PRIVATE),
    ("http://100.64.0.1/", PRIVATE),
    ("http://169.254.169.254/latest/meta-data/", PRIVATE),
    ("http://168.63.129.16/", PRIVATE),
    ("http://100.100.100.200/", PRIVATE),
    ("http://192.0.0.192/", PRIVATE),
    ("http://198.18.0.1/", PRIVATE),
    ("http://224.0.0.1/", PRIVATE),
    ("http://240.0.0.1/", PRIVATE),
    ("http://255.255.255.255/", PRIVATE),
    ("http://[::1]/", PRIVATE),
    ("http://[::]/", PRIVATE),
    ("http://[fe80::1]/", PRIVATE),
    ("http://[fe80::1%25eth0]/", PRIVATE),
    ("http://[fc00::1]/", PRIVATE),
    ("http://[fd00:ec2::254]/", PRIVATE),
    ("http://[fec0::1]/", PRIVATE),
    ("http://[ff02::1]/", PRIVATE),
    ("http://[::ffff:127.0.0.1]/", PRIVATE),
    ("http://[::ffff:a9fe:a9fe]/", PRIVATE),
    ("http://[::127.0.0.1]/", PRIVATE),
    ("http://[64:ff9b::7f00:1]/", PRIVATE),
    ("http://[64:ff9b::169.254.169.254]/", PRIVATE),
    ("http://[2002:7f00:1::]/", PRIVATE),
    ("http://[2001:0:7f00:1::]/", PRIVATE),
    ("http://[2001:db8::1]/", PRIVATE),
    ("http://2130706433/", NO_MACHINE),
    ("http://017700000001/", NO_MACHINE),
    ("http://0x7f000001/", NO_MACHINE),
    ("http://0177.0.0.1/", NO_MACHINE),
    ("http://0x7f.0.0.1/", NO_MACHINE),
    ("http://127.1/", NO_MACHINE),
    ("http://0/", NO_MACHINE),
    ("http://127.0.0.1./", NO_MACHINE),
    ("http://１２７.０.０.１/", PRIVATE),
    ("http://①②⑦.⓪.⓪.①/", PRIVATE),
    ("http://127。0。0。1/", PRIVATE),
    ("http://%31%32%37.0.0.1/", NO_MACHINE),
    ("http://[::1/", NO_ADDRESS),
    ("http://localhost/", PRIVATE),
    ("http://LOCALHOST./", PRIVATE),
    ("http://inner.example/", PRIVATE),
    ("http://mixed.example/", PRIVATE),
    ("http://local6.example/", PRIVATE),
    ("http://scoped.example/", PRIVATE),
    ("http://metadata.google.internal/", PRIVATE),
    ("http://unknown.example/", "there is no machine"),
    ("http://nothing.example/", "there is no machine"),
    ("http://broken.example/", "there is no machine"),
    ("http://a..example/", NO_MACHINE),
    ("http://" + "a" * 64 + ".example/", NO_MACHINE),
    ("http:///path", NO_MACHINE),
    ("http://", NO_MACHINE),
    ("http://public.example@127.0.0.1/", "holds a name or password"),
    ("http://user:secret@public.example/", "holds a name or password"),
    ("http://public.example\\@127.0.0.1/", NO_ADDRESS),
    ("http://public.example/\r\nHost: inner.example", NO_ADDRESS),
    ("http://public.example/ HTTP/1.1", NO_ADDRESS),
    ("http://public.example/\x00", NO_ADDRESS),
    ("http://public.example/\u202e", NO_ADDRESS),
    ("http://public.example:22/", "names port 22"),
    ("http://public.example:25/", "names port 25"),
    ("http://public.example:0/", "names port 0"),
    ("http://public.example:99999/", NO_ADDRESS),
    ("http://public.example:x/", NO_ADDRESS),
    ("http://public.example/" + "a" * 2000, "longer than"),
    ("file:///etc/passwd", NO_PAGE),
    ("ftp://public.example/", NO_PAGE),
    ("gopher://public.example/", NO_PAGE),
    ("dict://public.example:11211/", NO_PAGE),
    ("javascript:alert(1)", NO_PAGE),
    ("data:text/html,<p>x", NO_PAGE),
    ("//public.example/", NO_PAGE),
]


def resolve(host: str, _: int) -> list[str]:
    """Give the addresses of a name of these tests."""
    if host not in NAMES:
        raise OSError
    return NAMES[host]


@pytest.mark.parametrize(("url", "reason"), REFUSED)
def test_an_address_is_refused(url: str, reason: str) -> None:
    """One sentence says why, and no connection is made."""
    with pytest.raises(ArticleError) as caught:
        check_address(url, resolve=resolve)

    message = str(caught.value)
    assert reason in message
    assert "\n" not in message
    assert "secret" not in message
    assert len(message) < 300


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("http://public.example", "http://public.example/"),
        ("HTTPS://Public.Example:443/A?b=c#d", "https://public.example/A?b=c"),
        ("http://public.example:8080/ä", "http://public.example:8080/%C3%A4"),
        ("http://public.example/a%20b", "http://public.example/a%20b"),
        ("http://[2606:4700::1111]/", "http://[2606:4700::1111]/"),
    ],
)
def test_a_public_address_is_read(url: str, asked: str) -> None:
    """It is asked for in one form, without its fragment."""
    assert check_address(url, resolve=resolve).url == asked


def test_a_network_may_be_allowed() -> None:
    """An operator's own network may be read, and nothing else that is private."""
    own = [ipaddress.ip_network("10.0.0.0/8")]

    assert check_address("http://inner.example:81/", networks=own, resolve=resolve).ip == "10.1.2.3"
    with pytest.raises(ArticleError, match=PRIVATE):
        check_address("http://localhost/", networks=own, resolve=resolve)


def test_the_keys_of_a_machine_stay_closed() -> None:
    """The address at which clouds give a machine its keys is refused whatever is allowed."""
    everything = [ipaddress.ip_network("0.0.0.0/0")]

    with pytest.raises(ArticleError, match=PRIVATE):
        check_address("http://169.254.169.254/", networks=everything)
