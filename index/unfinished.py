"""
Files and folders that appear under their name whole or not at all, and what killed processes leave.

What is being made is called <name>.<process>-<random>.tmp. The next process that makes the same, or
looks for it, deletes what belongs to a process that is gone. One that is at it in another container
finds nothing to put in place then, and goes on without.
"""

from __future__ import annotations

import glob
import os
import re
import shutil
import time
from contextlib import suppress
from pathlib import Path

ABANDONED = 3600.0  # seconds after which what nobody can be named for was left by a killed process
SUFFIX = ".tmp"
_MAKER = re.compile(r"\.(\d+)-[^.]*\.tmp")


def unfinished_prefix(name: str) -> str:
    """What *name* is called while this process makes it, before the random part and SUFFIX."""
    return f"{name}.{os.getpid()}-"


def is_abandoned(unfinished: Path) -> bool:
    """Whether nobody goes on with what is half made."""
    maker = _MAKER.search(unfinished.name)
    if maker is not None and os.name == "posix":
        try:
            os.kill(int(maker[1]), 0)  # asks whether it is there
        except ProcessLookupError:
            return True
        except (OSError, OverflowError):  # it is somebody else's
            pass
    try:
        return time.time() - unfinished.stat().st_mtime >= ABANDONED
    except OSError:  # somebody else has just deleted it
        return False


def sweep(folder: Path, name: str) -> None:
    """Delete what killed processes have left of *name* in *folder*, files and folders."""
    with suppress(OSError):
        # SQLite puts files beside its own, whose names go on.
        for unfinished in folder.glob(f"{glob.escape(name)}.*{SUFFIX}*"):
            if is_abandoned(unfinished):
                remove(unfinished)


def remove(path: Path) -> None:
    """Delete a file, or a folder with all that is in it, as far as that can be."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()
