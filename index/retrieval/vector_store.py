"""
The vectors of articles by row: compared one by one while they are few, in lists when many.

Several threads may use a store. Searching goes on while lists are made anew.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from index.errors import LibraryError
from index.retrieval.exact_index import ExactRows, Scores, Vectors, best, dot
from index.retrieval.library_files import Reader, Writer
from index.retrieval.row_map import ARTICLES_PER_READ, Candidate, Place, Places, Rows

if TYPE_CHECKING:
    from index.retrieval.ivf_index import AnnRows

# From this many sentences on a question is no longer compared with all of them: that takes 6 ms
# then on a quiet machine, about as long as encoding the question.
ANN_FROM = 50_000
# Lists are made anew when there are this many times the sentences that they were made for. Until
# then they grow longer, and find no less; and each sentence moves a few times only.
GROWTH = 4


class VectorStore:
    """The unit vectors of the sentences of some articles."""

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self.changing = threading.RLock()  # held to add and remove; searching goes on
        self._lock = threading.Lock()  # held for each change and each search
        self._places = Places()
        self._rows: ExactRows | AnnRows = ExactRows(dimension)

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, key: int) -> bool:
        return key in self._places

    @property
    def divided(self) -> bool:
        """Whether the vectors are in lists."""
        return not isinstance(self._rows, ExactRows)

    @property
    def outgrown(self) -> bool:
        """Whether there are so many that lists should be made, or made anew."""
        return len(self) >= (
            ANN_FROM if isinstance(self._rows, ExactRows) else GROWTH * self._rows.trained_for
        )

    def keys(self) -> set[int]:
        """The keys of the articles that are here."""
        return set(self._places.keys())

    def count(self, keys: Iterable[int]) -> int:
        """How many sentences the articles *keys* have here."""
        with self._lock:
            return sum(len(self._places.rows(key)) for key in set(keys))

    def add(self, key: int, vectors: Vectors) -> None:
        """Take the unit *vectors* (n, d) of the article *key* in."""
        with self.changing, self._lock:
            rows = self._places.add(key, len(vectors))
            self._rows.add(np.arange(rows.start, rows.stop), vectors)

    def remove(self, keys: Iterable[int]) -> int:
        """Forget the articles *keys*, and return how many sentences they had."""
        with self.changing, self._lock:
            gone = list(keys)
            rows = self._places.rows_of(gone)
            for key in gone:
                self._places.remove(key)
            self._rows.remove(rows)
        return len(rows)

    def search(self, query: Vectors, top_k: int, keys: Sequence[int] | None) -> list[Candidate]:
        """
        Find the *top_k* sentences nearest to *query* (d,), in any order, and all like the last.

        With *keys* those of these articles only, which are compared one by one, lists or not: few
        of their sentences would be in the lists that are nearest.
        """
        with self._lock:
            if keys is None:
                rows, scores = self._rows.search(query, top_k)
            else:
                rows = self._places.rows_of(keys)
                rows, scores = best(rows, self._scores(rows, query), top_k)
            return [
                self._places.candidate(row, score)
                for row, score in zip(rows.tolist(), scores.tolist(), strict=True)
            ]

    def cosines(self, query: Vectors, places: Sequence[Place]) -> tuple[list[Place], Scores]:
        """Compare *query* (d,) with the sentences at *places* that are here, and say which are."""
        with self._lock:
            rows_of = {key: self._places.rows(key) for key in {key for key, _ in places}}
            known = [(key, at) for key, at in places if 0 <= at < len(rows_of[key])]
            rows = np.array([rows_of[key][at] for key, at in known], np.int64)
            return known, self._scores(rows, query)

    def vectors(self, key: int) -> Vectors:
        """Give the vectors (n, d) of the article *key*, n = 0 without any."""
        with self._lock:
            return self._rows.take(self._places.rows_of([key]))

    def divide_early(self, sample: Vectors, size: int) -> None:
        """
        Make lists for *size* sentences when the first are here, of a *sample* (n, d) of all.

        So a large library is never held in single precision as a whole. Call ``tune`` when all
        are here; until then every list is looked into.
        """
        from index.retrieval import ivf_index

        with self.changing:
            divided = ivf_index.train(sample, size)
            rows = self._places.rows_of(self._places.keys())
            divided.add(rows, self._rows.take(rows))
            with self._lock:
                self._rows = divided

    def tune(self, sample: Vectors) -> None:
        """Look into as few lists as are enough, judged by a *sample* (n, d) of the vectors."""
        from index.retrieval import ivf_index

        if not isinstance(self._rows, ExactRows):
            ivf_index.tune(self._rows, sample)

    def divide(self) -> None:
        """Make new lists of all that is here, while searching goes on without them."""
        from index.retrieval import ivf_index

        with self.changing:
            rows = self._places.rows_of(self._places.keys())
            sample = self._rows.take(ivf_index.choose(rows, ivf_index.count_points(len(rows))))
        divided = ivf_index.train(sample, len(rows))
        done = self._copy(divided)
        ivf_index.tune(divided, sample)
        with self.changing, self._lock:
            rows = self._places.rows_of(self._places.keys())
            divided.remove(np.setdiff1d(done, rows))
            new = np.setdiff1d(rows, done)
            divided.add(new, self._rows.take(new))
            self._rows = divided

    def write(self, file: Writer, stamps: Mapping[int, int]) -> None:
        """Write the lists and their places into a *file*; nobody may change them meanwhile."""
        from index.retrieval import ivf_index

        assert not isinstance(self._rows, ExactRows)  # noqa: S101 (few vectors have no file)
        file.put_places(self._places, stamps)
        ivf_index.write(file, self._rows)

    def _scores(self, rows: Rows, query: Vectors) -> Scores:
        return dot(self._rows.take(rows), query)

    def _copy(self, divided: AnnRows) -> Rows:
        """Add what is here to *divided*, and return its rows."""
        keys = list(self._places.keys())
        done = []
        for start in range(0, len(keys), ARTICLES_PER_READ):
            with self.changing:  # what has gone meanwhile has no rows any more
                rows = self._places.rows_of(keys[start : start + ARTICLES_PER_READ])
                vectors = self._rows.take(rows)
            divided.add(rows, vectors)
            done.append(rows)
        return np.concatenate(done)


def read_store(file: Reader, stamps: Mapping[int, int]) -> VectorStore:
    """
    Read a store from a *file*, without the articles that *stamps* does not know.

    Raises ValueError when it does not fit the library, and what reading raises.
    """
    from index.retrieval import ivf_index

    places, gone = file.get_places(stamps)
    if len(places) - len(places.rows_of(gone)) < ANN_FROM:
        raise ValueError("it has become small, and is searched exactly again")
    rows = ivf_index.read(file)
    if len(rows) != len(places):
        raise ValueError("its lists and its places do not fit together")
    store = VectorStore(rows.dimension)
    store._places, store._rows = places, rows
    store.remove(gone)
    return store


def check_dimension(store: VectorStore, dimension: int) -> None:
    """Raise LibraryError unless the vectors of a library have the *dimension* of all others."""
    if dimension != store.dimension:
        raise LibraryError(
            f"the library holds vectors of {store.dimension} and of {dimension} "
            "dimensions for one model; remove its articles and add them again."
        )
