"""Where the linked words of a part stand when its spaces have changed, and which addresses stay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from urllib.parse import urljoin, urlsplit

from index.datatypes import BlockKind, Link, Span
from index.sources.documents import Part

MAX_ADDRESS = 2_000  # characters; longer ones hold data
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))  # what normalising drops
_IN_ADDRESS = {ord(" "): "%20", **dict.fromkeys(map(ord, "\t\r\n"))}  # as browsers do it
_FOLLOWED = frozenset(("", "http", "https", "mailto", "tel"))  # "" where it is known from where


def moved(links: Iterable[Link], places: int) -> Iterator[Link]:
    """*links* so many *places* further on."""
    for link in links:
        span = Span(link.span.start + places, link.span.end + places)
        yield Link(span, link.address)


def joined(kind: BlockKind, parts: Sequence[Part], between: str) -> Part:
    """One part of this *kind* that has the texts of *parts*, with *between* between them."""
    links: list[Link] = []
    length = 0
    for part in parts:
        links += moved(part.links, length)
        length += len(part.text) + len(between)
    return Part(kind, between.join(part.text for part in parts), links=tuple(links))


def on_one_line(part: Part) -> Part:
    """*part* with single spaces between its words."""
    text = " ".join(part.text.split())
    return replace(part, text=text, links=relocated(part.links, part.text, text))


def relocated(links: Sequence[Link], old: str, new: str) -> tuple[Link, ...]:
    """*links* of *old* in *new*, which has other spaces, or some letters less."""
    if not links:
        return ()
    before = [0, *accumulate(not char.isspace() for char in old)]  # letters before each place
    places = [at for at, char in enumerate(new) if not char.isspace()]
    if before[-1] != len(places):
        return tuple(_found(links, old, new))
    ranges = ((before[link.span.start], before[link.span.end], link.address) for link in links)
    return tuple(
        Link(Span(places[first], places[last - 1] + 1), address)
        for first, last, address in ranges
        if first < last
    )


def _found(links: Iterable[Link], old: str, new: str) -> Iterator[Link]:
    """Those of *links* whose words stand in *new* as they did in *old*, one behind the other."""
    position = 0
    for link in links:
        words = old[link.span.start : link.span.end].translate(_UNSEEN).strip()
        found = new.find(words, position) if words else -1
        if found >= 0:
            position = found + len(words)
            yield Link(Span(found, position), link.address)


def followed(links: Iterable[Link], page: str | None) -> Iterator[Link]:
    """Those of *links* that lead somewhere else, seen from the address of their *page*."""
    base = page if page and urlsplit(page).scheme in {"http", "https"} else ""
    for link in links:
        try:
            address = urljoin(base, link.address.strip().translate(_IN_ADDRESS))
            scheme = urlsplit(address).scheme.lower()
        except ValueError:  # brackets that hold no address of a machine
            continue
        inside = link.address.startswith("#")
        if address and scheme in _FOLLOWED and not inside and len(address) <= MAX_ADDRESS:
            yield Link(link.span, address)
