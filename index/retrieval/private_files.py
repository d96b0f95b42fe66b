"""
Files in the cache folder that hold what articles say: whole or not there, and for nobody else.

They are named after their library, so that what is kept of one can be found again.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from index.storage.library import Library
from index.storage.sqlite import file_of


def name_of(library: Library) -> str | None:
    """
    Name a library after its database and its chat; None when the database is in memory.

    What is asked in memory is not meant to last.
    """
    url = library.engine.url
    place = url.render_as_string(hide_password=True)
    if url.get_backend_name() == "sqlite":
        file = file_of(url)
        if file is None:
            return None
        place = str(file.resolve())
    return hashlib.sha256(json.dumps([place, library.chat]).encode()).hexdigest()[:32]


def make_private(folder: Path) -> None:
    """Make *folder*, where it is not there, and keep all others out of it; raise OSError."""
    folder.mkdir(0o700, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077:  # an earlier version made it
        folder.chmod(0o700)


@contextmanager
def write_whole(path: Path) -> Iterator[IO[bytes]]:
    """
    Write the file *path*, which appears whole or not at all; raises OSError.

    Nobody else may read it: it says what is in a private chat.
    """
    descriptor, unfinished = tempfile.mkstemp(".tmp", f"{path.name}.", path.parent)  # mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        Path(unfinished).replace(path)
    finally:
        with suppress(OSError):  # it has its own name by now, or is not wanted
            Path(unfinished).unlink()
