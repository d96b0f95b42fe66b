"""Folders whose files are damaged: a second name of each file is enough, and takes no time."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def link(folder: Path, copy: Path) -> None:
    """Make a *copy* of a folder; its files are the same ones until they are damaged."""
    shutil.copytree(folder, copy, copy_function=os.link)


def truncate(path: Path) -> None:
    """Cut the end of a file off."""
    _replace(path, path.read_bytes()[:-100])


def blank(path: Path) -> None:
    """Let a file have its size and no content, as a power cut may leave it."""
    _replace(path, bytes(path.stat().st_size))


def remove(path: Path) -> None:
    """Take a file away."""
    path.unlink()


def _replace(path: Path, data: bytes) -> None:
    """Give the name to another file; the other names keep theirs."""
    path.unlink()
    path.write_bytes(data)
