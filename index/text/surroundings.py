"""
What a passage brings along from elsewhere in its article, and where a person finds it.

A row of a table says little without the header, an answer without its question, an item without
the sentence that introduces its list; all are shown verbatim, beside the passage.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.datatypes import Article, Block, BlockKind, Passage, Span
from index.text.numbered_paragraphs import are_apart
from index.text.row_cells import cells_of

MAX_BROUGHT = 300  # characters; what is longer is not brought along
_BROUGHT_BY = {"row": "header", "answer": "question", "description": "term"}
_MARKUP = re.compile(r"^#{1,6}\s+|\s+#+$|\n[=~*-]+$|[*_`]{1,3}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stands: *section* is the nearest heading, *page* counts from 1."""

    section: str | None = None
    page: int | None = None
    paragraphs: tuple[int, int] = (1, 1)


def brought_spans(passage: Passage) -> tuple[Span, ...]:
    """What *passage* does not say itself and needs: a header, a question, a lead-in."""
    at = _block_at(passage.blocks, passage.best.start)
    if at is None:
        return ()
    brought = _brought_blocks(passage, at)
    return tuple(
        span
        for span in (_first_line(passage, block) for block in brought)
        if not passage.span.overlaps(span) and len(span) <= MAX_BROUGHT
    )


def _brought_blocks(passage: Passage, at: int) -> list[Block]:
    blocks, own = passage.blocks, passage.blocks[at]
    if own.kind == "item":
        before = _first_of(blocks, at) - 1
        text = passage.article.text
        if before >= 0 and text[: blocks[before].span.end].endswith(":"):
            return [blocks[before]]
        return []
    wanted = _BROUGHT_BY.get(own.kind)
    while wanted and at > 0 and blocks[at].kind == own.kind:
        at -= 1
    return [blocks[at]] if wanted and blocks[at].kind == wanted else []


def _first_line(passage: Passage, block: Block) -> Span:
    """The span of *block*; of the header of a table without the rule below it."""
    if block.kind != "header":
        return block.span
    line = passage.article.cut(block.span).partition("\n")[0]
    return Span(block.span.start, block.span.start + len(line))


def items_left(passage: Passage) -> int:
    """How many items of the list in which *passage* stands it does not show; of rules, none."""
    at = _block_at(passage.blocks, passage.best.start)
    if at is None or passage.blocks[at].kind != "item":
        return 0
    if stand_apart(passage.article, passage.blocks, at):
        return 0
    items = list_around(passage.blocks, at)
    return sum(not block.span.overlaps(passage.span) for block in items)


def whole_list(passage: Passage) -> Passage | None:
    """The whole list of which *passage* shows some items, None when there is no more of it."""
    at = _block_at(passage.blocks, passage.best.start)
    if at is None or not items_left(passage):
        return None
    items = list_around(passage.blocks, at)
    start = min([items[0].span.start, *(span.start for span in brought_spans(passage))])
    return replace(passage, span=Span(start, items[-1].span.end), kind="list", answer=None)


def list_around(blocks: Sequence[Block], at: int) -> Sequence[Block]:
    """The items of the list in which the block number *at* stands."""
    return blocks[_first_of(blocks, at) : _last_of(blocks, at) + 1]


def stand_apart(article: Article, blocks: Sequence[Block], at: int) -> bool:
    """Whether the block number *at* is one of several numbered paragraphs that stand alone."""
    if blocks[at].kind != "item":
        return False
    return are_apart(article, blocks, _first_of(blocks, at), _last_of(blocks, at))


def _last_of(blocks: Sequence[Block], at: int) -> int:
    last = at
    while last + 1 < len(blocks) and _together(blocks[last + 1], blocks[at]):
        last += 1
    return last


def _first_of(blocks: Sequence[Block], at: int) -> int:
    first = at
    while first > 0 and _together(blocks[first - 1], blocks[at]):
        first -= 1
    return first


def _together(block: Block, own: Block) -> bool:
    return block.kind == own.kind and block.group == own.group


def place_of(passage: Passage) -> Place:
    """Where *passage* stands, as a person finds it."""
    first, last = (
        _block_at(passage.blocks, offset)
        for offset in (passage.span.start, max(passage.span.end - 1, passage.span.start))
    )
    if first is None or last is None:
        return Place(paragraphs=passage.paragraphs)
    best = _block_at(passage.blocks, passage.best.start)
    heading = _heading_above(passage, first if best is None else best)
    page = passage.blocks[first].page or None
    numbers = (_paragraph(passage.blocks, first), _paragraph(passage.blocks, last))
    return Place(heading, page, numbers)


def _heading_above(passage: Passage, at: int) -> str | None:
    """The words of the nearest heading above; that of the whole article is none."""
    for block in reversed(passage.blocks[: at + 1]):
        if block.kind == "heading":
            words = _MARKUP.sub("", passage.article.cut(block.span)).strip()
            words = " ".join(words.split()).rstrip(":")
            return None if words == passage.article.title or not words else words
    return None


def _paragraph(blocks: Sequence[Block], at: int) -> int:
    """The number of the block *at* when a list and a table count as one, and headings not."""
    number = 0
    for before, block in zip([None, *blocks], blocks[: at + 1], strict=False):
        grouped = before is not None and block.group and before.group == block.group
        number += not grouped and block.kind not in {"heading", "boilerplate", "metadata"}
    return max(number, 1)


def rows_of(passage: Passage) -> list[list[tuple[str, str]]]:
    """The rows that *passage* is made of, as pairs of a header's words and a cell's; else none."""
    blocks = [block for block in passage.blocks if block.span.overlaps(passage.span)]
    if not blocks or any(block.kind != "row" for block in blocks):
        return []
    header = next(iter(brought_spans(passage)), None)
    names = list(cells_of(passage.article.cut(header))) if header else []
    return [_named(names, list(cells_of(passage.article.cut(row.span)))) for row in blocks]


def kind_of(passage: Passage) -> BlockKind | None:
    """What the block of the best sentence of *passage* is, None where none is known."""
    at = _block_at(passage.blocks, passage.best.start)
    return None if at is None else passage.blocks[at].kind


def _named(names: Sequence[str], cells: Sequence[str]) -> list[tuple[str, str]]:
    if len(names) != len(cells):
        return [("", cell) for cell in cells if cell]
    return [pair for pair in zip(names, cells, strict=True) if pair[1]]


def _block_at(blocks: Sequence[Block], offset: int) -> int | None:
    at = bisect_right(blocks, offset, key=lambda block: block.span.start) - 1
    return at if at >= 0 else None
