"""
Files in the user's cache folder that keep the indexes of large libraries for the next start.

A file belongs to one library of one database. Nothing in it is trusted before it was compared with
that library; one that is damaged, foreign or old is as good as none.
"""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.encoding.export_cache import user_cache
from index.retrieval.private_files import make_private, write_whole
from index.retrieval.row_map import RowMap
from index.storage.engine import lasting_name
from index.storage.library import Library
from index.unfinished import SUFFIX, remove, sweep

T = TypeVar("T")
# What a file depends on; it is asked for when there is a file, or will be.
Header = Callable[[], Mapping[str, str]]

FORMAT = 1  # of all files here; those of another one are not read
_HEADER = "header"

# What reading a file raises that is not whole or no such file: a zip has a checksum of each
# member, its own tables make its reader stumble, and lengths that do not fit are noticed here.
_DAMAGED = (
    OSError, EOFError, KeyError, ValueError, OverflowError, RuntimeError, struct.error,
    zipfile.BadZipFile,
    zlib.error,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Writer:
    """A file that is being written."""

    archive: zipfile.ZipFile

    def put(self, name: str, array: NDArray[Any]) -> None:
        """Write *array* under *name*."""
        with self.stream(name) as file:
            np.lib.format.write_array(file, np.ascontiguousarray(array), allow_pickle=False)

    def put_rows(self, row_map: RowMap, stamps: Mapping[int, int]) -> None:
        """Write which article has which rows, and when it was added."""
        keys = list(row_map.keys())
        spans = [row_map.rows(key) for key in keys]
        table = [[key, rows.start, len(rows)] for key, rows in zip(keys, spans, strict=True)]
        self.put("places", np.array(table, np.int64).reshape(-1, 3))
        self.put("stamps", np.array([stamps.get(key, -1) for key in keys], np.int64))

    def stream(self, name: str) -> IO[bytes]:
        """Open *name* for more bytes than should be held twice."""
        return self.archive.open(name, "w", force_zip64=True)


@dataclass(frozen=True, slots=True)
class Reader:
    """A file that is being read."""

    archive: zipfile.ZipFile

    def get(self, name: str) -> NDArray[Any]:
        """Read the array *name*."""
        whole = io.BytesIO(self.archive.read(name))  # the checksum is right, or this has failed
        array: NDArray[Any] = np.lib.format.read_array(whole, allow_pickle=False)
        return array

    def get_rows(self, stamps: Mapping[int, int]) -> tuple[RowMap, list[int]]:
        """
        Read which article has which rows; and which keys name no such article any more.

        A database that was made anew, or is another copy, may give a key to another article, but
        not one that was added in the same microsecond. Raises ValueError when most are gone.
        """
        row_map, added = RowMap(), self.get("stamps").tolist()
        table = self.get("places").tolist()
        for key, start, count in sorted(table, key=lambda line: line[1]):
            row_map.add(key, count, start)
        known = {key: stamp for (key, *_), stamp in zip(table, added, strict=True)}
        gone = [key for key, stamp in known.items() if stamps.get(key) != stamp]
        if 2 * len(gone) > len(known):
            raise ValueError("most of its articles are not those of the library")
        return row_map, gone

    def stream(self, name: str) -> IO[bytes]:
        """Open *name* for reading in pieces."""
        return self.archive.open(name)


class IndexFile:
    """
    The file of one *kind* of index of a *library*, in the folder *cache* (None: the user's).

    A database in memory has none.
    """

    def __init__(self, library: Library, kind: str, cache: Path | None, header: Header) -> None:
        name = lasting_name(library.engine, library.chat)
        folder = (cache or user_cache()) / "libraries"
        self._path = None if name is None else folder / f"{name}.{kind}"
        self._library, self._header = library, header

    def save(self, keys: Collection[int], write: Callable[[Writer], None]) -> None:
        """
        Write the file, of the articles *keys*, in place of an earlier one: whole or not at all.

        Where it cannot be written (a full disk) there is none, not even the earlier one, which
        may hold what has been removed: the next start takes longer, that is all. Nor is there one
        when an article was removed meanwhile: who removed it has looked at the file before.
        """
        if self._path is None:
            return
        try:
            make_private(self._path.parent)
            sweep(self._path.parent, self._path.name)
            with write_whole(self._path) as file, zipfile.ZipFile(file, "w") as archive:
                archive.writestr(_HEADER, json.dumps(self._expected()))
                write(Writer(archive))
            if not set(keys) <= set(self._library.keys()):
                self.delete()
        except OSError:
            self.delete()

    def load(self, read: Callable[[Reader], T]) -> T | None:
        """Give what *read* makes of the file; None when none fits, and then none is left."""
        if self._path is None:
            return None
        sweep(self._path.parent, self._path.name)
        if not self._path.is_file():
            return None
        try:
            with zipfile.ZipFile(self._path) as archive:
                if json.loads(archive.read(_HEADER)) == self._expected():
                    return read(Reader(archive))
        except _DAMAGED:
            pass
        self.delete()  # who does not read it could not take out of it what is removed
        return None

    def delete(self) -> None:
        """Delete the file, if there is one."""
        if self._path is not None:
            with suppress(OSError):
                self._path.unlink()

    def discard_unfinished(self) -> None:
        """
        Delete what is half written, of killed processes and of those that are at it.

        The latter find nothing to put in place then, and go on without a file.
        """
        if self._path is not None:
            for unfinished in self._path.parent.glob(f"{self._path.name}.*{SUFFIX}"):
                remove(unfinished)

    def stored_header(self) -> Mapping[str, str]:
        """What the file was made with; nothing when there is no file that can be read."""
        try:
            with zipfile.ZipFile(self._path or "") as archive:
                return dict(json.loads(archive.read(_HEADER)))
        except (*_DAMAGED, TypeError):
            return {}

    def _expected(self) -> dict[str, Any]:
        return {"format": FORMAT, **self._header()}
