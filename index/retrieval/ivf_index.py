"""
Sentence vectors in lists of neighbours, for libraries that are themselves huge.

A question is compared with the vectors of the nearest lists only (FAISS, IVF), so that a few of the
true neighbours are missed. The vectors are held in half precision: half the memory, and cosines
that are off by less than 1e-4. Eight bits a number would halve it again and be no faster,
but cost .004 to .008 of recall@50, and cosines would be off by up to .0024.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import faiss as faiss_with_stubs
import numpy as np
from numpy.typing import NDArray

from index.retrieval.exact_index import Scores, Vectors, best
from index.retrieval.index_files import Reader, Writer
from index.retrieval.row_map import Rows

# The stubs describe the constructors of C++, not those that Python offers.
faiss: Any = faiss_with_stubs


class IvfIndex:
    """Unit vectors by row, each in the list whose centroid is nearest to it."""

    def __init__(self, centroids: Vectors, *, trained_for: int, probes: int | None = None) -> None:
        lists, self.dimension = centroids.shape
        self.trained_for = trained_for  # how many rows the lists were made for
        self.centroids = centroids
        self._quantizer = faiss.IndexFlatIP(self.dimension)
        self._quantizer.add(centroids)
        self._index = faiss.IndexIVFScalarQuantizer(
            self._quantizer,
            self.dimension,
            lists,
            faiss.ScalarQuantizer.QT_fp16,
            faiss.METRIC_INNER_PRODUCT,
            False,  # the vectors themselves, not how they differ from the centroids
        )
        self._index.is_trained = True  # half precision has nothing to learn
        self._index.set_direct_map_type(faiss.DirectMap.Hashtable)  # finds and removes by row
        self.probes = probes or lists  # until it is known how many are enough

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def probes(self) -> int:
        """How many lists a question looks into."""
        return int(self._index.nprobe)

    @probes.setter
    def probes(self, number: int) -> None:
        self._index.nprobe = number

    def add(self, rows: Rows, vectors: Vectors) -> None:
        """Append *vectors* (n, d) as *rows* (n,) to their lists."""
        with one_thread():
            self._index.add_with_ids(vectors, rows)

    def remove(self, rows: Rows) -> None:
        """Take *rows* out of their lists."""
        # Only this selector, of all, is served by the table of rows instead of reading all lists.
        self._index.remove_ids(faiss.IDSelectorArray(np.ascontiguousarray(rows, np.int64)))

    def take(self, rows: Rows) -> Vectors:
        """Give the vectors (n, d) of *rows* (n,)."""
        vectors: Vectors = self._index.reconstruct_batch(np.ascontiguousarray(rows, np.int64))
        return vectors

    def search(self, query: Vectors, top_k: int) -> tuple[Rows, Scores]:
        """Find the *top_k* rows nearest to *query* (d,), and all that equal the last one."""
        fetch = min(top_k + 1, len(self))
        with one_thread():
            scores, rows = self._index.search(query[None], fetch)
            while fetch < len(self) and rows[0, -1] >= 0 and scores[0, -1] == scores[0, top_k - 1]:
                fetch = min(2 * fetch, len(self))
                scores, rows = self._index.search(query[None], fetch)
        found = rows[0] >= 0  # the lists may have held fewer
        return best(rows[0][found], scores[0][found], top_k)

    def lists(self) -> Iterator[tuple[Rows, NDArray[np.uint8]]]:
        """The rows (n,) and the half-precision vectors (n, bytes) of each list, not to keep."""
        held = self._index.invlists
        for number in range(self._index.nlist):
            size = held.list_size(number)
            if size:
                rows = faiss.rev_swig_ptr(held.get_ids(number), size)
                codes = faiss.rev_swig_ptr(held.get_codes(number), size * held.code_size)
                yield rows, codes.reshape(size, held.code_size)
            else:
                yield np.zeros(0, np.int64), np.zeros((0, held.code_size), np.uint8)

    def fill(self, sizes: NDArray[np.int64], rows: IO[bytes], codes: IO[bytes]) -> None:
        """Read the lists, of *sizes*, as they come from ``lists``, into this empty index."""
        held = self._index.invlists
        for number, size in enumerate(sizes.tolist()):
            if size:
                its_rows = np.frombuffer(rows.read(8 * size), "<i8", size)
                code = np.frombuffer(codes.read(held.code_size * size), np.uint8)
                held.add_entries(number, size, faiss.swig_ptr(its_rows), faiss.swig_ptr(code))
        self._index.ntotal = int(sizes.sum())
        self._index.set_direct_map_type(
            faiss.DirectMap.NoMap
        )  # else it takes itself for up to date
        self._index.set_direct_map_type(faiss.DirectMap.Hashtable)


def write(file: Writer, index: IvfIndex) -> None:
    """Write *index* into a file, list by list."""
    file.put("numbers", np.array([index.trained_for, index.probes], np.int64))
    file.put("centroids", index.centroids)
    file.put("sizes", np.array([len(rows) for rows, _ in index.lists()], np.int64))
    with file.stream("rows") as stream:
        for rows, _ in index.lists():
            stream.write(rows.astype("<i8").tobytes())
    with file.stream("codes") as stream:
        for _, codes in index.lists():
            stream.write(codes.tobytes())


def read(file: Reader) -> IvfIndex:
    """Read what ``write`` has written; raise what is raised when that is not whole."""
    trained_for, probes = file.get("numbers").tolist()
    index = IvfIndex(file.get("centroids"), trained_for=trained_for, probes=probes)
    with file.stream("rows") as rows, file.stream("codes") as codes:
        index.fill(file.get("sizes"), rows, codes)
    return index


@contextmanager
def one_thread() -> Iterator[None]:
    """
    Let FAISS work alone: its threads and those of the encoder would fight for the cores.

    The number belongs to the calling thread, and torch reads it too: left at one, encoding would
    slow down.
    """
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(threads)
