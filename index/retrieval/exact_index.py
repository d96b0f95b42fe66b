"""
Sentence vectors that are compared one by one: exact, and at once for libraries of common size.

It is one product of numbers, so FAISS is not needed, whose import takes 50 ms and 15 MiB.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.retrieval.row_map import Rows

Vectors = NDArray[np.float32]
Scores = NDArray[np.float32]


def unit(vectors: Vectors) -> Vectors:
    """Bring *vectors* (n, d) to length 1; those of length 0 stay, and score 0 with everything."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    long: Vectors = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return long


def dot(vectors: Vectors, query: Vectors) -> Scores:
    """
    Multiply each of *vectors* (n, d) with *query* (d,), giving (n,).

    Equal vectors get equal scores wherever they stand, and one thread does it. BLAS promises
    neither, and is no faster: reading the vectors is what takes the time (10,000 of 384
    dimensions 1.2 ms; BLAS with two threads took up to 23 ms where other programs ran).
    """
    scores: Scores = np.einsum("ij,j->i", vectors, query)
    return scores


def best(rows: Rows, scores: Scores, top_k: int) -> tuple[Rows, Scores]:
    """Choose the *top_k* of *rows* with the highest *scores*, and all that equal the last one."""
    if top_k < len(rows):
        chosen = scores >= np.partition(scores, -top_k)[-top_k]
        rows, scores = rows[chosen], scores[chosen]
    return rows, scores


class ExactIndex:
    """Unit vectors in memory, by row."""

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self._rows: Rows = np.zeros(0, np.int64)  # ascending; the vectors stand in their order
        self._vectors: Vectors = np.zeros((0, dimension), np.float32)  # with room behind
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, rows: Rows, vectors: Vectors) -> None:
        """Take *vectors* (n, d) in as *rows* (n,), which are higher than those that are here."""
        end = self._count + len(rows)
        if end > len(self._rows):
            room = max(end, 2 * len(self._rows))
            self._rows = np.concatenate([self._rows, np.zeros(room - len(self._rows), np.int64)])
            grown = np.empty((room, self.dimension), np.float32)
            grown[: self._count] = self._vectors[: self._count]
            self._vectors = grown
        self._rows[self._count : end] = rows
        self._vectors[self._count : end] = vectors
        self._count = end

    def remove(self, rows: Rows) -> None:
        """Forget *rows*; the vectors behind move up."""
        kept = np.ones(self._count, np.bool_)
        kept[self._at(rows)] = False
        self._rows = self._rows[: self._count][kept]
        self._vectors = self._vectors[: self._count][kept]
        self._count = len(self._rows)

    def take(self, rows: Rows) -> Vectors:
        """Give the vectors (n, d) of *rows* (n,)."""
        return self._vectors[self._at(rows)]

    def search(self, query: Vectors, top_k: int) -> tuple[Rows, Scores]:
        """Find the *top_k* rows nearest to *query* (d,), and all that equal the last one."""
        scores = dot(self._vectors[: self._count], query)
        return best(self._rows[: self._count], scores, top_k)

    def _at(self, rows: Rows) -> Rows:
        return np.searchsorted(self._rows[: self._count], rows)
