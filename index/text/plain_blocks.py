"""
Blocks of plain text: what its author shows with blank lines, indentation and the form of a line.

Each is a cue and no proof, and what none of them knows is a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from index.datatypes import Block, BlockKind, Span
from index.languages.block_cues import BOILERPLATE, BYLINE, CAPTION
from index.text.asked_blocks import asked_paragraphs, question_pairs
from index.text.dated_lines import time_lines
from index.text.paragraphs import (
    ATX,
    LIST_MARKER,
    NUMBERED_RULE,
    OPTION,
    UNDERLINED,
    split_paragraphs,
)
from index.text.row_cells import aligned, count_barred

MAX_HEADING, MAX_HEADING_WORDS = 80, 10  # of a line that is taken for one without a sign
MAX_BOILERPLATE = 200  # characters; what is longer says something
MAX_TERM = 120
LEAST_ALIGNED = 3  # lines of a table whose columns only spaces part

_NUMBERED = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})*\.?|[IVX]{1,5}\.|§ ?\d+\.?)\s+[^\W\d_]")
_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2})*(?=\.?\s)")
_SECTION = re.compile(r"(?:§|Art(?:icle|ikel|\.)|Section)\s?\d{1,4}[a-z]?\b|\d{1,2}[.)]? ")
_FIRST_PART = re.compile(r"\((?:1|a)\) ")  # of the numbered paragraphs of a section
_QUESTION = re.compile(r"(?:Q|Question)\s?\d{0,3}[.:)]\s")
_ANSWER = re.compile(r"(?:A|Answer)\s?\d{0,3}[.:)]\s")
_ENDS = re.compile(r"[.!…,;。！؟।][\"'”’»)]*$")
_RULE = re.compile(r"\|?[\s:|+-]*-[\s:|+-]*\|?")
_NUMBERED_ITEM = re.compile(r"\d{1,3}[.)]\s")
_DIGIT = re.compile(r"\d")


def plain_blocks(text: str) -> list[Block]:
    """The blocks of a normalised *text* without markup; each is a paragraph of it."""
    spans = split_paragraphs(text)
    blocks = [Block(_kind(text, span), span) for span in spans]
    blocks = _headings(text, time_lines(text, blocks))
    blocks = rule_headings(text, [_levelled(text, block) for block in blocks])
    blocks = _descriptions(text, _tables(text, blocks))
    return number_groups(asked_paragraphs(text, question_pairs(blocks)))


def number_groups(blocks: Sequence[Block]) -> list[Block]:
    """*blocks* with a number for each run of items, and for each run of rows."""
    numbered: list[Block] = []
    group = 0
    for block in blocks:
        family = _family(block)
        if family is None:
            numbered.append(block)
            continue
        before = numbered[-1] if numbered else None
        if before is None or _family(before) != family or block.kind == "header":
            group += 1
        numbered.append(replace(block, group=group))
    return numbered


def _family(block: Block) -> str | None:
    match block.kind:
        case "item":
            return "list"
        case "row" | "header":
            return "table"
        case _:
            return None


def line_kind(words: str) -> BlockKind:
    """What a paragraph is by its words alone: a by-line, a caption, boilerplate, or a paragraph."""
    if BYLINE.match(words) and len(words) <= MAX_BOILERPLATE:
        return "metadata"
    if len(words) <= MAX_BOILERPLATE and BOILERPLATE.search(words):
        return "boilerplate"
    return "caption" if CAPTION.match(words) and len(words) <= 2 * MAX_BOILERPLATE else "paragraph"


def spoken_kind(words: str) -> BlockKind | None:
    """Whether a paragraph is a question ("Q. …") or an answer ("A. …") by its first letter."""
    if _QUESTION.match(words):
        return "question"
    return "answer" if _ANSWER.match(words) else None


def _kind(text: str, span: Span) -> BlockKind:
    words = text[span.start : span.end]
    if ATX.match(words) or UNDERLINED.fullmatch(words):
        return "heading"
    if spoken := spoken_kind(words):
        return spoken
    if OPTION.match(words) and "\n" not in words and len(words) <= MAX_TERM:
        return "term"
    if LIST_MARKER.match(words):
        return "item"
    return "quotation" if words.startswith("> ") else line_kind(words)


def _headings(text: str, blocks: Sequence[Block]) -> list[Block]:
    """*blocks* with those that are headings by their place: short lines above what they name."""
    marked = list(blocks)
    for i, (block, below) in enumerate(pairwise(blocks)):
        words = text[block.span.start : block.span.end]
        if block.kind not in {"paragraph", "item"} or not _looks_like_heading(words):
            continue
        deeper = _indent(text, below.span.start) > _indent(text, block.span.start)
        numbered = _NUMBERED.match(words) is not None
        if block.kind == "item" and not (numbered and _apart(text, block, below)):
            continue
        capitals = words.isupper() and len(words) > 2
        named = below.kind == "metadata" or _is_body(text, below, len(words))
        titled = _apart(text, block, below) and named
        if (capitals and (deeper or titled)) or titled or (numbered and deeper):
            marked[i] = replace(block, kind="heading")
    return marked


def rule_headings(text: str, blocks: Sequence[Block]) -> list[Block]:
    """
    *blocks* with the short lines as headings that have the number of what stands below them.

    That is "3 Buildings" above "3.1 …", and "§ 3 Buildings" above "(1) …".
    """
    marked = list(blocks)
    for i, (block, below) in enumerate(pairwise(blocks)):
        words = text[block.span.start : block.span.end]
        if block.kind not in {"paragraph", "item"} or not _looks_like_heading(words):
            continue
        number, first = _NUMBER.match(words), text[below.span.start :][:20]
        inner = number is not None and re.match(rf"{re.escape(number.group())}\.\d", first)
        if inner or (_SECTION.match(words) and _FIRST_PART.match(first)):
            level = 2 + (number.group().count(".") if number else 0)
            marked[i] = Block("heading", block.span, level)
    return marked


def _looks_like_heading(words: str) -> bool:
    short = len(words) <= MAX_HEADING and len(words.split()) <= MAX_HEADING_WORDS
    begins = words[0].isupper() or words[0].isdigit() or words[0] in "§*"
    return short and begins and "\n" not in words and not _ENDS.search(words) and words[-1] != ":"


def _apart(text: str, block: Block, below: Block) -> bool:
    """Whether a blank line stands between the two."""
    return "\n\n" in text[block.span.end : below.span.start]


def _is_body(text: str, block: Block, least: int) -> bool:
    """Whether *block* is prose longer than *least* characters."""
    words = text[block.span.start : block.span.end]
    numbered = NUMBERED_RULE.match(words) or _NUMBERED_ITEM.match(words)
    told = block.kind == "paragraph" or numbered is not None
    return told and len(words) > 2 * least and bool(_ENDS.search(words))


def _levelled(text: str, block: Block) -> Block:
    """*block* with the level of a heading, or the depth of an item by its indentation."""
    words = text[block.span.start : block.span.end]
    if block.kind == "item":
        return replace(block, level=1 + _indent(text, block.span.start) // 2)
    if block.kind != "heading":
        return block
    if sign := ATX.match(words):
        return replace(block, level=len(sign.group()))
    if line := UNDERLINED.fullmatch(words):
        return replace(block, level=1 if line.group(1)[0] == "=" else 2)
    indent = min(_indent(text, block.span.start) // 2, 2)
    return replace(block, level=2 + indent)


def _indent(text: str, start: int) -> int:
    return start - (text.rfind("\n", 0, start) + 1)


def _tables(text: str, blocks: Sequence[Block]) -> list[Block]:
    """*blocks* with the rows of tables as rows; the first one names the columns, if any does."""
    lines = [_line_of(text, block) for block in blocks]
    marked = list(blocks)
    first = 0
    while first < len(blocks):
        last = first
        while last + 1 < len(blocks) and _goes_below(lines[first], lines[last + 1]):
            if _apart(text, blocks[last], blocks[last + 1]):
                break
            last += 1
        kinds = _row_kinds(lines[first : last + 1])
        for i, kind in enumerate(kinds, first):
            marked[i] = replace(blocks[i], kind=kind)
        first = last + 1
    return marked


def _line_of(text: str, block: Block) -> str:
    """The line of *block* with its indentation, "" if it is no row; a rule below it is none."""
    words, _, rule = text[block.span.start : block.span.end].partition("\n")
    if block.kind not in {"paragraph", "boilerplate"} or (rule and not _RULE.fullmatch(rule)):
        return ""
    return " " * _indent(text, block.span.start) + words


def _goes_below(above: str, line: str) -> bool:
    """Whether *line* is a row of the table of which *above* is one."""
    cells = count_barred(above), count_barred(line)
    return (cells[0] == cells[1] > 1) or (cells == (0, 0) and aligned(above, line))


def _row_kinds(lines: Sequence[str]) -> list[BlockKind]:
    """What the lines of a table are; none of them when they are too few to be one."""
    rows: list[BlockKind] = ["row"] * len(lines)
    if count_barred(lines[0]):
        return ["header", *rows[1:]] if len(lines) > 1 else []
    if len(lines) < LEAST_ALIGNED:
        return []
    named = not _DIGIT.search(lines[0]) and any(_DIGIT.search(line) for line in lines[1:])
    return ["header", *rows[1:]] if named else rows


def _descriptions(text: str, blocks: Sequence[Block]) -> list[Block]:
    """*blocks* with what stands below a term, indented more, as its description."""
    marked: list[Block] = []
    term: int | None = None
    for block in blocks:
        indent = _indent(text, block.span.start)
        if block.kind == "term":
            term = indent
        elif term is not None and indent > term and block.kind == "paragraph":
            marked.append(replace(block, kind="description"))
            continue
        elif term is not None and indent <= term:
            term = None
        marked.append(block)
    return marked
