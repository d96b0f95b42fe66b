"""What ranks, fitted whole or leaving out the articles that it is tested on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.ranking.answer_types import AnswerTypes, expected_answer
from index.ranking.features import SENTENCE_FEATURES, Features
from index.ranking.ranker import Head, Ranking, make_head, score, token_weights
from index.ranking.signals import measure_signals
from index.ranking.token_matches import answer_type_scores, match_tokens
from index.training.cases import Case, Cases, answerable, in_order
from index.training.fit_answer_types import SHARE, Lesson, fit_answer_types
from index.training.head_network import fit_head

FOLDS = 6
TYPE_COLUMN = SENTENCE_FEATURES.index("answer_type")


@dataclass(frozen=True, slots=True)
class FittedRanker:
    """What ranks: the weights of a head, and answer types that were fitted on top of it."""

    weights: dict[str, Any]
    types: AnswerTypes

    @property
    def head(self) -> Head:
        """The head that these weights make."""
        return make_head(self.weights)

    def rank(self, case: Case) -> Ranking:
        """Rank the sentences of *case*."""
        return rank_case(case, self.head, self.types)


def fit(cases: Sequence[Case], lessons: Sequence[Lesson]) -> FittedRanker:
    """Fit the head on *cases*, and the answer types on the *lessons* of their articles."""
    weights = fit_head(cases).export()
    plain = make_head(weights)
    titles = {case.title for case in cases}
    known = [lesson for lesson in lessons if lesson.title in titles]
    types = fit_answer_types(known, lambda case: rank_case(case, plain).scores)
    # The head was fitted without answer types, whose weight was 0.
    sentence = [*weights["sentence"][:TYPE_COLUMN], SHARE]
    return FittedRanker({**weights, "sentence": sentence}, types)


def rank_case(case: Case, head: Head, types: AnswerTypes | None = None) -> Ranking:
    """Rank as the product does, with features that are there but for the one of *types*."""
    features = _with_types(case, types)
    weights = token_weights(features, head)
    return Ranking(score(features, weights, head), features, weights)


def _with_types(case: Case, types: AnswerTypes | None) -> Features:
    """The features of *case* as extract_features finds them with *types*."""
    features, tokens = case.features, case.query.tokens
    expected = expected_answer(tokens, case.asking, types)
    column = answer_type_scores(match_tokens(tokens, case.candidates.sentences, expected), expected)
    sentences = np.column_stack([features.sentences[:, :TYPE_COLUMN], column])
    return Features(features.pairs, features.tokens, sentences)


class Unseen:
    """Rankings that were not fitted on the article that they rank: FOLDS of them."""

    def __init__(self, cases: Cases, lessons: Sequence[Lesson]) -> None:
        flat = in_order(cases)
        self._folds = fold_of({case.title for case in flat})
        known = answerable(flat)
        self._fitted = [
            fit([case for case in known if self._folds[case.title] != fold], lessons)
            for fold in range(FOLDS)
        ]

    def fitted(self, case: Case) -> FittedRanker:
        """What was fitted without the article of *case*."""
        return self._fitted[self._folds[case.title]]

    def rank(self, case: Case) -> Ranking:
        """Rank the sentences of *case* with what is fitted for its fold."""
        return self.fitted(case).rank(case)

    def signals(self, cases: Sequence[Case]) -> NDArray[np.float64]:
        """The signals of the confidence in each case, (cases, signals)."""
        measured = (measure_signals(case.query, case.candidates, self.rank(case)) for case in cases)
        rows = [astuple(signals) for signals in measured]
        return np.array(rows, np.float64)


def fold_of(titles: set[str]) -> dict[str, int]:
    """Give each title one of the FOLDS, at random but always the same."""
    ordered = sorted(titles)
    np.random.default_rng(1).shuffle(ordered)
    return {title: i % FOLDS for i, title in enumerate(ordered)}
