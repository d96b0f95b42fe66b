"""Lines of a PDF's pages: which ones run through all pages, and in which order the rest is read."""

from __future__ import annotations

import itertools
import re
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.sources.html_tree import BETWEEN_CELLS

EDGE_ROWS = 2  # at the top and at the bottom of a page that may be running heads and feet
RUNNING_SHARE = 0.3  # of the pages; heads of left and right pages may differ
COLUMN_LINES = 4  # that each of two columns has at least
COLUMN_CHARACTERS = 20  # of the median line of a column; the cells of a table are shorter
CROSSING_SHARE = 0.35  # of the lines may run over both columns: titles, abstracts
BAND_GAP = 0.8  # heights of a line, below columns that end side by side
UNEVEN_END = 4.0  # heights of a line by which columns beside each other may end apart
_MARK = re.compile(r"\s*(?:[-–—•‣▪●○◦*·]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s*")
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|p|seite|página|pág|стр|стор|страница|сторінка)\W*)?\d{1,4}"
    r"(?:\s*(?:/|of|von|de|из|з)\s*\d{1,4})?\W*|\W*[ivxlc]{1,7}\W*",
    re.IGNORECASE,
)


# The moment and the address that browsers print at the edges of a page.
_BROWSER = re.compile(
    r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4},? \d{1,2}:\d\d(?:[\s\u202f]?[AP]M)?|(?:https?|file)://\S+"
)


@dataclass(frozen=True, slots=True)
class Line:
    """
    A run of characters on a line, with its place in points from the bottom left of the page.

    *size* is the height that its font gives it; *page* counts from 1; *is_row* says that it is a
    row of a table.
    """

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float
    bold: bool
    page: int
    is_row: bool = False


def without_running_lines(pages: Sequence[list[Line]]) -> list[list[Line]]:
    """The lines of each page without heads, feet and page numbers."""
    edges = [_edge_lines(lines) for lines in pages]
    seen: Counter[tuple[str, int]] = Counter()
    for lines in edges:
        seen.update({_key(line) for line in lines})
    least = max(2.0, RUNNING_SHARE * len(pages))
    kept = []
    for lines, edge in zip(pages, edges, strict=True):
        running = {line for line in edge if seen[_key(line)] >= least and _is_text(line)}
        running |= _numbers(edge)
        kept.append([line for line in lines if line not in running])
    return kept


def _edge_lines(lines: Sequence[Line]) -> list[Line]:
    """The lines in the first and last rows of a page."""
    rows = list(_rows(lines))
    if len(rows) <= 2 * EDGE_ROWS:
        return [line for row in rows for line in row]
    return [line for row in rows[:EDGE_ROWS] + rows[-EDGE_ROWS:] for line in row]


def _numbers(edge: Sequence[Line]) -> set[Line]:
    """Of the first and the last row, page numbers, and all of what a browser prints there."""
    rows = list(_rows(edge))
    found: set[Line] = set()
    for row in (rows[0], rows[-1]) if len(rows) > 1 else ():
        texts = [line.text.strip() for line in row]
        if any(map(_BROWSER.fullmatch, texts)):
            found.update(row)
        found.update(line for line in row if _PAGE_NUMBER.fullmatch(line.text.strip()))
    return found


def _key(line: Line) -> tuple[str, int]:
    """What heads of several pages have in common: their words and their height on the page."""
    return _DIGITS.sub("#", " ".join(line.text.casefold().split())), round(line.top / 4)


def _is_text(line: Line) -> bool:
    return any(char.isalpha() for char in line.text)


