"""
What a window says to a question: which of its sentences answer, and in which words.

Only numpy: it makes the same of the logits of torch and of onnxruntime.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.reading.window_tokens import WindowTokens

Floats = NDArray[np.float32]

LONGEST_WORDS = 30  # tokens of the answering words
NOTHING = np.float32(-1e4)


@dataclass(frozen=True, slots=True)
class WindowReading:
    """
    What one window says to a question.

    scores (S,): of each of its sentences; null: of "not answered here"; words (S, 2): code points
    of the best answering words of each sentence in the text; sureness (S,): the logarithm of their
    probability inside the sentence. The log odds of a sentence are its score less the null.
    """

    positions: tuple[int, ...]
    scores: Floats
    null: float
    words: NDArray[np.int64]
    sureness: Floats

    @property
    def gains(self) -> Floats:
        """Scores with the null as zero: comparable between windows."""
        return self.scores - np.float32(self.null)


@dataclass(frozen=True, slots=True)
class WindowLogits:
    """The logits of a window's tokens, (T,) each, and of its null."""

    token: Floats
    null: float
    start: Floats
    end: Floats


def make_reading(
    positions: Sequence[int], encoded: WindowTokens, told: WindowLogits, start: int = 0
) -> WindowReading:
    """
    Bring the logits of a window's tokens to its sentences, those at *positions*.

    The places of its tokens count from *start* in the text.
    """
    owner = np.array(encoded.owner)
    scores, words, sureness = [], [], []
    for number in range(len(positions)):
        own = np.flatnonzero(owner == number)
        scores.append(_score(told.token[own]))
        if len(own):
            first, last, sure = best_words(told.start[own], told.end[own])
            words.append(
                (start + encoded.places[own[first]][0], start + encoded.places[own[last]][1])
            )
            sureness.append(sure)
        else:  # a sentence behind the longest window
            words.append((start, start))
            sureness.append(float(NOTHING))
    pairs = np.array(words, np.int64).reshape(-1, 2)
    scored, certain = (np.array(values, np.float32) for values in (scores, sureness))
    return WindowReading(tuple(positions), scored, told.null, pairs, certain)


def _score(token: Floats) -> np.float32:
    """The log-sum-exp of a sentence's tokens less half the logarithm of their number."""
    if not len(token):
        return NOTHING
    return np.float32(_log_sum(token) - 0.5 * np.log(len(token)))


def best_words(start: Floats, end: Floats) -> tuple[int, int, float]:
    """The first and last token (of n) of the best answering words, and their log probability."""
    both = (start - _log_sum(start))[:, None] + (end - _log_sum(end))[None, :]
    both = np.where(short_spans(len(start)), both, NOTHING)
    first, last = divmod(int(both.argmax()), len(start))
    return first, last, float(both[first, last])


def short_spans(count: int) -> NDArray[np.bool_]:
    """Which first and last tokens (count, count) make words that may answer."""
    every = np.ones((count, count), bool)
    return np.triu(every) & ~np.triu(every, LONGEST_WORDS)


def _log_sum(values: Floats) -> float:
    top = float(values.max())
    return top + float(np.log(np.exp(values - top).sum()))
