"""
Which sentence answers the question: a small trained head over word-by-word matches.

A head of about a hundred weights turns the matches of each token of the question
(index.ranking.features) into one number and averages them, heavier where a token tells more. No
model is called.
index.training.fit_ranking makes the weights and shows what they reach.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from index.ranking.answer_types import AnswerTypes
from index.ranking.candidate_sentences import Candidates, Floats, Query
from index.ranking.features import Features, extract_features

WEIGHTS_FILE = Path(__file__).with_name("weights.json")


@dataclass(frozen=True, slots=True)
class Head:
    """The trained weights; h hidden units, columns as in index.ranking.features."""

    token: Floats  # (len(TOKEN_FEATURES),)
    token_bias: Floats  # ()
    pair: Floats  # (len(PAIR_FEATURES),)
    hidden: Floats  # (h, len(PAIR_FEATURES))
    hidden_bias: Floats  # (h,)
    hidden_out: Floats  # (h,)
    sentence: Floats  # (len(SENTENCE_FEATURES),)


@dataclass(frozen=True, slots=True)
class Ranking:
    """*scores* (n,) in the order of the candidates, the higher the better, and what made them."""

    scores: Floats
    features: Features
    weights: Floats  # (t,), how much each token of the question counts

    @property
    def order(self) -> list[int]:
        """Indices of the candidates, best first; the earlier of two equals stands first."""
        return [int(i) for i in np.argsort(-self.scores, kind="stable")]


def rank(
    query: Query,
    candidates: Candidates,
    head: Head | None = None,
    answer_types: AnswerTypes | None = None,
) -> Ranking:
    """
    Score *candidates* for *query* with *head*, by default the packaged one.

    *answer_types* are those of the model that made the vectors; without any, only matches count.
    A question without tokens (only emoji, say) leaves the pooled vectors to decide.
    """
    features = extract_features(query, candidates, answer_types)
    head = head or packaged_head()
    weights = token_weights(features, head)
    return Ranking(score(features, weights, head), features, weights)


def token_weights(features: Features, head: Head) -> Floats:
    """How much each token of the question counts, (t,), above 0."""
    logits = features.tokens @ head.token + head.token_bias
    return np.asarray(np.logaddexp(0, logits), dtype=np.float32)


def score(features: Features, weights: Floats, head: Head) -> Floats:
    """Score each sentence: the weighted mean over the question's tokens, plus its own features."""
    hidden = np.tanh(features.pairs @ head.hidden.T + head.hidden_bias)
    values = features.pairs @ head.pair + hidden @ head.hidden_out
    mean = weights @ values / (float(weights.sum()) or 1.0)
    return np.asarray(mean + features.sentences @ head.sentence, dtype=np.float32)


@lru_cache(maxsize=1)
def packaged_head() -> Head:
    """Read the weights that come with the package."""
    return make_head(read_weights()["ranker"])


def make_head(weights: dict[str, Any]) -> Head:
    """Make a Head of *weights* as they stand in the file."""
    return Head(**{field.name: np.array(weights[field.name], np.float32) for field in fields(Head)})


def read_weights() -> dict[str, Any]:
    """Read the packaged weights: those of the head and those of the calibration."""
    weights: dict[str, Any] = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    return weights
