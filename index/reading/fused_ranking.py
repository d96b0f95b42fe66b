"""Let a reader read what was found, and say what follows: scores, confidence, answering words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp
from typing import Protocol

import numpy as np

from index.datatypes import Span, Tier
from index.languages.registry import DEFAULT_LANGUAGE
from index.ranking.candidate_sentences import Candidates, Floats, Query
from index.ranking.confidence import MATCHING_TIERS, Tiers, packaged_calibration
from index.ranking.ranker import Ranking
from index.ranking.signals import Signals, measure_signals
from index.ranking.word_matches import language_of_question
from index.reading.question_reading import QuestionReading, read_candidates
from index.reading.reading_confidence import (
    fuse_scores,
    join_signals,
    measure_reading,
    packaged_model,
    trusting,
)
from index.reading.reading_windows import ArticleWindow, choose_windows
from index.reading.window_reading import WindowReading
from index.text.settling import settles
from index.text.words import words_of_question

# Below this confidence of the first ranking a question is about something else, and is not read.
UNREAD = 0.03
READ_DEPTH = 30  # hits of the first ranking that windows may be chosen around
# Words are told when they are more probable than all others of their sentence together: in .59 of
# the answers to the held-out written questions, with an F1 of .73.
LEAST_WORDS = 0.5


class Reader(Protocol):
    """What reads a question against windows, both together; several threads may use one."""

    def read(self, question: str, windows: Sequence[ArticleWindow]) -> list[WindowReading]:
        """Read *question* against each of *windows*."""

    def forget(self) -> None:
        """Keep nothing of what was read."""


@dataclass(frozen=True, slots=True)
class FusedRanking:
    """
    *scores* (n,) of the candidates, the *confidence* that they answer, and its *tiers*.

    *certainty* is the probability that the best one does, as the reader gives it; without one it is
    the confidence, but 0 in a language that the model does not know unless the words settle it.
    *matched* (n,) are the scores of the first ranking; *words* are those that answer, by the
    candidate in which they stand.
    """

    scores: Floats
    matched: Floats
    confidence: float
    certainty: float
    tiers: Tiers
    words: Mapping[int, Span] = field(default_factory=dict)

    def tier(self, threshold: float | None) -> Tier:
        """The tier of an answer, where an operator's *threshold* may replace the calibrated one."""
        return self.tiers.beginning_at(threshold).tier_of(self.confidence, self.certainty)

    @property
    def order(self) -> list[int]:
        """Indices of the candidates, best first; the earlier of two equals stands first."""
        return _best_first(self.scores)

    @property
    def order_beside(self) -> list[int]:
        """
        The best candidate, and the others as the first ranking has them.

        The reader knows which sentence answers, not how much around it belongs to the answer. What
        it says beside the best one makes CLAPNQ's evidence whole in .58 of the answers instead of
        .80 (with the full weight in .42).
        """
        best = int(np.argmax(self.scores))
        return [best, *(i for i in _best_first(self.matched) if i != best)]


def _best_first(scores: Floats) -> list[int]:
    return [int(i) for i in np.argsort(-scores, kind="stable")]


def tiers_of(reader: Reader | None) -> Tiers:
    """The tiers of answers with this *reader*, or without one."""
    return MATCHING_TIERS if reader is None else packaged_model().tiers


def judge_candidates(
    reader: Reader | None,
    queries: Sequence[Query],
    candidates: Candidates,
    rankings: Sequence[Ranking],
    articles: int,
) -> FusedRanking:
    """
    Say how good *candidates*, found in so many *articles*, are; the *reader* reads them, if any.

    It reads English only: what is asked in another language of the articles is matched, or the
    English ones among them would deny what the others say.

    *rankings* are those of a question's variants, *queries*, all with the same scores.
    """
    scores = rankings[0].scores
    asked = [
        (query.text, measure_signals(query, candidates, ranking))
        for query, ranking in zip(queries, rankings, strict=True)
        if words_of_question(query.text)
    ]
    if not asked:  # nothing is asked
        return FusedRanking(scores, scores, 0.0, 0.0, MATCHING_TIERS)
    calibration = packaged_calibration()
    matched = max(calibration.probability(signals, articles) for _, signals in asked)
    question, languages = queries[0].text, candidates.languages
    readable = language_of_question(question, languages) == DEFAULT_LANGUAGE
    if reader is not None and matched >= UNREAD and readable:
        # A follow-up is read with the question before it, and alone: the surer one counts.
        shown = Shown(candidates, scores, articles)
        read = [read_and_fuse(reader, text, shown, told) for text, told in asked]
        known = [judged for judged in read if judged is not None]
        if known:
            return max(known, key=lambda judged: judged.confidence)
    certainty = matched if _is_settled(question, candidates, scores) else 0.0
    return FusedRanking(scores, scores, matched, certainty, MATCHING_TIERS)


def _is_settled(question: str, candidates: Candidates, scores: Floats) -> bool:
    """
    Whether what matches best may be certain of its answer.

    The packaged model knows English only: in another language the words must settle *question*.
    """
    best = int(np.argmax(scores))
    language = candidates.languages[best]
    return language == DEFAULT_LANGUAGE or settles(
        question, candidates.sentences[best].text, language
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be read: *candidates* of so many *articles*, their *scores* (n,) when matched."""

    candidates: Candidates
    scores: Floats
    articles: int


def read_and_fuse(
    reader: Reader, question: str, shown: Shown, signals: Signals
) -> FusedRanking | None:
    """
    Read *question* against the best of what is *shown*; None when none of it can be read.

    *signals* are those of the first ranking. Only English sentences are read.
    """
    candidates, scores = shown.candidates, shown.scores
    order = np.argsort(-scores, kind="stable")[:READ_DEPTH]
    languages = candidates.languages
    hits = [candidates.hit(i, 0.0) for i in order.tolist() if languages[i] == DEFAULT_LANGUAGE]
    windows = choose_windows(hits)
    if not windows:
        return None
    read = read_candidates(candidates, windows, reader.read(question, windows))
    model, first = packaged_model(), scores.astype(np.float64)
    fused = fuse_scores(first, read, model.reader_weight)
    told = join_signals(signals, measure_reading(first, fused, read))
    certainty = exp(read.sentences[int(np.argmax(fused))])
    return FusedRanking(
        scores=np.asarray(fused, np.float32),
        matched=scores,
        confidence=trusting(model.probability(told, shown.articles), certainty),
        certainty=certainty,
        tiers=model.tiers,
        words=_words(read),
    )


def _words(read: QuestionReading) -> dict[int, Span]:
    """The answering words that are told, by candidate."""
    return {
        i: span
        for i, span in read.words.items()
        if i < len(read.sure) and exp(read.sure[i]) >= LEAST_WORDS
    }
