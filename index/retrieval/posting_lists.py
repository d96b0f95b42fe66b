"""
The rows of each word of a large library in two arrays: small, and quick to write and to read.

They do not change. What is added later is held beside them, by index.retrieval.word_index, and
merged into new ones when they are written again.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.retrieval.bm25 import WordRows
from index.retrieval.index_files import Reader, Writer


@dataclass(frozen=True, slots=True)
class PostingLists:
    """The rows of the word with the number n are rows[starts[n]:starts[n + 1]]."""

    numbers: Mapping[str, int]
    starts: NDArray[np.int64]
    rows: WordRows

    @classmethod
    def empty(cls) -> PostingLists:
        """Hold no words."""
        return cls({}, np.zeros(1, np.int64), np.zeros(0, np.uint32))

    def get(self, word: str) -> WordRows:
        """Give the rows of *word*, none when it is not here."""
        number = self.numbers.get(word)
        if number is None:
            return self.rows[:0]
        return self.rows[self.starts[number] : self.starts[number + 1]]

    def merge(self, later: Mapping[str, array[int]]) -> PostingLists:
        """Make one of these and *later* rows, which are all higher."""
        if not later:
            return self
        words = [*self.numbers, *(word for word in later if word not in self.numbers)]
        counts = np.zeros(len(words), np.int64)
        counts[: len(self.numbers)] = np.diff(self.starts)
        counts += [len(later.get(word, ())) for word in words]
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
        rows = np.empty(int(starts[-1]), np.uint32)
        for word, start, end in zip(words, starts[:-1].tolist(), starts[1:].tolist(), strict=True):
            earlier = self.get(word)
            rows[start : start + len(earlier)] = earlier
            rows[start + len(earlier) : end] = later.get(word, array("I"))
        return PostingLists({word: number for number, word in enumerate(words)}, starts, rows)

    def without(self, gone: NDArray[np.uint8]) -> PostingLists:
        """Make one of the rows of which *gone* (n,) is 0, and of the words that these hold."""
        kept = gone[self.rows] == 0
        ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(kept)])[self.starts]
        held = np.diff(ends) > 0
        words = [word for word, is_held in zip(self.numbers, held.tolist(), strict=True) if is_held]
        starts = np.concatenate([ends[:1], ends[1:][held]])
        return PostingLists(
            {word: number for number, word in enumerate(words)}, starts, self.rows[kept]
        )

    def write(self, file: Writer) -> None:
        """Write the arrays and the words."""
        put_words(file, "words", self.numbers)
        file.put("starts", self.starts)
        file.put("rows", self.rows)

    @classmethod
    def read(cls, file: Reader) -> PostingLists:
        """Read what ``write`` has written; raise ValueError when its parts do not fit together."""
        words, starts, rows = get_words(file, "words"), file.get("starts"), file.get("rows")
        if len(starts) != len(words) + 1 or starts[-1] != len(rows):
            raise ValueError("its words and its rows do not fit together")
        return cls({word: number for number, word in enumerate(words)}, starts, rows)


def put_words(file: Writer, name: str, words: Iterable[str]) -> None:
    """Write *words*, which hold no line breaks, under *name*."""
    file.put(name, np.frombuffer("\n".join(words).encode(), np.uint8))


def get_words(file: Reader, name: str) -> list[str]:
    """Read the words *name*."""
    text = file.get(name).tobytes().decode()
    return text.split("\n") if text else []
