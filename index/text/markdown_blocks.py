"""Blocks of Markdown, as markdown-it-py parses it: headings, lists, tables, code, quotations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from index.datatypes import Block, BlockKind, Span
from index.text.asked_blocks import asked_paragraphs, question_pairs
from index.text.front_matter import front_matter_blocks
from index.text.paragraphs import NUMBERED_RULE, split_paragraphs, trimmed_span
from index.text.plain_blocks import (
    line_kind,
    number_groups,
    plain_blocks,
    rule_headings,
    spoken_kind,
)

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

BOLD_LEVEL = 6  # of a bold line that stands alone, as many use for a heading
MAX_BOLD = 100

_BOLD = re.compile(r"(?:\*\*|__)(?!\s)[^*_\n]+(?:\*\*|__):?")
_BOLD_QUESTION = re.compile(r"(\*\*|__)(?!\s)[^*_\n]+\?\1(?=\s)")
_IMAGE = re.compile(r"(?:\[?!\[[^\]]*\]\([^)]*\)(?:\]\([^)]*\))?\s*)+")
_WORD = re.compile(r"[^\W_]")
_LEAVES: dict[str, BlockKind] = {
    "heading_open": "heading",
    "paragraph_open": "paragraph",
    "fence": "code",
    "code_block": "code",
    "tr_open": "row",
}


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A piece of Markdown without others inside: its *first* line, and the one after its last."""

    kind: BlockKind
    first: int
    last: int
    level: int


@lru_cache(maxsize=1)
def markdown_parser() -> MarkdownIt:
    """The parser: CommonMark with tables. Importing it takes a moment."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table")


def markdown_blocks(text: str) -> list[Block]:
    """The blocks of a normalised *text* in Markdown, with those of its front matter."""
    blocks = front_matter_blocks(text)
    start = blocks[-1].span.end if blocks else 0
    lines = _line_starts(text, start)
    for leaf in _leaves(markdown_parser().parse(text[start:])):
        blocks += _blocks_of(text, lines, leaf)
    blocks = rule_headings(text, list(_filled(text, blocks)))
    return number_groups(asked_paragraphs(text, question_pairs(blocks)))


def _line_starts(text: str, start: int) -> list[int]:
    """Where the lines of *text* behind *start* begin, and where the text ends."""
    breaks = re.finditer(r"\n", text[start:])
    return [start, *(start + found.end() for found in breaks), len(text)]


def _leaves(tokens: Sequence[Token]) -> Iterator[_Leaf]:
    depth = quoted = 0
    item: int | None = None  # the line of an item whose first paragraph is awaited
    in_head = False
    for token in tokens:
        change = token.nesting
        if token.type in {"bullet_list_open", "ordered_list_open"} or token.type.endswith(
            "list_close"
        ):
            depth += change
        elif token.type.startswith("blockquote"):
            quoted += change
        elif token.type.startswith("thead"):
            in_head = change > 0
        elif token.type == "list_item_open" and token.map:
            item = token.map[0]
        elif token.type in _LEAVES and token.map:
            first, last = token.map
            kind = _LEAVES[token.type]
            level = int(token.tag[1:]) if kind == "heading" else depth
            if kind == "row" and in_head:
                kind, last = "header", last + 1  # with the rule below it
            if kind == "paragraph" and depth and item is not None:
                kind, first = "item", item
            elif kind == "paragraph" and quoted:
                kind = "quotation"
            item = None
            yield _Leaf(kind, first, last, level)


def _blocks_of(text: str, lines: Sequence[int], leaf: _Leaf) -> list[Block]:
    """The blocks of a *leaf*: one, but lines that nothing joins are paragraphs."""
    at = trimmed_span(text, lines[leaf.first], lines[min(leaf.last, len(lines) - 1)])
    if at is None:
        return []
    words = text[at.start : at.end]
    if leaf.kind in {"paragraph", "item"} and any(map(NUMBERED_RULE.match, words.splitlines())):
        return _rule_blocks(words, at.start)
    if leaf.kind != "paragraph":
        return [Block(leaf.kind, at, leaf.level)]
    if len(words) <= MAX_BOLD and _BOLD.fullmatch(words):
        return [Block("heading", at, BOLD_LEVEL)]
    if _IMAGE.fullmatch(words):
        return [Block("caption", at)]
    pieces = [Span(at.start + s.start, at.start + s.end) for s in split_paragraphs(words)]
    return [block for piece in pieces for block in _paragraph_blocks(text, piece)]


def _rule_blocks(words: str, start: int) -> list[Block]:
    """The blocks of *words* with numbered rules ("2.1"), which are no list for Markdown."""
    return [
        replace(block, span=Span(start + block.span.start, start + block.span.end))
        for block in plain_blocks(words)
    ]


def _paragraph_blocks(text: str, at: Span) -> list[Block]:
    """A paragraph as a block; as two where it begins with a question in bold and answers it."""
    asked = _BOLD_QUESTION.match(text, at.start, at.end)
    rest = trimmed_span(text, asked.end(), at.end) if asked else None
    if asked and rest:
        return [Block("question", Span(at.start, asked.end())), Block("answer", rest)]
    return [Block(_paragraph_kind(text[at.start : at.end]), at)]


def _paragraph_kind(words: str) -> BlockKind:
    return spoken_kind(words) or line_kind(words)


def _filled(text: str, blocks: Sequence[Block]) -> Iterator[Block]:
    """*blocks* in order, and what the parser leaves out between them: rules, HTML, addresses."""
    end = 0
    for block in [*sorted(blocks, key=lambda block: block.span), None]:
        start = len(text) if block is None else block.span.start
        for piece in split_paragraphs(text[end:start]):
            span = Span(end + piece.start, end + piece.end)
            words = _WORD.search(text, span.start, span.end)
            yield Block(line_kind(text[span.start : span.end]) if words else "boilerplate", span)
        if block is None:
            return
        if block.span.start < end:  # a nested piece begins on a line of the one before
            later = trimmed_span(text, end, block.span.end)
            if later is None:
                continue
            block = replace(block, span=later)  # noqa: PLW2901
        yield block
        end = block.span.end
