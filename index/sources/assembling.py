"""
Documents into the text that is stored, with where each part and page stands in it.

They come out of a process that read somebody's file, so whatever it wrote is checked here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any, get_args

from index.datatypes import Span
from index.errors import ArticleError
from index.sources.documents import Document, Part, PartKind
from index.text.articles import normalise

_KINDS = frozenset(get_args(PartKind))
_TEXTS = tuple(entry.name for entry in fields(Document) if entry.name != "parts")
# Parts that follow each other line by line; a blank line stands before and after others.
_LINES = frozenset(("item", "row"))
MAX_FIELD = 1_000  # characters of a title, an author, a link


@dataclass(frozen=True, slots=True)
class AssembledText:
    """The stored *text*, where each part stands in it, and where each page begins."""

    text: str
    parts: tuple[tuple[Part, Span], ...] = field(repr=False)
    pages: tuple[tuple[int, int], ...] = ()  # offset, number of the page


def assemble(parts: Iterable[Part]) -> AssembledText:
    """
    Put *parts* one below the other, normalised: what is stored, so that nothing moves any more.

    Lines of a list or a table follow each other; a blank line stands around everything else.
    """
    pieces: list[str] = []
    placed: list[tuple[Part, Span]] = []
    pages: list[tuple[int, int]] = []
    length, before = 0, ""
    for part in parts:
        text = normalise(part.text)
        if not text:
            continue
        if pieces:
            between = "\n" if part.kind == before and before in _LINES else "\n\n"
            pieces.append(between)
            length += len(between)
        if part.page and (not pages or pages[-1][1] != part.page):
            pages.append((length, part.page))
        placed.append((part, Span(length, length + len(text))))
        pieces.append(text)
        length, before = length + len(text), part.kind
    return AssembledText("".join(pieces), tuple(placed), tuple(pages))


def from_values(values: Any) -> Document:  # noqa: ANN401 (whatever the other process wrote)
    """Read a document; raises ArticleError when it is not one."""
    try:
        parts = tuple(_checked_part(*part) for part in values["parts"])
        known = {name: _checked_text(values.get(name)) for name in _TEXTS}
    except (TypeError, KeyError, AttributeError, ValueError) as exc:
        raise ArticleError("what was read is no document; the file may be harmful.") from exc
    return Document(parts, **known)


def _checked_part(kind: Any, text: Any, level: Any, page: Any) -> Part:  # noqa: ANN401
    if kind not in _KINDS or not isinstance(text, str):
        raise ValueError
    return Part(kind, text, int(level), int(page))


def _checked_text(value: Any) -> str | None:  # noqa: ANN401
    if value is not None and not isinstance(value, str):
        raise TypeError
    return " ".join(normalise(value).split())[:MAX_FIELD] or None if value else None
