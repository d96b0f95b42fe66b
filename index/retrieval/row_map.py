"""
Which row of an index holds which sentence.

An index gives each sentence a row, a number that counts up as articles are added and is never
given again, so that what is removed leaves the rows of all others alone.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, KeysView
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
SentenceKey = tuple[int, int]  # article key, sentence position

# Articles that are read from the database at once: some 10 MB of vectors, so that those of a large
# library are never held twice.
ARTICLES_PER_READ = 128


class ScoredSentence(NamedTuple):
    """The sentence at *position* of the article *key*; *score* is higher for better ones."""

    key: int
    position: int
    score: float

    @property
    def sentence(self) -> SentenceKey:
        """Which sentence it is."""
        return self.key, self.position


class RowMap:
    """The rows of each article, side by side and in the order of its sentences."""

    def __init__(self) -> None:
        self._rows: dict[int, range] = {}  # by article key
        self._keys: list[int] = []  # the article of each of ...
        self._starts: list[int] = []  # ... these first rows, which are ascending
        self._count = 0
        self.next_row = 0

    def __len__(self) -> int:
        """How many sentences there are."""
        return self._count

    def __contains__(self, key: int) -> bool:
        return key in self._rows

    def count(self, keys: Iterable[int] | None = None) -> int:
        """How many sentences there are, in all or in the articles *keys*."""
        return len(self) if keys is None else sum(len(self.rows(key)) for key in set(keys))

    def keys(self) -> KeysView[int]:
        """The keys of the articles that are here."""
        return self._rows.keys()

    def add(self, key: int, count: int, first: int | None = None) -> range:
        """Give *count* rows to the article *key*, from row *first* on or behind all others."""
        start = self.next_row if first is None else first
        rows = range(start, start + count)
        self._rows[key] = rows
        if count:  # an article without sentences has no row that could be looked up
            self._keys.append(key)
            self._starts.append(start)
        self._count += count
        self.next_row = rows.stop
        return rows

    def remove(self, key: int) -> range:
        """Forget the article *key*, and return which rows it had."""
        rows = self._rows.pop(key)
        if rows:
            at = bisect_left(self._starts, rows.start)
            del self._keys[at], self._starts[at]
        self._count -= len(rows)
        return rows

    def rows(self, key: int) -> range:
        """The rows of the article *key*, none when it is not here."""
        return self._rows.get(key, range(0))

    def rows_of(self, keys: Iterable[int]) -> Rows:
        """The rows of the articles *keys*, each once, ascending."""
        spans = sorted((self.rows(key) for key in set(keys)), key=lambda rows: rows.start)
        parts = [np.arange(rows.start, rows.stop) for rows in spans]
        return np.concatenate(parts) if parts else np.zeros(0, np.int64)

    def sentence(self, row: int, score: float) -> ScoredSentence:
        """Find the sentence of *row*."""
        at = bisect_right(self._starts, row) - 1
        return ScoredSentence(self._keys[at], row - self._starts[at], score)
