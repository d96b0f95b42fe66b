"""Lines of a PDF in reading order into paragraphs, headings, items and rows."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from index.sources.documents import Part
from index.sources.pdf_layout import Line

BODY = 0.0  # among the sizes: that of the text
LARGER = 1.12  # times the size of the text: a heading
MAX_HEADING = 150  # characters
WIDE_STEP = 1.4  # times the usual step from line to line: a paragraph ends
SOFT_HYPHEN = "\u00ad"
_MARKER = re.compile(r"\s*(?:[-–—•‣▪●○◦*·]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+\S")
_WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
_END = re.compile(r"[.!?…:。！？][\"'”’»)\]]*$")


def paragraphs_of(pages: Sequence[Sequence[Line]]) -> Iterator[Part]:
    """The parts of a document, from the lines of its pages."""
    lines = [line for page in pages for line in page]
    if not lines:
        return
    body = _body_size(lines)
    usual = {**_usual_step(lines), BODY: body}
    rights = _right_edges(lines)
    words = Counter(word for line in lines for word in _WORD.findall(line.text.casefold()))
    levels = _heading_levels(lines, body)
    group: list[Line] = []
    for line in lines:
        if group and not _goes_on(group, line, usual, rights[group[-1]]):
            yield _part(group, body, levels, words)
            group = []
        group.append(line)
    yield _part(group, body, levels, words)


def _body_size(lines: Sequence[Line]) -> float:
    """The size in which most characters are."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0]


def _usual_step(lines: Sequence[Line]) -> dict[float, float]:
    """For each size, the smallest common distance from a line to the next below it."""
    steps: dict[float, Counter[float]] = {}
    for before, line in itertools.pairwise(lines):
        step = round(before.bottom - line.bottom, 1)
        if before.page == line.page and 0 < step < 4 * line.size and _same_size(before, line):
            steps.setdefault(round(line.size), Counter())[step] += 1
    return {size: found.most_common(1)[0][0] for size, found in steps.items()}


def _same_size(before: Line, line: Line) -> bool:
    return abs(before.size - line.size) < line.size / 12


def _right_edges(lines: Sequence[Line]) -> dict[Line, float]:
    """How far to the right the column of each line goes."""
    pages: dict[int, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    return {
        line: max(near.right for near in page if near.left < line.right and near.right > line.left)
        if line.right > line.left
        else line.right
        for page in pages.values()
        for line in page
    }


def _goes_on(group: Sequence[Line], line: Line, usual: dict[float, float], right: float) -> bool:
    """Whether *line* continues the part *group*."""
    before = group[-1]
    if before.is_row or line.is_row or not _same_size(before, line) or before.bold != line.bold:
        return False
    if _MARKER.match(line.text) and not _is_hyphenated(before, line):
        return False
    step = before.bottom - line.bottom
    if before.page != line.page or step <= 0:  # the next page, the next column
        return _is_hyphenated(before, line) or (
            not _END.search(before.text) and line.text[:1].islower()
        )
    if step > WIDE_STEP * usual.get(round(line.size), line.size * 1.3):
        return False
    if line.size > usual[BODY] * LARGER:  # lines of a heading may begin and end anywhere
        return True
    is_item = _MARKER.match(group[0].text) is not None
    indented = line.left > before.left + line.size / 2 and not (is_item and len(group) == 1)
    return not indented and (is_item or not _had_room(before, line, right))


def _had_room(before: Line, line: Line, right: float) -> bool:
    """Whether the first word of *line* would have stood on the line before it, in its column."""
    if before.text.endswith((SOFT_HYPHEN, "-")) or line.text[:1].islower():
        return False
    width = (before.right - before.left) / max(len(before.text), 1)
    word = line.text.split(" ", 1)[0]
    return before.right + (len(word) + 2) * width < right


def _is_hyphenated(before: Line, line: Line) -> bool:
    return before.text.endswith((SOFT_HYPHEN, "-")) and line.text[:1].islower()


def _heading_levels(lines: Sequence[Line], body: float) -> dict[int, int]:
    """The level of each size of letters that is larger than the text's, the largest first."""
    sizes = sorted({round(line.size) for line in lines if line.size > LARGER * body}, reverse=True)
    return {size: min(level, 5) for level, size in enumerate(sizes, start=1)}


def _part(group: Sequence[Line], body: float, levels: dict[int, int], words: Counter[str]) -> Part:
    text, page = _joined(group, words), group[0].page
    if group[0].is_row:
        return Part("row", text, page=page)
    if _MARKER.match(text):
        return Part("item", text, 1, page)
    short = len(text) <= MAX_HEADING and any(char.isalpha() for char in text)
    if short and group[0].size > LARGER * body:
        return Part("heading", text, levels[round(group[0].size)], page)
    if short and all(line.bold for line in group) and not _END.search(text):
        return Part("heading", text, min(len(levels) + 1, 6), page)
    return Part("paragraph", text, page=page)


def _joined(group: Sequence[Line], words: Counter[str]) -> str:
    """The words of the lines; a word that was parted at a line's end is one again."""
    text = group[0].text
    for before, line in itertools.pairwise(group):
        if not text.endswith((SOFT_HYPHEN, "-")) or not line.text[:1].isalpha():
            text = f"{text} {line.text}"
        elif _is_hyphenated(before, line) and not _keeps_hyphen(text[:-1], line.text, words):
            text = text[:-1] + line.text
        else:
            text = f"{text[:-1]}-{line.text}"
    return text.replace(SOFT_HYPHEN, "-") if text.endswith(SOFT_HYPHEN) else text


def _keeps_hyphen(text: str, following: str, words: Counter[str]) -> bool:
    """Whether a parted word has its hyphen elsewhere in the document more often than not."""
    first, second = _WORD.findall(text.casefold())[-1:], _WORD.match(following.casefold())
    if not first or second is None:
        return False
    return words[f"{first[0]}-{second[0]}"] > words[first[0] + second[0]]
