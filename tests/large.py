"""Libraries that are large for an index whose limits were made small."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index.datatypes import Article, Sentence, Span
from index.retrieval import index_files, vector_rows, word_index
from index.retrieval.exact_index import Vectors
from index.storage.library import Library
from index.storage.records import EncodedArticle, StoredArticle

MODEL = "model-1"
SENTENCES = 10  # of each article
SMALL = 400  # sentences that count as many

CENTRES = np.random.default_rng(0).standard_normal((30, 16))


class RecordingLibrary(Library):
    """A library that notes of which articles vectors and texts are read."""

    read: list[int] = []  # noqa: RUF012 (replaced for each test)

    def vectors(self, keys: Sequence[int], model: str) -> dict[int, Vectors]:
        self.read.extend(keys)
        return super().vectors(keys, model)

    def load(self, keys: Sequence[int]) -> dict[int, StoredArticle]:
        self.read.extend(keys)
        return super().load(keys)


def lower_limits(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let SMALL sentences count as many, and keep files in *folder*."""
    monkeypatch.setattr(vector_rows, "IVF_FROM", SMALL)
    monkeypatch.setattr(word_index, "FILE_FROM", SMALL)
    monkeypatch.setattr(index_files, "user_cache", lambda: folder)
    monkeypatch.setattr(RecordingLibrary, "read", [])


def settle() -> None:
    """Wait until what indexes do in the background is done."""
    for thread in threading.enumerate():
        if thread.name in {"vectors", "words"}:
            thread.join()


def clusters(seed: int, number: int = SENTENCES) -> Vectors:
    """Make unit vectors (number, 16) around thirty directions."""
    random = np.random.default_rng(seed)
    near = CENTRES[random.integers(30, size=number)] + 0.5 * random.standard_normal((number, 16))
    return (near / np.linalg.norm(near, axis=1, keepdims=True)).astype(np.float32)


def fill(library: Library, numbers: range) -> None:
    """Add an article of ten sentences for each of *numbers*, with vectors of its own."""
    library.add([prepare(number) for number in numbers], MODEL)


def prepare(number: int) -> EncodedArticle:
    """Make the article a<number>; each sentence has a word of its own and a common one."""
    lines = [f"{word(number, position)} common" for position in range(SENTENCES)]
    text, sentences = "\n".join(lines), []
    for line in lines:
        start = text.index(line)
        sentences.append(Sentence(Span(start, start + len(line)), 1))
    return EncodedArticle(Article(f"a{number}", "Title", text), sentences, clusters(number))


def word(number: int, position: int) -> str:
    """Spell the word of a sentence, which no stemmer shortens."""
    return f"{number}x{position}".translate(str.maketrans("0123456789", "bcdfghjklm"))
