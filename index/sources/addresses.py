"""
Which addresses of the web may be read: those that anybody on the internet could.

A name is resolved once; every address that it has must be public, and the connection goes to one
of those that were checked, so that a name cannot mean another machine a moment later.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

from index.errors import ArticleError

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Sequence[str]]

MAX_URL = 2_000  # characters
DEFAULT_PORTS = {"http": 80, "https": 443}
FIRST_FREE_PORT = 1024  # below it are the ports of mail, remote shells, directories
_NAME = re.compile(r"(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.?)+", re.IGNORECASE)
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+)){0,3}\.?", re.IGNORECASE)
_SAFE = "/?:@!$&'()*+,;=-._~%[]"
# Never read, whatever networks are allowed: the keys of a machine in a cloud.
_METADATA = tuple(
    ipaddress.ip_network(network)
    for network in ("169.254.0.0/16", "168.63.129.16/32", "100.100.100.200/32", "fd00:ec2::254/128")
)
# Addresses that hold an IPv4 address in their last 32 bits.
_TRANSLATED = tuple(
    ipaddress.IPv6Network(network) for network in ("64:ff9b::/96", "64:ff9b:1::/48", "::/96")
)
# Networks for special purposes, of which older versions of Python know only parts.
_SPECIAL = tuple(
    ipaddress.ip_network(network)
    for network in (
        *("100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "fec0::/10"),
        *("100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16"),
    )
)


@dataclass(frozen=True, slots=True)
class CheckedAddress:
    """A URL that may be read: where to connect to (*ip*, *port*) and what to ask for there."""

    url: str
    scheme: str
    host: str
    port: int
    target: str
    ip: str


def check_address(
    url: str, *, networks: Sequence[IPNetwork] = (), resolve: Resolve | None = None
) -> CheckedAddress:
    """
    Check *url* and all addresses of its host; raises ArticleError in one sentence.

    *networks* are private ones that may be read all the same; *resolve* gives the addresses of a
    name (default: the system's).
    """
    scheme, host, port, target = _split(url)
    addresses = _resolved(host, port, resolve or resolve_name)
    for address in addresses:
        if not may_read(address, networks):
            raise ArticleError(
                f"{shown(url)} leads to a machine that is not on the public internet; "
                "it is not read.",
                "private",
            )
        allowed = any(address in network for network in networks)
        if port != DEFAULT_PORTS[scheme] and port < FIRST_FREE_PORT and not allowed:
            raise ArticleError(f"{shown(url)} names port {port}, which no web page has.")
    netloc = f"[{host}]" if ":" in host else host
    netloc += "" if port == DEFAULT_PORTS[scheme] else f":{port}"
    return CheckedAddress(
        f"{scheme}://{netloc}{target}", scheme, host, port, target, str(addresses[0])
    )


def shown(url: str) -> str:
    """*url* in a message: on one line, not too long, and without a password."""
    text = re.sub(r"//[^/@\s]*@", "//", url)
    text = text if text.isprintable() else ascii(text)
    return text if len(text) <= 120 else f"{text[:119]}…"


def may_read(address: IPAddress, networks: Sequence[IPNetwork] = ()) -> bool:
    """Whether a machine may be asked: a public one, or one of *networks*."""
    inner = _inner_addresses(address)
    if any(known in network for known in inner for network in _METADATA):
        return False
    if any(address in network for network in networks):
        return True
    return all(map(_is_public, inner))


def _is_public(address: IPAddress) -> bool:
    if any(address in network for network in _SPECIAL):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inner_addresses(address: IPAddress) -> list[IPAddress]:
    """The address, or the IPv4 addresses that an IPv6 one only wraps."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    wrapped: list[IPAddress] = []
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    if address.sixtofour is not None:
        wrapped.append(address.sixtofour)
    if address.teredo is not None:
        wrapped.extend(address.teredo)
    if any(address in network for network in _TRANSLATED) and int(address) > 1:
        wrapped.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        return wrapped
    return [address, *wrapped]


def _split(url: str) -> tuple[str, str, int, str]:
    """Scheme, host, port and the rest of *url*, in the one form that is asked for."""
    if len(url) > MAX_URL:
        raise ArticleError(f"the address {shown(url)} is longer than {MAX_URL:,} characters.")
    if any(
        char.isspace() or unicodedata.category(char) in {"Cc", "Cf"} or char == "\\" for char in url
    ):
        raise ArticleError(f"{shown(url)} is no address: it holds a space or a control character.")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = parts.hostname or ""
    except ValueError as exc:
        raise ArticleError(
            f"{shown(url)} is no address of the web; check it.", "unreachable"
        ) from exc
    scheme = parts.scheme.lower()
    if scheme not in DEFAULT_PORTS:
        raise ArticleError(f"{shown(url)} is not read: an address begins with http:// or https://.")
    if "@" in parts.netloc:
        raise ArticleError(f"{shown(url)} holds a name or password; give the address without.")
    path = quote(unicodedata.normalize("NFC", parts.path) or "/", safe=_SAFE)
    query = quote(parts.query, safe=_SAFE)
    target = urlunsplit(("", "", path if path.startswith("/") else f"/{path}", query, ""))
    target = f"/.{target}" if target.startswith("//") else target
    return scheme, _host(host, url), DEFAULT_PORTS[scheme] if port is None else port, target


def _host(host: str, url: str) -> str:
    """The name or address of a machine, in ASCII; raises ArticleError for other forms."""
    refusal = ArticleError(
        f"{shown(url)} names no machine of the web; check the address.", "unreachable"
    )
    if ":" in host:  # between brackets
        try:
            return str(ipaddress.IPv6Address(host))
        except ValueError as exc:
            raise refusal from exc
    try:
        name = unicodedata.normalize("NFKC", host).encode("idna").decode("ascii").lower()
    except UnicodeError as exc:
        raise refusal from exc
    if _NUMBER.fullmatch(name):  # 2130706433, 0x7f.1 and 0177.0.0.1 are addresses too
        try:
            return str(ipaddress.IPv4Address(name))
        except ValueError as exc:
            raise refusal from exc
    if not _NAME.fullmatch(name):
        raise refusal
    return name.removesuffix(".")


def resolve_name(host: str, port: int) -> Sequence[str]:
    """The addresses of *host*, as the system knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _resolved(host: str, port: int, resolve: Resolve) -> list[IPAddress]:
    try:
        return [ipaddress.ip_address(host)]
    except ValueError:
        pass
    try:
        addresses = [ipaddress.ip_address(text.partition("%")[0]) for text in resolve(host, port)]
    except (OSError, UnicodeError, ValueError) as exc:
        raise ArticleError(
            f"there is no machine {host} that can be reached; check it.", "unreachable"
        ) from exc
    if not addresses:
        raise ArticleError(
            f"there is no machine {host} that can be reached; check it.", "unreachable"
        )
    return addresses
