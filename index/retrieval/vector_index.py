"""
Search over the sentence vectors of one library: exact, and approximate where it is huge.

Everything here is a cache of the database.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.errors import LibraryError
from index.retrieval import vector_rows
from index.retrieval.background import BackgroundJob
from index.retrieval.exact_index import ExactIndex, Vectors, unit
from index.retrieval.index_files import IndexFile, Reader, Writer
from index.retrieval.row_map import ARTICLES_PER_READ, RowMap
from index.retrieval.vector_rows import VectorRows
from index.storage.library import Library

if TYPE_CHECKING:
    from index.retrieval.ivf_index import IvfIndex

# The file of a large library is written again when this share of its sentences has changed, so
# that the next start reads no more than that from the database.
SAVE_SHARE = 0.05


class VectorIndex(VectorRows):
    """
    The vectors that *model* gave to the sentences of *library*, as the last refresh found them.

    Articles without such vectors are not in it. A huge library is clustered into the lists of an
    IVF index, in the background, and kept in a file of the folder *cache* (None: the user's) for
    the next start.
    """

    def __init__(self, library: Library, model: str, cache: Path | None = None) -> None:
        super().__init__()
        self._library, self._model = library, model
        self._file = IndexFile(library, "vectors", cache, lambda: {"model": model})
        self._started = False
        self._unsaved = 0  # sentences that came or went since the file was written
        self._saved_rows = 0  # rows below this one may be in the file
        self._holds_removed = False  # whether the file holds what has been removed
        self._upkeep = BackgroundJob(self._keep_up, "vectors")

    def refresh(self, keys: Sequence[int] | None = None) -> None:
        """
        Follow the library: drop the articles that are gone, append those that are new.

        *keys* are those of its articles, None if they are not known yet. Raises
        LibraryError when the database fails, or holds vectors of different dimensions.
        """
        with self._changing:
            keys = self._library.keys() if keys is None else keys
            if not self._started:
                self._load()
            self._drop(self._row_map.keys() - set(keys))
            self._append([key for key in keys if key not in self._row_map])
            self._started = True
        if self.is_outgrown or self._file_is_due():
            self._upkeep.request()

    def clean_file(self) -> None:
        """Take what is gone from the library out of the file, if there is one, and no more."""
        with self._changing:
            self._load()
            if self._holds_removed:
                self._save()

    def _load(self) -> None:
        """Begin with what an earlier process kept of the library."""
        loaded = self._file.load(self._read)
        with self._lock:
            self._row_map, self._index, gone = loaded or (RowMap(), ExactIndex(0), [])
        self._note_saved()
        self._drop(gone)

    def _read(self, file: Reader) -> tuple[RowMap, IvfIndex, list[int]]:
        """Read a *file*, and which of its articles are gone; raise ValueError if it is no use."""
        from index.retrieval import ivf_index

        row_map, gone = file.get_rows(self._library.stamps())
        if len(row_map) - row_map.count(gone) < vector_rows.IVF_FROM:
            raise ValueError("it has become small, and is searched exactly again")
        index = ivf_index.read(file)
        if len(index) != len(row_map):
            raise ValueError("its lists and its rows do not fit together")
        return row_map, index, gone

    def _drop(self, keys: Collection[int]) -> None:
        if not keys:
            return
        rows = self._remove(keys)
        self._unsaved += len(rows)
        self._holds_removed |= bool((rows < self._saved_rows).any())

    def _append(self, keys: Sequence[int]) -> None:
        """Take in the articles *keys*; lists are made on the way when there are very many."""
        sample = None
        for done in range(0, len(keys), ARTICLES_PER_READ):
            if self.is_outgrown and not self.is_clustered and not self._upkeep.running:
                held, articles = len(self._row_map), len(self._row_map.keys())
                size = held + held * (len(keys) - done) // articles
                if size >= 2 * vector_rows.IVF_FROM:  # else in the background, see _keep_up
                    sample = self._read_sample(keys, size)
                    self._cluster_early(sample, size)
            read = self._library.vectors(keys[done : done + ARTICLES_PER_READ], self._model)
            for key, vectors in read.items():
                self._add(key, vectors)
                self._unsaved += len(vectors)
        if sample is not None:
            self._tune(sample)

    def _read_sample(self, keys: Sequence[int], size: int) -> Vectors:
        """Read unit vectors (n, d) of some of the articles *keys*, to make lists for *size*."""
        from index.retrieval import clustering

        number = min(len(keys), math.ceil(clustering.count_points(size) * len(keys) / size))
        chosen = clustering.choose(np.array(keys), number).tolist()
        parts = [
            unit(vectors)
            for start in range(0, number, ARTICLES_PER_READ)
            for vectors in self._library.vectors(
                chosen[start : start + ARTICLES_PER_READ], self._model
            ).values()
        ]
        return np.concatenate(parts)

    def _file_is_due(self) -> bool:
        changed = self._holds_removed or self._unsaved > SAVE_SHARE * len(self._row_map)
        return self.is_clustered and changed

    def _keep_up(self) -> None:
        """Make the lists and write the file that are due: in the background, as both take long."""
        if self.is_outgrown:
            self._cluster()
            self._unsaved = len(self._row_map)
        with self._changing, suppress(LibraryError):  # then the next change tries again
            if self._file_is_due():
                self._save()

    def _save(self) -> None:
        """Write the file; nobody may change the index meanwhile."""
        from index.retrieval import ivf_index

        index, stamps = self._index, self._library.stamps()
        assert not isinstance(index, ExactIndex)  # noqa: S101 (few vectors have no file)

        def write(file: Writer) -> None:
            file.put_rows(self._row_map, stamps)
            ivf_index.write(file, index)

        self._file.save(self._row_map.keys(), write)
        self._note_saved()

    def _note_saved(self) -> None:
        self._unsaved, self._saved_rows = 0, self._row_map.next_row
        self._holds_removed = False
