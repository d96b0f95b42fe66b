"""What a parser makes of a source: parts in reading order, and what is known of the whole."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Literal

PartKind = Literal["heading", "paragraph", "item", "row", "quote", "code", "caption"]


@dataclass(frozen=True, slots=True)
class Part:
    """
    One piece of a document, as its author built it.

    *level* is that of a heading (1 to 6) or of a list's item (1: outermost), else 0; *page* counts
    from 1, and is 0 where there are no pages.
    """

    kind: PartKind
    text: str
    level: int = 0
    page: int = 0


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


def to_line(document: Document) -> bytes:
    """Write a document on a line, for the process that asked for it."""
    values = asdict(document)
    values["parts"] = [[part.kind, part.text, part.level, part.page] for part in document.parts]
    return json.dumps({"document": values}).encode() + b"\n"
