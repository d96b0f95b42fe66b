"""
Search over the sentence vectors of one library: exact, and approximate where it is huge.

Everything here is a cache of the database. Vectors are brought to length 1 when they come in, and
questions are, as an encoder makes them, so that every score is a cosine: between -1 and 1, higher
is better.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np

from index.errors import LibraryError
from index.retrieval import library_files, vector_store
from index.retrieval.exact_index import Scores, Vectors, unit
from index.retrieval.row_map import ARTICLES_PER_READ, Candidate, Place
from index.retrieval.vector_store import VectorStore
from index.storage.library import Library

__all__ = ["Candidate", "VectorIndex", "Vectors"]

# The file of a large library is written again when this share of its sentences has changed, so
# that the next start reads no more than that from the database.
SAVE_SHARE = 0.05


class _State(NamedTuple):
    """What the index is up to date with."""

    library: Library
    revision: int
    model: str


class VectorIndex:
    """
    The vectors of one library.

    Several threads may use it. Articles without vectors of the model are not in it. A huge library
    is divided into lists, in the background, and kept in a file of the folder *cache* (None: the
    user's) for the next start.
    """

    def __init__(self, cache: Path | None = None) -> None:
        self._shelf = library_files.Shelf("vectors", cache)
        self._following = threading.Lock()
        self._state: _State | None = None
        self._store: VectorStore | None = None  # once the dimension is known
        self._unsaved = 0  # sentences that came or went since the file was written
        self._worker: threading.Thread | None = None

    def refresh(self, library: Library, model: str) -> bool:
        """
        Follow *library*: drop the articles that are gone, append those that are new.

        Returns whether there was anything to follow. Raises LibraryError when the database
        fails, or holds vectors of different dimensions.
        """
        with self._following:
            # The revision is read first: what others change meanwhile is found the next time.
            state = _State(library, library.revision(), model)
            if state == self._state:
                return False
            if self._state is None or (library, model) != (self._state.library, self._state.model):
                self._state = None  # should reading fail, the next time starts anew
                self._start(library, model)
            keys = library.keys()
            if self._store is not None:
                self._unsaved += self._store.remove(self._store.keys() - set(keys))
            self._append(library, [key for key in keys if not self._holds(key)], model)
            self._state = state
            self._tend(state)
            return True

    def settle(self) -> None:
        """Wait until what is done in the background is done."""
        if self._worker is not None:
            self._worker.join()

    def count(self, keys: Sequence[int] | None = None) -> int:
        """How many sentences there are, in all or in the articles *keys*."""
        if self._store is None:
            return 0
        return len(self._store) if keys is None else self._store.count(keys)

    def search(
        self, vector: Vectors, top_k: int, keys: Sequence[int] | None = None
    ) -> list[Candidate]:
        """
        Find the *top_k* sentences nearest to the unit *vector* (d,), best first.

        With *keys*, only in these articles, and exactly. Sentences of the same score come in the
        order of their articles' keys. Raises LibraryError when d is not that of the library.
        """
        if self._store is None or top_k < 1 or not self.count(keys):
            return []
        if vector.shape != (self._store.dimension,):
            raise LibraryError(
                f"the question's vector has the shape {vector.shape} and the library's have "
                f"{self._store.dimension} dimensions; encode both with one model."
            )
        found = self._store.search(vector, top_k, keys)
        return sorted(found, key=lambda one: (-one.score, one.key, one.position))[:top_k]

    def cosines(self, vector: Vectors, places: Sequence[Place]) -> tuple[list[Place], Scores]:
        """
        Compare the unit *vector* (d,) with the sentences at *places*.

        Returns the n places where there is a sentence, in their order, and the cosines (n,).
        """
        if self._store is None:
            return [], np.zeros(0, np.float32)
        return self._store.cosines(vector, places)

    def vectors(self, key: int) -> Vectors:
        """Return the vectors (n, d) of the sentences of the article *key*, n = 0 without any."""
        return np.zeros((0, 0), np.float32) if self._store is None else self._store.vectors(key)

    def _holds(self, key: int) -> bool:
        return self._store is not None and key in self._store

    def _start(self, library: Library, model: str) -> None:
        """Begin anew, with what an earlier process kept of *library*."""
        self._unsaved = 0
        self._store = library_files.load(
            library,
            self._shelf,
            lambda: {"model": model},
            lambda file: vector_store.read_store(file, library.stamps()),
        )

    def _append(self, library: Library, keys: Sequence[int], model: str) -> None:
        """Take in the articles *keys*; lists are made on the way when there are very many."""
        sample = None
        for done in range(0, len(keys), ARTICLES_PER_READ):
            store = self._store
            if store is not None and not store.divided and store.outgrown and not self._busy():
                size = len(store) + len(store) * (len(keys) - done) // len(store.keys())
                if size >= 2 * vector_store.ANN_FROM:  # else in the background, see _tend
                    sample = read_sample(library, keys, model, size)
                    store.divide_early(sample, size)
            some = library.vectors(keys[done : done + ARTICLES_PER_READ], model)
            for key, vectors in some.items():
                self._append_one(key, vectors)
        if sample is not None and self._store is not None:
            self._store.tune(sample)

    def _append_one(self, key: int, vectors: Vectors) -> None:
        if self._store is None:
            self._store = VectorStore(vectors.shape[1])
        vector_store.check_dimension(self._store, vectors.shape[1])
        self._store.add(key, unit(vectors))
        self._unsaved += len(vectors)

    def _busy(self) -> bool:
        return self._worker is not None and self._worker.is_alive()

    def _tend(self, state: _State) -> None:
        """Begin in the background what is due: lists of what has grown, a file of what changed."""
        store = self._store
        if store is None or self._busy():
            return
        if store.outgrown or self._file_due(store):
            # No daemon: a command that is done waits for it, and the next one starts with its file.
            self._worker = threading.Thread(target=self._work, args=(store, state), name="vectors")
            self._worker.start()

    def _work(self, store: VectorStore, state: _State) -> None:
        if store.outgrown:
            store.divide()
            self._unsaved = len(store)
        with store.changing, suppress(LibraryError):  # then the next change tries again
            if self._file_due(store):
                stamps = state.library.stamps()
                library_files.save(
                    state.library,
                    self._shelf,
                    lambda: {"model": state.model},
                    lambda file: store.write(file, stamps),
                )
                self._unsaved = 0

    def _file_due(self, store: VectorStore) -> bool:
        return store.divided and self._unsaved > SAVE_SHARE * len(store)


def read_sample(library: Library, keys: Sequence[int], model: str, size: int) -> Vectors:
    """Read unit vectors (n, d) of some of the articles *keys*, to make lists for *size* of them."""
    from index.retrieval import ivf_index

    number = min(len(keys), math.ceil(ivf_index.count_points(size) * len(keys) / size))
    chosen = ivf_index.choose(np.array(keys), number).tolist()
    parts = [
        unit(vectors)
        for start in range(0, number, ARTICLES_PER_READ)
        for vectors in library.vectors(chosen[start : start + ARTICLES_PER_READ], model).values()
    ]
    return np.concatenate(parts)
