"""Whether a library has changed since it was looked at last, asked thousands of times a day."""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Callable
from pathlib import Path

from index.storage.library import Library
from index.storage.sqlite import file_of

FileVersion = tuple[int, int, int]  # device and inode of the file, and SQLite's version of it


class ChangeWatch:
    """
    The revision of *library*, read from the database only when something was committed there.

    SQLite tells an open connection at once whether another one has committed since
    (https://sqlite.org/pragma.html#pragma_data_version): 10 µs, where opening the file to read a
    row takes a millisecond. Any other database, and a file that cannot be watched, is read each
    time. Several threads may use it.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        sqlite = library.engine.url.get_backend_name() == "sqlite"
        self._file = file_of(library.engine.url) if sqlite else None
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._close: Callable[[], object] | None = None  # also called when this object goes
        self._seen: FileVersion | None = None  # when the revision was read
        self._revision = 0

    def revision(self) -> int:
        """The revision of the library; raises LibraryError when the database fails."""
        with self._lock:
            # Looked at before the revision is read: what is committed in between is seen next time.
            version = self._file_version()
            if version is None or version != self._seen:
                self._seen = None  # should reading fail
                self._revision = self._library.revision()
                self._seen = version
            return self._revision

    def _file_version(self) -> FileVersion | None:
        """The version of the file, None when that is not to be had."""
        if self._file is None:
            return None
        try:
            status = self._file.stat()
            file_id = (status.st_dev, status.st_ino)
            if self._connection is None or self._seen is None or self._seen[:2] != file_id:
                self._connection = self._open(self._file)
            (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        except (OSError, sqlite3.Error):  # whoever reads the revision finds out what is wrong
            return None
        return (*file_id, version)

    def _open(self, file: Path) -> sqlite3.Connection:
        """Open *file* in the place of the one before."""
        if self._close is not None:
            self._close()
        # Neither makes the file nor waits for a lock.
        uri = f"{file.absolute().as_uri()}?mode=rw"
        connection = sqlite3.connect(uri, uri=True, timeout=0, check_same_thread=False)
        self._close = weakref.finalize(self, connection.close)
        return connection
