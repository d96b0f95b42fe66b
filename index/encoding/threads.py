"""How many threads numpy's matrix products use: one."""

from __future__ import annotations

from functools import lru_cache

from threadpoolctl import ThreadpoolController


@lru_cache(maxsize=1)
def multiply_in_one_thread() -> None:
    """
    Let each matrix product stay in the thread that asks for it.

    Numpy's OpenBLAS wakes a thread for every core, which spin and wait for each other: on two busy
    cores the products of one question took 45 ms instead of 3, and those of two questions at once
    took turns. FAISS and torch have libraries of their own, which this leaves alone.
    """
    for library in ThreadpoolController().lib_controllers:
        if library.internal_api == "openblas" and "numpy" in library.filepath:
            library.set_num_threads(1)
