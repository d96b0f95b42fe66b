"""The packaged model and its reader, exported once for all processes that run the tests."""

from __future__ import annotations

import fcntl
import shutil
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from traced_console import Home, run_traced

from index.encoding.export_cache import EXPORTS_FOLDER
from index.encoding.load import load_encoder
from index.encoding.protocol import Encoder
from index.reading.onnx_reader import OnnxReader
from index.reading.packaged_reader import load_packaged_reader

NEW_USER = "new user"  # the home of one whose first start exports the model for all tests


@cache
def packaged_encoder(folder: Path) -> Encoder:
    """
    Load the model as users get it, with its export in *folder*.

    The first caller exports it; callers in other processes wait for that, as an export takes all
    cores.
    """
    with (folder / "exporting.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / NEW_USER).exists() and not (folder / EXPORTS_FOLDER).exists():
            start_first(Home(folder / NEW_USER), folder)
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


def start_first(home: Home, folder: Path) -> None:
    """
    Let somebody new ask, and give all tests in *folder* what that has exported.

    Where its calls are to be looked at they are seen, since an export for that alone takes long.
    """
    home.make()
    run_traced(home, ["what conditions did the US set?"], 0)
    for name in (EXPORTS_FOLDER, "identities"):
        shutil.copytree(home.cache / name, folder / name, dirs_exist_ok=True)
