"""What a parser makes of a source: parts in reading order, and what is known of the whole."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from index.datatypes import BlockKind, Link

TITLE_PARTS = 5  # at a document's start, among which its title stands


@dataclass(frozen=True, slots=True)
class Part:
    """
    One piece of a document, as its author built it.

    *level* is that of a heading (1 to 6) or of a list's item (1: outermost), else 0; *page* counts
    from 1, and is 0 where there are no pages; *links* are words of *text* that lead elsewhere.
    """

    kind: BlockKind
    text: str
    level: int = 0
    page: int = 0
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """
    One text of a source.

    *name* gives its id where nobody chose one; *link* is where a reader finds it; *date* is ISO
    8601, *language* ISO 639-1, None when the source does not say; *notice* is a sentence for who
    adds it.
    """

    parts: tuple[Part, ...]
    title: str | None = None
    author: str | None = None
    date: str | None = None
    language: str | None = None
    link: str | None = None
    name: str | None = None
    notice: str | None = None


def shown_title(title: str | None, parts: Sequence[Part]) -> str | None:
    """
    The title of a document whose properties say *title*: if it shows it, else its first heading.

    Programs fill in "Word Document", or the name of the file that the document was copied from.
    """
    start = " ".join(" ".join(part.text for part in parts[:TITLE_PARTS]).split()).casefold()
    if title and " ".join(title.split()).casefold() in start:
        return title
    return next((part.text for part in parts[:TITLE_PARTS] if part.kind == "heading"), None)


def _link_values(link: Link) -> list[int | str]:
    return [link.span.start, link.span.end, link.address]


def to_line(document: Document) -> bytes:
    """Write a document on a line, for the process that asked for it."""
    values = asdict(replace(document, parts=()))
    values["parts"] = [
        [part.kind, part.text, part.level, part.page, [_link_values(link) for link in part.links]]
        for part in document.parts
    ]
    return json.dumps({"document": values}).encode() + b"\n"
