"""
Paragraphs of a normalised text, as spans.

A blank line ends one. A single line break does too, unless the lines are wrapped at a margin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from index.datatypes import Span

MIN_WRAP, MAX_WRAP = 40, 120  # columns between which people and programs wrap plain text

_BULLET = r"[-*+•–—▪▫‣⁃◦●○■□►▶➤✓✔✅🔹🔸👉](?=\s)"
_NUMBER = r"(?:\d{1,3}|[a-z]|[ivx]{1,5}|[IVX]{1,5})"
LIST_MARKER = re.compile(rf"\s*(?:{_BULLET}|{_NUMBER}[.)](?=\s)|\((?:{_NUMBER}|[A-Z])\)(?=\s))")
_HEADING = re.compile(r"\s*#{1,6}\s")
_WORD = re.compile(r"[^\W_]")
_NO_SPACES = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_TERMINAL = re.compile(r"[.!?…:;。！？।؟][\"'”’»)\]」』]*$")


def split_paragraphs(text: str) -> list[Span]:
    """
    Spans of the paragraphs of *text*, without surrounding white space.

    A blank line always ends one; a single line break does unless the text is hard-wrapped there.
    """
    return [
        span
        for block in _blocks(text)
        for start, end in _paragraphs_of_block(text, block)
        if (span := trimmed_span(text, start, end))
    ]


def trimmed_span(text: str, start: int, end: int) -> Span | None:
    """The span from *start* to *end* without white space around it; None when nothing is left."""
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end = start + len(piece.strip())
    return Span(start, end) if start < end else None


def _blocks(text: str) -> Iterator[list[Span]]:
    """Runs of lines that are not blank."""
    block: list[Span] = []
    for match in re.finditer(r"[^\n]*\n?", text):
        line = Span(match.start(), match.start() + len(match.group().rstrip()))
        if line:
            block.append(line)
        elif block:
            yield block
            block = []


def _paragraphs_of_block(text: str, block: list[Span]) -> Iterator[tuple[int, int]]:
    lines = [text[line.start : line.end] for line in block]
    wrapped = _is_wrapped(lines)
    width = max(map(len, lines))
    first = 0
    for i in range(1, len(lines)):
        if _breaks(lines[i - 1], lines[i], wrapped and not _fits(lines[i - 1], lines[i], width)):
            yield block[first].start, block[i - 1].end
            first = i
    yield block[first].start, block[-1].end


def _breaks(above: str, line: str, wrapped: bool) -> bool:
    """Whether *line* begins a new paragraph; *wrapped* says that its first word did not fit."""
    if not _WORD.search(line):  # a rule, an underline: it goes with what stands above it
        return False
    if LIST_MARKER.match(line) or _HEADING.match(line) or _HEADING.match(above):
        return True
    if not _WORD.search(above):
        return True
    if LIST_MARKER.match(above) and _indent(line) > _indent(above):
        return False
    return not wrapped or _indent(line) > _indent(above)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _fits(above: str, line: str, width: int) -> bool:
    """Whether the first word of *line* had room at the end of the line *above*."""
    word = line.split(maxsplit=1)[0]
    length = 0 if _NO_SPACES.match(word) else len(word)
    return len(above) + 1 + length <= width


def _is_wrapped(lines: list[str]) -> bool:
    """Whether most line breaks stand where a margin forced them, and some inside a sentence."""
    width = max(map(len, lines))
    pairs = [(a, b) for a, b in pairwise(lines) if not LIST_MARKER.match(b)]
    if not MIN_WRAP <= width <= MAX_WRAP or all(_TERMINAL.search(above) for above, _ in pairs):
        return False
    return 2 * sum(not _fits(above, line, width) for above, line in pairs) > len(pairs)
