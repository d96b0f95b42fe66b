"""
Whether an article was learnt from: what a reader has seen does not judge it.

Of every text that the packaged reader learnt from, the package keeps the SMALLEST hashes of its
runs of RUN words. An article that holds such a text has these runs too, whatever stands around it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import reading

LEARNT_FILE = Path(reading.__file__).with_name("learnt_texts.npy")
RUN = 12  # words; shorter ones are shared by texts that have nothing to do with each other
SMALLEST = 4  # hashes of a text: 32 bytes

Hashes = NDArray[np.uint64]


def hash_runs(text: str) -> Iterator[int]:
    """A hash of 64 bits of each run of RUN words, in lower case."""
    words = re.findall(r"\w+", text.lower())
    for start in range(len(words) - RUN + 1):
        run = " ".join(words[start : start + RUN]).encode()
        yield int.from_bytes(hashlib.blake2b(run, digest_size=8).digest(), "little")


def sketch_texts(texts: Iterable[str]) -> Hashes:
    """The hashes by which *texts* are known again, sorted (k,)."""
    kept = {known for text in texts for known in sorted(set(hash_runs(text)))[:SMALLEST]}
    return np.array(sorted(kept), np.uint64)


def was_learnt_from(text: str, learnt: Hashes | None = None) -> bool:
    """Whether *text* holds one that was *learnt* from, by default by the packaged reader."""
    known = packaged_hashes() if learnt is None else learnt
    found = np.fromiter(hash_runs(text), np.uint64)
    return bool(np.isin(found, known).any())


@lru_cache(maxsize=1)
def packaged_hashes() -> Hashes:
    """Those of the packaged reader."""
    hashes: Hashes = np.load(LEARNT_FILE)
    return hashes
