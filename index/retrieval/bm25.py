"""The best rows by BM25, without looking at every row of every common word."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

WordRows = NDArray[np.uint32]  # the rows that hold a word, ascending

# BM25's constants (Robertson and Zaragoza 2009); a sentence seldom holds a word twice, so how
# often it does is left out.
K1, B = 1.2, 0.75
FEW = 1000  # rows that are scored, or sorted, sooner than it is found out which need not be


def idf(count: int, number: int) -> float:
    """How much a word tells that *count* of *number* rows hold."""
    return math.log1p((number - count + 0.5) / (count + 0.5))


def rank(
    words: Sequence[tuple[float, WordRows]], lengths: NDArray[np.uint16], mean: float, top_k: int
) -> list[tuple[int, float]]:
    """
    Find the *top_k* rows with the highest scores, best first; of equal ones the first rows.

    *words* gives for each the IDF and the rows that hold it; *lengths* (n,) and their *mean* are
    numbers of words. The rarest words come first. As soon as no row that holds the rest of them
    only could be among the best any more, the rest is looked up for the rows that were found:
    the result is the same (Turtle and Flood 1995, "max score").
    """
    words = sorted(words, key=lambda word: -word[0])
    most = [weight * (K1 + 1) / (1 + K1 * (1 - B)) for weight, _ in words]
    sums = np.zeros(len(lengths))  # of the words' IDF; only what is touched takes time
    found = np.zeros(0, np.int64)
    for number, (weight, rows) in enumerate(words):
        if len(rows) > FEW and len(found) > top_k:
            rest = sum(most[number:])
            scores = sums[found] * _share(lengths[found], mean)
            worst = np.partition(scores, -top_k)[-top_k]
            if worst > rest:
                found = found[scores + rest >= worst]
                rows = _common(rows, found)  # noqa: PLW2901 (the others do not matter any more)
        found = np.concatenate([found, rows[sums[rows] == 0]])
        sums[rows] += weight
    scores = sums[found] * _share(lengths[found], mean)
    if len(found) > max(top_k, FEW):  # sorting all of very many would take longest
        best = scores >= np.partition(scores, -top_k)[-top_k]
        found, scores = found[best], scores[best]
    order = np.lexsort((found, -scores))[:top_k]
    return list(zip(found[order].tolist(), scores[order].tolist(), strict=True))


def _share(lengths: NDArray[np.uint16], mean: float) -> NDArray[Any]:
    """What a row of each of *lengths* scores for one unit of IDF: the longer, the less."""
    return (K1 + 1) / (1 + K1 * (1 - B + B * lengths / mean))


def _common(rows: WordRows, found: NDArray[np.int64]) -> WordRows:
    """Those of *rows*, which are ascending, that are *found* too."""
    at = np.minimum(np.searchsorted(rows, found.astype(rows.dtype)), max(len(rows) - 1, 0))
    return rows[at[rows[at] == found]] if len(rows) else rows
