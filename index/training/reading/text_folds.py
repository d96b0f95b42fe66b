"""
Which of the written texts are held out: whole texts, a fifth of each kind.

The kind of a text is what stands before the first dash of its id ("onestop", "w", "own", ...).
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

FOLDS = 5
HELD_OUT = 0  # the fold that is never learnt from
SHINGLE = 12  # words; as the makers of the files compared them


def fold_texts(ids: Iterable[str]) -> dict[str, int]:
    """The fold, 0 to FOLDS - 1, of each text: dealt out kind by kind in the order of a hash."""
    kinds: defaultdict[str, list[str]] = defaultdict(list)
    for id_ in ids:
        kinds[id_.split("-", 1)[0]].append(id_)
    return {
        id_: place % FOLDS
        for kind in kinds.values()
        for place, id_ in enumerate(sorted(kind, key=_hash))
    }


def _hash(id_: str) -> str:
    return hashlib.sha256(id_.encode()).hexdigest()


def find_overlaps(texts: Sequence[str], judged: Iterable[str]) -> list[bool]:
    """Whether each of *texts* shares a run of SHINGLE words with any of the *judged*."""
    known: set[int] = set()
    for text in judged:
        known |= _shingles(text)
    return [not known.isdisjoint(_shingles(text)) for text in texts]


def _shingles(text: str) -> set[int]:
    """Hashes of all runs of SHINGLE words of *text*, lower case."""
    words = re.findall(r"\w+", text.lower())
    return {hash(tuple(words[i : i + SHINGLE])) for i in range(len(words) - SHINGLE + 1)}
