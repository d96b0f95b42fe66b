"""The packaged model and its reader, exported once for all processes that run the tests."""

from __future__ import annotations

import fcntl
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from index.encoding.load import load_encoder
from index.encoding.protocol import Encoder
from index.reading.onnx_reader import OnnxReader
from index.reading.packaged_reader import load_packaged_reader


@cache
def packaged_encoder(folder: Path) -> Encoder:
    """
    Load the model as users get it, with its export in *folder*.

    The first caller exports it; callers in other processes wait for that, as an export takes all
    cores.
    """
    with (folder / "exporting.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with ThreadPoolExecutor() as pool:  # two exports at once, of a process each
            reading = pool.submit(packaged_reader, folder)
            encoder = load_encoder(cache=folder)
            reading.result()
    return encoder


@cache
def packaged_reader(folder: Path) -> OnnxReader:
    """Load the reader as users get it, with its export in *folder*."""
    reader = load_packaged_reader("fp32", folder, print)
    assert reader is not None, "the packaged reader cannot be exported"
    return reader
