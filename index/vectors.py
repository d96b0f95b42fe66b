"""
Exact search over the sentence vectors of one library, with FAISS.

Everything here is a cache of the database. Vectors are brought to length 1 when they come in,
questions too, so that every score is a cosine: between -1 and 1, higher is better.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import faiss as faiss_with_stubs
import numpy as np
from numpy.typing import NDArray

from index.errors import LibraryError
from index.library import Library

Vectors = NDArray[np.float32]

# The stubs describe the constructors of C++, not those that Python offers.
faiss: Any = faiss_with_stubs

# Articles whose vectors are read from the database at once: some 10 MB of them, so that those of
# a large library are never held twice.
ARTICLES_PER_READ = 128


@dataclass(frozen=True, slots=True)
class Candidate:
    """The sentence at *position* of the article *key*; *score* is its cosine with the question."""

    key: int
    position: int
    score: float


class VectorIndex:
    """
    The vectors of one library: a row for each sentence, the rows of an article side by side.

    Several threads may use it. Articles without vectors of the model are not in it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state: tuple[Library, int, str] | None = None  # with the revision and the model
        self._index: Any = None  # an IndexFlatIP, once the dimension is known
        self._rows: dict[int, range] = {}  # by article key, in the order of the rows
        self._keys: list[int] = []  # the article of each of ...
        self._starts: list[int] = []  # ... these first rows, which are ascending

    def refresh(self, library: Library, model: str) -> bool:
        """
        Follow *library*: drop the articles that are gone, append those that are new.

        Returns whether there was anything to follow. Raises LibraryError when the database
        fails, or holds vectors of different dimensions.
        """
        with self._lock:
            # The revision is read first: what others change meanwhile is found the next time.
            state = (library, library.revision(), model)
            if state == self._state:
                return False
            if self._state is None or (library, model) != (self._state[0], self._state[2]):
                self._state = None  # should reading fail, the next time starts anew
                self._index, self._rows, self._keys, self._starts = None, {}, [], []
            keys = library.keys()
            self._drop(self._rows.keys() - set(keys))
            self._append(library, [key for key in keys if key not in self._rows], model)
            self._state = state
            return True

    def count(self, keys: Sequence[int] | None = None) -> int:
        """How many sentences there are, in all or in the articles *keys*."""
        with self._lock:
            return self._count(keys)

    def search(
        self, vector: Vectors, top_k: int, keys: Sequence[int] | None = None
    ) -> list[Candidate]:
        """
        Find the *top_k* sentences nearest to *vector* (d,), best first.

        With *keys*, only in these articles, and as exactly. Sentences of the same score come in
        the order of their articles' keys. Raises LibraryError when d is not that of the library.
        """
        with self._lock:
            count = self._count(keys)
            if not count or top_k < 1:
                return []
            if vector.shape != (self._index.d,):
                raise LibraryError(
                    f"the question's vector has the shape {vector.shape} and the library's have "
                    f"{self._index.d} dimensions; encode both with one model."
                )
            parameters = None if keys is None else faiss.SearchParameters(sel=self._select(keys))
            found = self._search(_unit(vector[None, :]), min(top_k, count), count, parameters)
        ranked = sorted(found, key=lambda one: (-one.score, one.key, one.position))
        return ranked[:top_k]

    def cosines(
        self, vector: Vectors, places: Iterable[tuple[int, int]]
    ) -> dict[tuple[int, int], float]:
        """
        Compare *vector* (d,) with the sentences at *places*: (article key, sentence position).

        Places where there is no sentence are absent from what is returned.
        """
        with self._lock:
            known = [
                (key, position)
                for key, position in places
                if 0 <= position < len(self._rows.get(key, ()))
            ]
            if not known:
                return {}
            rows = np.array([self._rows[key][position] for key, position in known], np.int64)
            scores = self._index.reconstruct_batch(rows) @ _unit(vector[None, :])[0]
        return dict(zip(known, scores.tolist(), strict=True))

    def vectors(self, key: int) -> Vectors:
        """Return the vectors (n, d) of the sentences of the article *key*, n = 0 without any."""
        with self._lock:
            rows = self._rows.get(key, range(0))
            if not rows:
                return np.zeros((0, 0), np.float32)
            found: Vectors = self._index.reconstruct_n(rows.start, len(rows))
            return found

    def _search(
        self, query: Vectors, top_k: int, count: int, parameters: object
    ) -> list[Candidate]:
        """Find the *top_k* best of *count* rows, and all that share the score of the last one."""
        fetch = min(top_k + 1, count)
        with _one_thread():
            scores, rows = self._index.search(query, fetch, params=parameters)
            while fetch < count and scores[0, -1] == scores[0, top_k - 1]:
                fetch = min(2 * fetch, count)
                scores, rows = self._index.search(query, fetch, params=parameters)
        return [
            self._candidate(int(row), float(score))
            for row, score in zip(rows[0], scores[0], strict=True)
        ]

    def _candidate(self, row: int, score: float) -> Candidate:
        article = bisect_right(self._starts, row) - 1
        return Candidate(self._keys[article], row - self._starts[article], score)

    def _count(self, keys: Sequence[int] | None) -> int:
        if keys is None:
            return sum(map(len, self._rows.values()))
        return sum(len(self._rows[key]) for key in set(keys) if key in self._rows)

    def _select(self, keys: Iterable[int]) -> Any:  # noqa: ANN401 (FAISS has no types)
        """What tells FAISS to look at the rows of the articles *keys* only."""
        chosen = np.zeros(self._index.ntotal, dtype=np.bool_)
        for key in keys:
            rows = self._rows.get(key, range(0))
            chosen[rows.start : rows.stop] = True
        return faiss.IDSelectorBitmap(np.packbits(chosen, bitorder="little"))

    def _append(self, library: Library, keys: Sequence[int], model: str) -> None:
        for start in range(0, len(keys), ARTICLES_PER_READ):
            some = library.vectors(keys[start : start + ARTICLES_PER_READ], model)
            for key, vectors in some.items():
                self._append_one(key, vectors)

    def _append_one(self, key: int, vectors: Vectors) -> None:
        if self._index is None:
            self._index = faiss.IndexFlatIP(vectors.shape[1])
        if vectors.shape[1] != self._index.d:
            raise LibraryError(
                f"the library holds vectors of {self._index.d} and of {vectors.shape[1]} "
                "dimensions for one model; remove its articles and add them again."
            )
        first = self._index.ntotal
        self._index.add(_unit(vectors))
        self._note(key, range(first, self._index.ntotal))

    def _drop(self, keys: Iterable[int]) -> None:
        gone = set(keys)
        if not gone:
            return
        self._index.remove_ids(self._select(gone))  # the rows behind move up
        kept = [(key, len(rows)) for key, rows in self._rows.items() if key not in gone]
        self._rows, self._keys, self._starts = {}, [], []
        first = 0
        for key, count in kept:
            self._note(key, range(first, first + count))
            first += count

    def _note(self, key: int, rows: range) -> None:
        self._rows[key] = rows
        self._keys.append(key)
        self._starts.append(rows.start)


@contextmanager
def _one_thread() -> Iterator[None]:
    """
    Let FAISS search alone: its threads and torch's would fight for the cores.

    100,000 sentences take one thread 5 ms. The number belongs to the calling thread, and torch
    reads it too: left at one, encoding would slow down.
    """
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(threads)


def _unit(vectors: Vectors) -> Vectors:
    """*vectors* (n, d) at length 1; those of length 0 stay, and score 0 with everything."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return unit
