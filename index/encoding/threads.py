"""How many threads there may be: the cores of this process, and one for numpy's products."""

from __future__ import annotations

import os
from functools import lru_cache


def available_cores() -> int:
    """How many cores this process may use (a container may allow fewer than there are)."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@lru_cache(maxsize=1)
def multiply_in_one_thread() -> None:
    """
    Let each matrix product stay in the thread that asks for it.

    Numpy's OpenBLAS wakes a thread for every core, which spin and wait for each other: on two busy
    cores the products of one question took 45 ms instead of 3, and those of two questions at once
    took turns. FAISS and torch have libraries of their own, which this leaves alone.
    """
    from threadpoolctl import ThreadpoolController

    for library in ThreadpoolController().lib_controllers:
        if library.internal_api == "openblas" and "numpy" in library.filepath:
            library.set_num_threads(1)
