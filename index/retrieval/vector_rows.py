"""
The sentence vectors of articles, by row: compared one by one while few, in lists when many.

Vectors are brought to length 1 when they come in, and questions are, as an encoder makes them, so
that every score is a cosine: between -1 and 1, higher is better.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from index.errors import LibraryError
from index.retrieval.exact_index import ExactIndex, Scores, Vectors, best, dot, unit
from index.retrieval.row_map import ARTICLES_PER_READ, RowMap, Rows, ScoredSentence, SentenceKey

if TYPE_CHECKING:
    from index.retrieval.ivf_index import IvfIndex

# From this many sentences on a question is no longer compared with all of them: that takes 6 ms
# then on a quiet machine, about as long as encoding the question.
IVF_FROM = 50_000
# Lists are made anew when there are this many times the sentences that they were made for. Until
# then they grow longer, and find no less; and each sentence moves a few times only.
GROWTH = 4


class VectorRows:
    """
    The vectors of the sentences of some articles, all of one dimension.

    Several threads may use them; searching goes on while lists are made. Whoever adds and removes
    articles (index.retrieval.vector_index) holds ``_changing`` for it.
    """

    def __init__(self) -> None:
        self._changing = threading.RLock()  # held to add and to remove
        self._lock = threading.Lock()  # held for each change and each search
        self._row_map = RowMap()
        self._index: ExactIndex | IvfIndex = ExactIndex(0)  # until the dimension is known

    @property
    def is_clustered(self) -> bool:
        """Whether the vectors are in lists."""
        return not isinstance(self._index, ExactIndex)

    @property
    def is_outgrown(self) -> bool:
        """Whether there are so many that lists should be made, or made anew."""
        if isinstance(self._index, ExactIndex):
            return len(self._row_map) >= IVF_FROM
        return len(self._row_map) >= GROWTH * self._index.trained_for

    def count(self, keys: Collection[int] | None = None) -> int:
        """How many sentences there are, in all or in the articles *keys*."""
        with self._lock:
            return self._row_map.count(keys)

    def search(
        self, vector: Vectors, top_k: int, keys: Collection[int] | None = None
    ) -> list[ScoredSentence]:
        """
        Find the *top_k* sentences nearest to the unit *vector* (d,), best first.

        With *keys*, only in these articles, which are compared one by one, lists or not: few of
        their sentences would be in the lists that are nearest. Sentences of the same score come in
        the order of their articles' keys. Raises LibraryError when d is not that of the library.
        """
        with self._lock:
            if top_k < 1 or not self._row_map.count(keys):
                return []
            if vector.shape != (self._index.dimension,):
                raise LibraryError(
                    f"the question's vector has the shape {vector.shape} and the library's have "
                    f"{self._index.dimension} dimensions; encode both with one model."
                )
            if keys is None:
                rows, scores = self._index.search(vector, top_k)
            else:
                rows = self._row_map.rows_of(keys)
                rows, scores = best(rows, dot(self._index.take(rows), vector), top_k)
            found = [*map(self._row_map.sentence, rows.tolist(), scores.tolist())]
        return sorted(found, key=lambda hit: (-hit.score, hit.key, hit.position))[:top_k]

    def cosines(
        self, vector: Vectors, sentences: Sequence[SentenceKey]
    ) -> tuple[list[SentenceKey], Scores]:
        """
        Compare the unit *vector* (d,) with *sentences*.

        Returns the n of them that are here, in their order, and the cosines (n,).
        """
        with self._lock:
            rows_of = {key: self._row_map.rows(key) for key in {key for key, _ in sentences}}
            known = [(key, at) for key, at in sentences if 0 <= at < len(rows_of[key])]
            if not known:
                return [], np.zeros(0, np.float32)
            rows = np.array([rows_of[key][at] for key, at in known], np.int64)
            return known, dot(self._index.take(rows), vector)

    def vectors(self, key: int) -> Vectors:
        """Return the vectors (n, d) of the sentences of the article *key*, n = 0 without any."""
        with self._lock:
            return self._index.take(self._row_map.rows_of([key]))

    def _add(self, key: int, vectors: Vectors) -> None:
        """Take in the *vectors* (n, d) of the article *key*; raise LibraryError for another d."""
        count, dimension = vectors.shape
        with self._lock:
            if dimension != self._index.dimension:
                if len(self._index):
                    raise LibraryError(
                        f"the library holds vectors of {self._index.dimension} and of {dimension} "
                        "dimensions for one model; remove its articles and add them again."
                    )
                self._index = ExactIndex(dimension)
            rows = self._row_map.add(key, count)
            self._index.add(np.arange(rows.start, rows.stop), unit(vectors))

    def _remove(self, keys: Collection[int]) -> Rows:
        """Forget the articles *keys*, and return the rows (n,) that they had, ascending."""
        with self._lock:
            rows = self._row_map.rows_of(keys)
            for key in keys:
                self._row_map.remove(key)
            self._index.remove(rows)
        return rows

    def _cluster_early(self, sample: Vectors, size: int) -> None:
        """
        Make lists for *size* sentences when the first are here, of a *sample* (n, d) of all.

        So a large library is never held in single precision as a whole. They are to be tuned when
        all are here; until then every list is looked into.
        """
        from index.retrieval import clustering

        clustered = clustering.train(sample, size)
        for rows, vectors in self._pieces():
            clustered.add(rows, vectors)
        with self._lock:
            self._index = clustered

    def _tune(self, sample: Vectors) -> None:
        """Look into as few lists as are enough, judged by a *sample* (n, d) of the vectors."""
        from index.retrieval import clustering

        if not isinstance(self._index, ExactIndex):
            clustering.tune(self._index, sample)

    def _cluster(self) -> None:
        """Make new lists of all that is here, while searching and changing go on."""
        from index.retrieval import clustering

        with self._changing:
            rows = self._row_map.rows_of(self._row_map.keys())
            chosen = clustering.choose(rows, clustering.count_points(len(rows)))
            sample = self._index.take(chosen)
        clustered = clustering.train(sample, len(rows))
        done = []
        for rows, vectors in self._pieces():
            clustered.add(rows, vectors)
            done.append(rows)
        clustering.tune(clustered, sample)
        with self._changing, self._lock:  # what came and went meanwhile
            before, rows = np.concatenate(done), self._row_map.rows_of(self._row_map.keys())
            clustered.remove(np.setdiff1d(before, rows))
            new = np.setdiff1d(rows, before)
            clustered.add(new, self._index.take(new))
            self._index = clustered

    def _pieces(self) -> Iterator[tuple[Rows, Vectors]]:
        """All rows (n,) with their vectors (n, d), those of some articles at a time."""
        keys = list(self._row_map.keys())
        for start in range(0, len(keys), ARTICLES_PER_READ):
            with self._changing:  # what has gone meanwhile has no rows any more
                rows = self._row_map.rows_of(keys[start : start + ARTICLES_PER_READ])
                vectors = self._index.take(rows)
            yield rows, vectors
