"""Pieces of an article's text, as offsets, and how its author built it of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

BlockKind = Literal[
    "heading",
    "paragraph",
    "item",
    "row",
    "header",
    "code",
    "quotation",
    "question",
    "answer",
    "term",
    "description",
    "caption",
    "boilerplate",
    "metadata",
]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open code-point offsets into the text of an article."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Block:
    """
    A piece of an article as its author built it.

    The blocks of an article stand in its order, without overlap, and hold all that is visible.
    *level* is that of a heading (1 to 6) and the depth of an item (from 1). *group* numbers lists
    and tables: blocks of one have the same, others 0. A row has its cells parted by "|" or tabs,
    or by spaces as columns; a "header" is a row that names the columns; an "answer" or a
    "description" belongs to the "question" or "term" before it. *page* counts from 1, 0 where
    there are no pages.
    """

    kind: BlockKind
    span: Span
    level: int = 0
    group: int = 0
    page: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """Words of an article at *span* that lead to an *address*."""

    span: Span
    address: str


@dataclass(frozen=True, slots=True)
class Structure:
    """
    The *blocks* of an article and its *links*.

    *given*: the source told them, so they are kept as they are; else they follow from the text.
    """

    blocks: tuple[Block, ...] = ()
    links: tuple[Link, ...] = ()
    given: bool = False


UNKNOWN_STRUCTURE = Structure()
