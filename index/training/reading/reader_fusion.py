"""
The first ranking and the reader together: one order of sentences, one calibrated probability.

Fused score of a sentence: the first ranking's, and the reader's log probability of it among all
sentences of the windows that were read and one null. What is fitted (the logistic regression of the
confidence) is fitted over four fifths of the articles and judged on the fifth (five folds, by hash
of the article's id).
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
from index.reading.fused_ranking import UNREAD
from index.reading.question_reading import QuestionReading, combine_readings
from index.reading.reading_confidence import fuse_scores, join_signals, measure_reading, trusting
from index.training.reading.reading_cases import ReadingCase

Floats = NDArray[np.float64]

# Of the reader beside the first ranking: scores are logits, so log probabilities are just added.
# Other weights are no better for all files (judge_reader prints them).
READER_WEIGHT = 1.0
MAY = 0.4  # the probability from which the articles may answer
ARTICLE_FOLDS = 5
WRITTEN_WEIGHT = 3.0  # of the written questions beside any other file
OFF_TOPIC_WEIGHT = 0.7  # of a file's own questions


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


def fuse_case(case: ReadingCase, read: QuestionReading, weight: float = READER_WEIGHT) -> Floats:
    """The scores by which the sentences are ranked."""
    return fuse_scores(first_scores(case), read, weight)


def fold_of_case(case: ReadingCase) -> int:
    """The fold of the case's article."""
    return int(hashlib.sha256(case.article.encode()).hexdigest(), 16) % ARTICLE_FOLDS


def signals_of(case: ReadingCase, read: QuestionReading, weight: float = READER_WEIGHT) -> Floats:
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


@dataclass(frozen=True, slots=True)
class Fitted:
    """How first ranking and reader go together: *slopes* (s,) of all signals, and a constant."""

    slopes: Floats
    bias: float

    def probability(self, rows: Floats) -> Floats:
        """That the articles answer, of rows (n, s) of signals."""
        return np.asarray(1 / (1 + np.exp(-(rows @ self.slopes + self.bias))))


def fit(cases: Sequence[ReadingCase], reads: Sequence[QuestionReading]) -> Fitted:
    """Fit the confidence, on what would be read."""
    pairs = [pair for pair in zip(cases, reads, strict=True) if is_read(pair[0])]
    cases, reads = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    rows = np.array([signals_of(*parts) for parts in zip(cases, reads, strict=True)])
    mean, deviation = rows.mean(0), rows.std(0) + 1e-9
    truth = np.array([case.answerable for case in cases])
    model = LogisticRegression(C=1.0, max_iter=2000)
    model.fit((rows - mean) / deviation, truth, sample_weight=case_weights(cases))
    slopes = model.coef_[0] / deviation
    return Fitted(slopes, float(model.intercept_[0] - slopes @ mean))


def is_read(case: ReadingCase) -> bool:
    """Whether the question would be read at all (index.reading.fused_ranking)."""
    return case.confidence >= UNREAD


def first_sentence(case: ReadingCase, read: QuestionReading, weight: float = READER_WEIGHT) -> int:
    """The sentence that is shown first."""
    return int(np.argmax(fuse_case(case, read, weight)))


def hits_first(case: ReadingCase, read: QuestionReading, weight: float = READER_WEIGHT) -> bool:
    """Whether the sentence that is shown first answers."""
    return case.gold[first_sentence(case, read, weight)]


@dataclass(frozen=True, slots=True)
class Judged:
    """Cases with what was made of them, (n,) each."""

    cases: Sequence[ReadingCase]
    first: NDArray[np.int64]  # the sentence that is shown first
    right: NDArray[np.bool_]
    answers: Floats  # the probability that the article answers
    certain: Floats  # the probability that the sentence shown first does
    threshold: float  # from which the article counts as answering


def judge_off(cases: Sequence[ReadingCase]) -> Judged:
    """The product without a reader, its confidence untouched."""
    first = np.array([-1 if case.best is None else case.best for case in cases])
    right = np.array([at >= 0 and case.gold[at] for case, at in zip(cases, first, strict=True)])
    sure = np.array([case.confidence for case in cases])
    return Judged(cases, first, right, sure, sure, MATCHING_TIERS.may)


def judge_on(cases: Sequence[ReadingCase]) -> Judged:
    """With the reader: each fold of articles as what is fitted on the others judges it."""
    reads = [combine_windows(case) for case in cases]
    folds = np.array([fold_of_case(case) for case in cases])
    first = np.array([first_sentence(*pair) for pair in zip(cases, reads, strict=True)])
    certain = certainties(cases, reads)
    answers = np.zeros(len(cases))
    for fold in range(ARTICLE_FOLDS):
        others = np.flatnonzero(folds != fold).tolist()
        own = np.flatnonzero(folds == fold).tolist()
        model = fit([cases[i] for i in others], [reads[i] for i in others])
        answers[own] = model.probability(np.array([signals_of(cases[i], reads[i]) for i in own]))
    for i, case in enumerate(cases):
        answers[i] = trusting(answers[i], certain[i])
        if not is_read(case):
            first[i], answers[i], certain[i] = case.best or 0, case.confidence, case.confidence
    right = np.array([case.gold[at] for case, at in zip(cases, first, strict=True)])
    return Judged(cases, first, right, answers, certain, MAY)


def certainties(cases: Sequence[ReadingCase], reads: Sequence[QuestionReading]) -> Floats:
    """The reader's probability of the sentences that are shown first (n,)."""
    pairs = zip(cases, reads, strict=True)
    return np.exp([read.sentences[first_sentence(case, read)] for case, read in pairs])
