"""
Files in the user's cache folder that keep what took minutes to make of a large library.

A file belongs to one library of one database. Nothing in it is trusted before it was compared with
that library; one that is damaged, foreign or old is as good as none.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import struct
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.encoding.export_cache import user_cache
from index.retrieval.row_map import Places
from index.storage.library import Library
from index.storage.sqlite import file_of

T = TypeVar("T")
# What a file depends on; it is asked for when there is a file, or will be.
Header = Callable[[], Mapping[str, str]]

FORMAT = 1  # of all files here; those of another one are not read
ABANDONED = 3600.0  # seconds after which a half-written file was left by a process that was killed
_HEADER = "header"

# What reading a file raises that is not whole or no such file: a zip has a checksum of each
# member, its own tables make its reader stumble, and lengths that do not fit are noticed here.
_DAMAGED = (
    OSError, EOFError, KeyError, ValueError, OverflowError, RuntimeError, struct.error,
    zipfile.BadZipFile,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Writer:
    """A file that is being written."""

    archive: zipfile.ZipFile

    def put(self, name: str, array: NDArray[Any]) -> None:
        """Write *array* under *name*."""
        with self.stream(name) as file:
            np.lib.format.write_array(file, np.ascontiguousarray(array), allow_pickle=False)

    def put_places(self, places: Places, stamps: Mapping[int, int]) -> None:
        """Write which article has which rows, and when it was added."""
        keys = list(places.keys())
        spans = [places.rows(key) for key in keys]
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

    def get_places(self, stamps: Mapping[int, int]) -> tuple[Places, list[int]]:
        """
        Read which article has which rows; and which keys name no such article any more.

        A database that was made anew, or is another copy, may give a key to another article, but
        not one that was added in the same microsecond.
        """
        places, added = Places(), self.get("stamps").tolist()
        table = self.get("places").tolist()
        for key, start, count in sorted(table, key=lambda one: one[1]):
            places.add(key, count, start)
        known = {key: stamp for (key, *_), stamp in zip(table, added, strict=True)}
        gone = [key for key, stamp in known.items() if stamps.get(key) != stamp]
        if 2 * len(gone) > len(known):
            raise ValueError("most of its articles are not those of the library")
        return places, gone

    def stream(self, name: str) -> IO[bytes]:
        """Open *name* for reading in pieces."""
        return self.archive.open(name)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the files of one *kind* are: in *folder*, None for the user's cache folder."""

    kind: str
    folder: Path | None = None


def save(library: Library, shelf: Shelf, header: Header, write: Callable[[Writer], None]) -> None:
    """
    Write the file of *library* on the *shelf*, in place of an earlier one, whole or not at all.

    Where no file can be written (a full disk, a database in memory) there is none: the next
    start takes longer, that is all.
    """
    path = _path(library, shelf)
    if path is None:
        return
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path)
        with write_whole(path) as file, zipfile.ZipFile(file, "w") as archive:
            archive.writestr(_HEADER, json.dumps(_whole(header)))
            write(Writer(archive))


@contextmanager
def write_whole(path: Path) -> Iterator[IO[bytes]]:
    """
    Write the file *path*, which appears whole or not at all; raises OSError.

    Nobody else may read it: it says what is in a private chat.
    """
    descriptor, unfinished = tempfile.mkstemp(".tmp", f"{path.name}.", path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        Path(unfinished).replace(path)
    finally:
        with suppress(OSError):  # it has its own name by now, or is not wanted
            Path(unfinished).unlink()


def load(library: Library, shelf: Shelf, header: Header, read: Callable[[Reader], T]) -> T | None:
    """Give what *read* makes of the file; None when there is none that fits."""
    path = _path(library, shelf)
    if path is None or not path.is_file():
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            if json.loads(archive.read(_HEADER)) != _whole(header):
                return None
            return read(Reader(archive))
    except _DAMAGED:
        return None


def _whole(header: Header) -> dict[str, Any]:
    return {"format": FORMAT, **header()}


def _path(library: Library, shelf: Shelf) -> Path | None:
    """Name the file after the database and the chat; None for a database in memory."""
    url = library.engine.url
    place = url.render_as_string(hide_password=True)
    if url.get_backend_name() == "sqlite":
        file = file_of(url)
        if file is None:
            return None
        place = str(file.resolve())
    name = hashlib.sha256(json.dumps([place, library.chat]).encode()).hexdigest()[:32]
    return (shelf.folder or user_cache()) / "libraries" / f"{name}.{shelf.kind}"


def _sweep(path: Path) -> None:
    """Delete what killed processes left half-written beside *path*."""
    for other in path.parent.glob(f"{path.name}.*.tmp"):
        with suppress(OSError):
            if time.time() - other.stat().st_mtime > ABANDONED:
                other.unlink()
