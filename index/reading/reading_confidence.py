"""
The first ranking and the reader together: one order of sentences, one calibrated probability.

A sentence's score is that of the first ranking and READER_WEIGHT times its log probability by the
reader. The probability that the articles answer is a logistic model over the signals of the first
ranking (index.ranking.signals) and those of the reader; index.training.reading fits it, and prints
what it reaches out of fold.
"""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass, fields
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.ranking.confidence import Tiers, discounted
from index.ranking.signals import SIGNALS, Signals
from index.reading.packaged_reader import reader_settings
from index.reading.question_reading import LEAST, Logs, QuestionReading

# The confidence is at least this share of the reader's certainty: what the reader is sure of is not
# refused because the words differ ("its demands" for "what conditions"). Of the held-out written
# questions it moves 18 right answers, 3 wrong ones and 3 near misses from "not" to "may".
TRUST = 0.5
LARGEST = 8.0  # of log odds; what lies further away tells no more


@dataclass(frozen=True, slots=True)
class ReadingSignals:
    """
    What the reader adds to the probability.

    *answered* are the log odds that anything that was read answers; *top* and *lead* the log
    probability of the sentence shown first, and how far it is above the next one's; *ahead* how far
    its score is above the next one's; *first_window* and *second_window* the log odds of the best
    windows; *words* the log probability of its answering words; *agreed* is 1 when the first
    ranking has the same sentence first, whose log probability is *first*; *matched* is the score
    of the sentence shown first in the first ranking.
    """

    answered: float
    top: float
    lead: float
    ahead: float
    first_window: float
    second_window: float
    words: float
    agreed: float
    first: float
    matched: float


READING_SIGNALS = tuple(field.name for field in fields(ReadingSignals))


def fuse_scores(scores: Logs, read: QuestionReading, weight: float) -> Logs:
    """The scores (n,) of the first ranking, and what the reader says, with its *weight*."""
    return np.asarray(scores + weight * read.sentences, np.float64)


def measure_reading(scores: Logs, fused: Logs, read: QuestionReading) -> ReadingSignals:
    """The signals of a question with at least one sentence; *scores* (n,) are the first ones."""
    order = np.argsort(-fused, kind="stable")
    top, first = int(order[0]), int(np.argmax(scores))
    others = np.delete(read.sentences, top)
    windows = [*read.gains.tolist(), LEAST, LEAST]
    answered = math.log(max(-math.expm1(read.none), 1e-6)) - read.none
    return ReadingSignals(
        answered=min(max(answered, -LARGEST), LARGEST),
        top=float(read.sentences[top]),
        lead=float(read.sentences[top] - others.max(initial=LEAST)),
        ahead=min(float(fused[top] - fused[order[1]]), 5.0) if len(order) > 1 else 5.0,
        first_window=windows[0],
        second_window=windows[1],
        words=float(max(read.sure[top], LEAST)),
        agreed=float(top == first),
        first=float(read.sentences[first]),
        matched=float(scores[top]),
    )


def join_signals(signals: Signals, reading: ReadingSignals) -> NDArray[np.float64]:
    """All signals in one row, in the order of SIGNALS and READING_SIGNALS."""
    return np.array([*astuple(signals), *astuple(reading)], np.float64)


def trusting(confidence: float, certainty: float) -> float:
    """The *confidence*, at least TRUST of the reader's *certainty*; 0 to 1 all."""
    return max(confidence, TRUST * certainty)


@dataclass(frozen=True, slots=True)
class ReadingModel:
    """How first ranking and reader go together: *weights* (s,) of all signals, and a constant."""

    reader_weight: float
    weights: Logs
    bias: float
    tiers: Tiers

    def probability(self, signals: NDArray[np.float64], articles: int = 1) -> float:
        """The probability that so many *articles* answer, 0 to 1."""
        return discounted(float(self.weights @ signals) + self.bias, articles)


@lru_cache(maxsize=1)
def packaged_model() -> ReadingModel:
    """What comes with the package's reader."""
    return make_model(reader_settings())


def make_model(settings: dict[str, Any]) -> ReadingModel:
    """Make a ReadingModel of *settings* as they stand in the file."""
    calibration = settings["calibration"]
    weights = [calibration[name] for name in (*SIGNALS, *READING_SIGNALS)]
    tiers = Tiers(**settings["tiers"])
    return ReadingModel(settings["weight"], np.array(weights), calibration["bias"], tiers)