def _rows(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Lines side by side, from top to bottom, each row from left to right."""
    row: list[Line] = []
    for line in sorted(lines, key=lambda line: -(line.top + line.bottom)):
        if row and not _side_by_side(row, line):
            yield sorted(row, key=lambda line: line.left)
            row = []
        row.append(line)
    if row:
        yield sorted(row, key=lambda line: line.left)


def _side_by_side(row: Sequence[Line], line: Line) -> bool:
    """Whether a line overlaps those of a row by more than half of its height."""
    top, bottom = row[0].top, row[0].bottom
    shared = min(top, line.top) - max(bottom, line.bottom)
    return shared > min(top - bottom, line.top - line.bottom) / 2


def in_reading_order(lines: Sequence[Line]) -> list[Line]:
    """The lines of a page from column to column; what stands side by side becomes one line."""
    gutter = _gutter(lines)
    if gutter is None:
        return list(_joined_rows(lines))
    ordered: list[Line] = []
    band: list[Line] = []
    for line in sorted(lines, key=lambda line: -line.top):
        if line.left < gutter < line.right:
            ordered += _columns(band, gutter)
            ordered.append(line)
            band = []
        else:
            band.append(line)
    return ordered + _columns(band, gutter)


def _columns(band: Sequence[Line], gutter: float) -> list[Line]:
    left = [line for line in band if line.right <= gutter]
    right = [line for line in band if line.right > gutter]
    if not left or not right:
        return list(_joined_rows(band))
    end = max(min(line.bottom for line in side) for side in (left, right))
    below = _below(band, end)
    columns = [[line for line in side if line not in below] for side in (left, right)]
    return [*(line for side in columns for line in in_reading_order(side)), *_joined_rows(below)]


def _below(band: Sequence[Line], end: float) -> list[Line]:
    """What stands below two columns, of which the shorter one ends at *end*, after a gap there."""
    size = min(line.size for line in band)
    rows = list(_rows(band))
    for above, row in itertools.pairwise(rows):
        bottom, top = min(line.bottom for line in above), max(line.top for line in row)
        near = end + size / 2 > bottom > end - UNEVEN_END * size
        if near and bottom - top > BAND_GAP * size:
            return [line for line in band if line.top <= top]
    return []


def _gutter(lines: Sequence[Line]) -> float | None:
    """Where the right one of two columns of text begins, None when there is one column."""
    best: tuple[int, float] | None = None
    for edge in sorted({round(line.left) for line in lines})[1:]:
        gutter = edge - 1.0
        left = [line for line in lines if line.right <= gutter]
        right = [line for line in lines if line.left >= gutter]
        crossing = len(lines) - len(left) - len(right)
        enough = all(map(_is_column, (left, right))) and _overlap(left, right)
        better = best is None or crossing < best[0]
        if enough and better and crossing <= CROSSING_SHARE * len(lines):
            best = crossing, gutter
    return None if best is None else best[1]


def _is_column(lines: Sequence[Line]) -> bool:
    if len(lines) < COLUMN_LINES:
        return False
    rows = (sum(len(line.text) for line in row) for row in _rows(lines))
    return statistics.median(rows) >= COLUMN_CHARACTERS


def _overlap(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether two columns stand beside each other, not one below the other."""
    tops = [max(line.top for line in side) for side in (left, right)]
    bottoms = [min(line.bottom for line in side) for side in (left, right)]
    heights = [top - bottom for top, bottom in zip(tops, bottoms, strict=True)]
    return min(tops) - max(bottoms) > min(heights) / 2


def _joined_rows(lines: Sequence[Line]) -> Iterator[Line]:
    """One line for each row; a row of a table shows its cells."""
    rows = [_without_scripts(row) for row in _rows(lines)]
    for at, row in enumerate(rows):
        is_row = any(_aligned(row, near) for near in rows[max(at - 1, 0) : at + 2] if near != row)
        between = BETWEEN_CELLS if is_row else " "
        yield replace(
            max(row, key=lambda line: len(line.text)),
            text=between.join(" ".join(line.text.split()) for line in row),
            left=row[0].left,
            right=max(line.right for line in row),
            is_row=is_row,
        )


def _aligned(row: Sequence[Line], near: Sequence[Line]) -> bool:
    """Whether two rows have the same columns: as many cells, and the same gaps between them."""
    if len(row) != len(near) or len(row) < 2:
        return False
    pairs = list(zip(row, near, strict=True))
    return all(
        min(line.left for line in pair) - max(line.right for line in before) > before[0].size / 2
        for before, pair in itertools.pairwise(pairs)
    )


def _without_scripts(row: Sequence[Line]) -> list[Line]:
    """A row in which pieces that touch are one, as a raised number, or an item and its mark."""
    joined = [row[0]]
    for line in row[1:]:
        before = joined[-1]
        distance = line.left - before.right
        if distance < before.size / 2 or (len(joined) == 1 and _MARK.fullmatch(before.text)):
            between = "" if distance < before.size / 10 else " "
            text = before.text + between + line.text
            joined[-1] = replace(before, text=text, right=max(before.right, line.right))
        else:
            joined.append(line)
    return joined
