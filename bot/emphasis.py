"""Words of an article without the signs by which Markdown emphasises some of them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from index.datatypes import Span

# As CommonMark has it, on one line and without nesting; "2 * 3 * 4", snake_case and __init__ stay.
_EMPHASIS = re.compile(
    r"(?<![\w*\\])(?P<stars>\*{1,3})(?=[^\s*])[^*\n]*(?<=[^\s*])(?P=stars)(?![\w*])"
    r"|(?<![\w\\])(?P<line>_)(?=[^\s_])[^_\n]*(?<=[^\s_])(?P=line)(?!\w)"
    r"|(?<![\w\\])(?P<lines>__)(?=[^\s_])[^_\n]* [^_\n]*(?<=[^\s_])(?P=lines)(?!\w)"
)


def without_emphasis(text: str) -> str:
    """*text* without the signs of emphasis."""
    return without(text, list(emphasis_signs(text)))[0]


def without(text: str, signs: Sequence[Span], *spans: Span) -> tuple[str, list[Span]]:
    """*text* without its *signs*, in order, and where the words at *spans* stand then."""
    if not signs:
        return text, list(spans)
    kept, lost, end = [], [0], 0
    for sign in signs:
        kept.append(text[end : sign.start])
        lost.append(lost[-1] + len(sign))
        end = sign.end
    starts = [sign.start for sign in signs]

    def moved(offset: int) -> int:
        before = bisect_left(starts, offset)
        inside = max(signs[before - 1].end - offset, 0) if before else 0
        return offset + inside - lost[before]

    return "".join([*kept, text[end:]]), [Span(moved(s.start), moved(s.end)) for s in spans]


def emphasis_signs(text: str) -> Iterator[Span]:
    """Where the signs of emphasis stand in *text*, in pairs, which do not overlap."""
    for found in _EMPHASIS.finditer(text):
        width = len(found["stars"] or found["line"] or found["lines"])
        yield Span(found.start(), found.start() + width)
        yield Span(found.end() - width, found.end())
