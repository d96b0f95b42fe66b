"""Files in the cache folder that say what articles hold: whole or not there, for nobody else."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from index.unfinished import SUFFIX, unfinished_prefix


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
    descriptor, unfinished = tempfile.mkstemp(
        SUFFIX, unfinished_prefix(path.name), path.parent
    )  # mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        Path(unfinished).replace(path)
    finally:
        with suppress(OSError):  # it has its own name by now, or is not wanted
            Path(unfinished).unlink()
