"""The cells of a row: parted by bars or tabs, or by spaces that make columns of its table."""

from __future__ import annotations

import re
from collections.abc import Iterator

_BARS = re.compile(r"[|\t]")
_GAP = re.compile(r" {2,}")
_CELL = re.compile(r"\S+(?: \S+)*")
LEAST_COLUMNS = 3  # of a table without bars; two are a term and what it means


def cells_of(line: str) -> Iterator[str]:
    """The words of each cell of a row."""
    line = line.strip()
    gap = _BARS if _BARS.search(line) else _GAP
    return (cell.strip() for cell in gap.split(line.strip("|")))


def count_barred(line: str) -> int:
    """How many cells *line* has that are parted by bars or tabs, 0 for none."""
    return len(_BARS.split(line.strip("| "))) if _BARS.search(line) else 0


def aligned(above: str, line: str) -> bool:
    """Whether the cells of two lines stand one below another, parted by two spaces or more."""
    cells = [[cell.span() for cell in _CELL.finditer(words)] for words in (above, line)]
    if len(cells[0]) < LEAST_COLUMNS or len(cells[0]) != len(cells[1]):
        return False
    return all(a < d and c < b for (a, b), (c, d) in zip(*cells, strict=True))
