"""
Documents into the text that is stored, and its blocks.

They come out of a process that read somebody's file, so whatever it wrote is checked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, get_args

from index.datatypes import Block, BlockKind, Link, Span
from index.errors import ArticleError
from index.sources.documents import Document, Part
from index.sources.part_links import moved, relocated
from index.text.articles import normalise

_KINDS = frozenset(get_args(BlockKind))
_TEXTS = tuple(entry.name for entry in fields(Document) if entry.name != "parts")
# What follows each other line by line: a list, a table. A blank line stands around the rest.
_RUNS = {"item": "list", "header": "table", "row": "table"}
_DIGIT = re.compile(r"\d")
MAX_FIELD = 1_000  # characters of a title, an author, a link


@dataclass(frozen=True, slots=True)
class AssembledText:
    """The stored *text*, its blocks and its links."""

    text: str
    blocks: tuple[Block, ...] = field(repr=False)
    links: tuple[Link, ...] = field(repr=False)


def assemble(parts: Iterable[Part]) -> AssembledText:
    """
    Put *parts* one below the other, normalised: what is stored, so that nothing moves any more.

    Lines of a list or a table follow each other; a blank line stands around everything else.
    """
    pieces: list[str] = []
    blocks: list[Block] = []
    links: list[Link] = []
    length, group, before = 0, 0, ""
    for part in _with_headers([part for part in parts if part.text.strip()]):
        text = normalise(part.text)
        if not text:
            continue
        run = _RUNS.get(part.kind, "")
        goes_on = bool(run) and run == before and part.kind != "header"
        if pieces:
            pieces.append("\n" if goes_on else "\n\n")
            length += len(pieces[-1])
        group += bool(run) and not goes_on
        span = Span(length, length + len(text))
        blocks.append(Block(part.kind, span, part.level, group if run else 0, part.page))
        links += moved(relocated(part.links, part.text, text), span.start)
        pieces.append(text)
        length, before = span.end, run
    return AssembledText("".join(pieces), tuple(blocks), tuple(links))


def _with_headers(parts: Sequence[Part]) -> Iterator[Part]:
    """*parts*, in which a table's first row is its header when only the others hold figures."""
    before = ""
    for at, part in enumerate(parts):
        following = parts[at + 1] if at + 1 < len(parts) else None
        is_first = part.kind == "row" and before not in ("row", "header")
        if is_first and following is not None and following.kind == "row":
            names = not _DIGIT.search(part.text) and _DIGIT.search(following.text)
            yield replace(part, kind="header") if names else part
        else:
            yield part
        before = part.kind


def from_values(values: Any) -> Document:  # noqa: ANN401 (whatever the other process wrote)
    """Read a document; raises ArticleError when it is not one."""
    try:
        parts = tuple(_checked_part(*part) for part in values["parts"])
        known = {name: _checked_text(values.get(name)) for name in _TEXTS}
    except (TypeError, KeyError, AttributeError, ValueError) as exc:
        raise ArticleError("what was read is no document; the file may be harmful.") from exc
    return Document(parts, **known)


def _checked_part(kind: Any, text: Any, level: Any, page: Any, links: Any = ()) -> Part:  # noqa: ANN401
    if kind not in _KINDS or not isinstance(text, str):
        raise ValueError
    checked = tuple(_checked_link(text, *link) for link in links)
    return Part(kind, text, int(level), int(page), checked)


def _checked_link(text: str, start: Any, end: Any, address: Any) -> Link:  # noqa: ANN401
    span = Span(int(start), int(end))
    if not (0 <= span.start < span.end <= len(text) and isinstance(address, str)):
        raise ValueError
    return Link(span, address)


def _checked_text(value: Any) -> str | None:  # noqa: ANN401
    if value is not None and not isinstance(value, str):
        raise TypeError
    return " ".join(normalise(value).split())[:MAX_FIELD] or None if value else None
