"""
What the windows of a question say together: they compete, and one null with them.

One softmax over all sentences that were read and "none of them": a sentence in one window is as
likely as its log odds there make it beside those of all the others, wherever these stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.datatypes import Span
from index.ranking.candidate_sentences import Candidates
from index.reading.reading_windows import ArticleWindow
from index.reading.window_reading import WindowReading

Logs = NDArray[np.float64]

LEAST = -8.0  # log probability of a sentence that is not read, or is as good as impossible


@dataclass(frozen=True, slots=True)
class QuestionReading:
    """
    Log probabilities of n sentences, and what belongs to them.

    *sentences* (n,): that each answers, at least LEAST; *none*: that none of those that were read
    does; *gains*: each window's log odds, best first; *words*: where the answering words of a
    sentence stand, by its index; *sure* (n,): the log probability of these words, if it answers.
    """

    sentences: Logs
    none: float
    gains: Logs
    words: dict[int, Span]
    sure: Logs


def combine_readings(
    count: int, readings: Sequence[WindowReading], places: Sequence[Sequence[int]]
) -> QuestionReading:
    """
    Let *readings* compete; *places* are the indices, below *count*, of the sentences of each.

    A sentence in two windows counts once, as the window reads it that is surer of it.
    """
    best, sure = np.full(count, -np.inf), np.full(count, LEAST)
    words: dict[int, Span] = {}
    for reading, indices in zip(readings, places, strict=True):
        for i, gain, (start, end), certain in zip(
            indices, reading.gains.tolist(), reading.words.tolist(), reading.sureness, strict=True
        ):
            if gain > best[i]:
                best[i], sure[i], words[i] = gain, certain, Span(start, end)
    mass = float(np.logaddexp.reduce([*best, 0.0]))
    gains = sorted(
        (float(np.logaddexp.reduce(reading.gains)) for reading in readings), reverse=True
    )
    return QuestionReading(np.maximum(best - mass, LEAST), -mass, np.array(gains), words, sure)


def read_candidates(
    candidates: Candidates, windows: Sequence[ArticleWindow], readings: Sequence[WindowReading]
) -> QuestionReading:
    """What *readings* of *windows* say of *candidates*; of sentences beside them they know more."""
    placed = zip(candidates.keys, candidates.positions, strict=True)
    index = {sentence: i for i, sentence in enumerate(placed)}
    places = [
        [index.setdefault((window.source.key, at), len(index)) for at in window.positions]
        for window in windows
    ]
    read = combine_readings(len(index), readings, places)
    count = len(candidates)
    return QuestionReading(
        read.sentences[:count], read.none, read.gains, read.words, read.sure[:count]
    )
