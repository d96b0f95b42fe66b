"""
The first ranking and the reader together: one order of sentences, one calibrated probability.

Fused score of a sentence: the first ranking's, and W times the reader's log probability of it among
all sentences of the windows that were read and one null. Everything that is fitted (W, the logistic
regression of the confidence) is fitted over four fifths of the articles and judged on the fifth
(five folds, by hash of the article's id).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from index.ranking.confidence import MATCHING_TIERS
from index.ranking.signals import Signals
from index.reading.question_reading import QuestionReading, combine_readings
from index.reading.reading_confidence import fuse_scores, join_signals, measure_reading
from index.training.reading.reading_cases import ReadingCase

Floats = NDArray[np.float64]

# Of the reader beside the first ranking; the last: the reader alone.
WEIGHTS = (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0, 100.0)
ARTICLE_FOLDS = 5
WRITTEN_WEIGHT = 3.0  # of the written questions beside any other file
OFF_TOPIC_WEIGHT = 0.35  # of a file's own questions, as the confidence is fitted


def combine_windows(case: ReadingCase) -> QuestionReading:
    """Let the windows of a case compete: one softmax over all their sentences and one null."""
    places = [reading.positions for reading in case.readings]
    return combine_readings(len(case.sentences), case.readings, places)


def first_scores(case: ReadingCase) -> Floats:
    """The first ranking's scores of all sentences; less than any for those that it did not keep."""
    scores = np.full(len(case.sentences), (case.ranked[-1][1] - 0.5) if case.ranked else 0.0)
    for position, score in case.ranked:
        scores[position] = score
    return scores


def fuse_case(case: ReadingCase, read: QuestionReading, weight: float) -> Floats:
    """The scores by which the sentences are ranked."""
    return fuse_scores(first_scores(case), read, weight)


def fold_of_case(case: ReadingCase) -> int:
    """The fold of the case's article."""
    return int(hashlib.sha256(case.article.encode()).hexdigest(), 16) % ARTICLE_FOLDS


def signals_of(case: ReadingCase, read: QuestionReading, weight: float) -> Floats:
    """What the confidence is made of (s,)."""
    scores = first_scores(case)
    reading = measure_reading(scores, fuse_scores(scores, read, weight), read)
    return join_signals(Signals(*case.signals), reading)


def groups_of(cases: Sequence[ReadingCase]) -> list[str]:
    """What a fitted model sees as one file: the news with and without the paragraph are one."""
    return [case.file.removesuffix("-unanswerable") for case in cases]


def case_weights(cases: Sequence[ReadingCase]) -> Floats:
    """Every file counts the same, the written ones thrice; strangers have their share."""
    kinds = [f"{name} {case.off_topic}" for name, case in zip(groups_of(cases), cases, strict=True)]
    counts = Counter(kinds)
    total = np.array([1 / counts[kind] for kind in kinds])
    total *= [OFF_TOPIC_WEIGHT if case.off_topic else 1.0 for case in cases]
    total *= [WRITTEN_WEIGHT if case.file == "written" else 1.0 for case in cases]
    return np.asarray(total / total.mean())


def out_of_fold(
    rows: Floats, truth: NDArray[np.bool_], weights: Floats, folds: NDArray[np.int64]
) -> Floats:
    """Probabilities by a logistic regression that has not seen the article."""
    guessed = np.zeros(len(rows))
    for fold in range(ARTICLE_FOLDS):
        own = folds == fold
        mean, deviation = rows[~own].mean(0), rows[~own].std(0) + 1e-9
        model = LogisticRegression(C=1.0, max_iter=2000)
        model.fit((rows[~own] - mean) / deviation, truth[~own], sample_weight=weights[~own])
        guessed[own] = model.predict_proba((rows[own] - mean) / deviation)[:, 1]
    return guessed


@dataclass(frozen=True, slots=True)
class Judged:
    """Cases with what was made of them, (n,) each."""

    cases: Sequence[ReadingCase]
    first: NDArray[np.int64]  # the sentence that is shown first
    right: NDArray[np.bool_]
    answers: Floats  # the probability that the article answers
    shown: Floats  # the probability that the sentence shown first is right
    threshold: float  # from which the article counts as answering


def judge_off(cases: Sequence[ReadingCase]) -> Judged:
    """The product as it is, its confidence untouched."""
    first = np.array([-1 if case.best is None else case.best for case in cases])
    right = np.array([at >= 0 and case.gold[at] for case, at in zip(cases, first, strict=True)])
    sure = np.array([case.confidence for case in cases])
    return Judged(cases, first, right, sure, sure, MATCHING_TIERS.may)


def judge_on(
    cases: Sequence[ReadingCase], weight: float | None, columns: Sequence[int] | None = None
) -> tuple[Judged, Floats]:
    """With the reader; without a *weight* the best of WEIGHTS over the other folds."""
    reads = [combine_windows(case) for case in cases]
    folds = np.array([fold_of_case(case) for case in cases])
    hits = {w: _hits(cases, reads, w) for w in WEIGHTS}
    chosen = np.array(
        [weight if weight is not None else _best(cases, hits, folds != f) for f in folds]
    )
    first = np.array(
        [int(np.argmax(fuse_case(*parts))) for parts in zip(cases, reads, chosen, strict=True)]
    )
    right = np.array([case.gold[at] for case, at in zip(cases, first, strict=True)])
    rows = np.array([signals_of(*parts) for parts in zip(cases, reads, chosen, strict=True)])
    rows = rows if columns is None else rows[:, list(columns)]
    truth = np.array([case.answerable for case in cases])
    weights = case_weights(cases)
    answers = out_of_fold(rows, truth, weights, folds)
    shown = out_of_fold(rows, truth & right, weights, folds)
    return Judged(cases, first, right, answers, shown, 0.5), chosen


def _hits(
    cases: Sequence[ReadingCase], reads: Sequence[QuestionReading], weight: float
) -> NDArray[np.bool_]:
    return np.array(
        [c.gold[int(np.argmax(fuse_case(c, r, weight)))] for c, r in zip(cases, reads, strict=True)]
    )


def _best(
    cases: Sequence[ReadingCase], hits: dict[float, NDArray[np.bool_]], own: NDArray[np.bool_]
) -> float:
    """The weight with the most hits, every file counting the same, the written ones thrice."""
    names = np.array([case.file for case in cases])
    answerable = np.array([case.answerable for case in cases]) & own
    shares = {
        w: sum(
            hit[answerable & (names == name)].mean()
            * (WRITTEN_WEIGHT if name == "written" else 1.0)
            for name in sorted(set(names[answerable]))
        )
        for w, hit in hits.items()
    }
    return max(shares, key=lambda w: shares[w])
