"""
Words of an article as a person reads them: without signs of Markdown, wrapped lines joined.

Nothing that is a word is left out or changed; the JSON of an answer has the text as it is stored.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from bot.emphasis import emphasis_signs, without
from index.datatypes import Block, Passage, Span
from index.text.paragraphs import split_paragraphs

# A line ends only because the text was wrapped there, and goes on behind its indentation; the two
# spaces or the backslash by which Markdown asks for a new line are no such end.
_WRAP = re.compile(r"(?<!  )(?<!\\)\n[ \t]*(?:> ?)?(?=[^\n]*[^\W_])")
_PARTED = re.compile(r"[^\W\d_][-‐]$")
_NO_SPACES = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u9fff]")
_HEADING = re.compile(r"\A#{1,6}[ \t]+|[ \t]+#+\Z|\n\s*[=~*-]+\Z")
_WRAPPED = frozenset({"paragraph", "answer", "question", "item", "quotation", "description"})


def shown_words(passage: Passage, span: Span, *marked: Span) -> tuple[str, list[Span]]:
    """
    The words at *span* of the article of *passage*, and where those at *marked* stand in them.

    All are spans of the article; of what is *marked* outside of *span* nothing is left.
    """
    text = passage.article.cut(span)
    wraps, signs = [], []
    for block in _blocks_at(passage.blocks, span):
        words = passage.article.cut(block.span)
        offset = block.span.start - span.start
        wraps += _moved(_wraps(block, words), offset, len(text))
        signs += _moved(_heading_signs(block, words), offset, len(text))
    characters = list(text)
    for wrap in filter(len, wraps):
        spaced = not (_PARTED.search(text[: wrap.start]) or _NO_SPACES.match(text[wrap.start - 1]))
        characters[wrap.start] = " " if spaced else "\n"
        signs.append(Span(wrap.start + spaced, wrap.end))
    joined = "".join(characters)
    signs = sorted(sign for sign in [*signs, *emphasis_signs(joined)] if len(sign))
    return without(joined, signs, *_moved(marked, -span.start, len(text)))


def _moved(spans: Iterable[Span], offset: int, length: int) -> list[Span]:
    """*spans* moved by *offset*, as far as they lie in a text of that *length*."""
    return [
        Span(*(min(max(end + offset, 0), length) for end in (span.start, span.end)))
        for span in spans
    ]


def _blocks_at(blocks: Sequence[Block], span: Span) -> Iterator[Block]:
    first = bisect_left(blocks, span.start, key=lambda block: block.span.end)
    for block in blocks[first:]:
        if block.span.start >= span.end:
            return
        yield block


def _wraps(block: Block, words: str) -> Iterator[Span]:
    """The line breaks in the *words* of *block* that only stand where the text was wrapped."""
    if block.kind in _WRAPPED and "\n" in words:
        for piece in split_paragraphs(words):
            for wrap in _WRAP.finditer(words, piece.start, piece.end):
                yield Span(wrap.start(), wrap.end())


def _heading_signs(block: Block, words: str) -> Iterator[Span]:
    if block.kind == "heading":
        for sign in _HEADING.finditer(words):
            yield Span(sign.start(), sign.end())
