"""The packaged model, exported once for all processes that run the tests."""

from __future__ import annotations

import fcntl
from functools import cache
from pathlib import Path

from index.encoding.load import load_encoder
from index.encoding.protocol import Encoder


@cache
def packaged_encoder(folder: Path) -> Encoder:
    """
    Load the model as users get it, with its export in *folder*.

    The first caller exports it; callers in other processes wait for that, as an export takes all
    cores.
    """
    with (folder / "exporting.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return load_encoder(cache=folder)
