"""
How sure it is that the article answers: a calibrated probability from several signals.

The best score alone does not tell: a question about something that the article does not say finds
a sentence on its topic. index.ranking.signals has what betrays it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from index.datatypes import Tier
from index.ranking.candidate_sentences import Candidates, Floats, Query
from index.ranking.ranker import Ranking, read_weights
from index.ranking.signals import SIGNALS, Signals, measure_signals
from index.text.words import words_of_question


@dataclass(frozen=True, slots=True)
class Tiers:
    """
    From which confidence on an article *may* answer, and from which certainty on it *says* so.

    The certainty is that the very sentence answers which is shown first.
    """

    may: float
    says: float

    def tier_of(self, confidence: float, certainty: float) -> Tier:
        """The tier of an answer with this *confidence* and this *certainty*, 0 to 1 both."""
        if confidence < self.may:
            return "not"
        return "says" if certainty >= self.says else "may"

    def beginning_at(self, threshold: float | None) -> Tiers:
        """These tiers with an operator's *threshold* in the place of *may*, if there is one."""
        return self if threshold is None else replace(self, may=threshold)


# From the first on, an article counts as answering. Cross-validated over articles of the question
# files (index.training.fit_ranking prints the table). Words that match seldom prove an answer: no
# threshold is right in .95 of what it shows, so that little is in the first tier.
MATCHING_TIERS = Tiers(may=0.25, says=0.97)

# Among many articles some sentence looks like an answer by chance. The weights are fitted to single
# articles; asked of n, the logit falls by this times the logarithm of n. So 48 articles answer .05
# of the questions that they do not answer, instead of .18, and refuse .03 of their own, instead of
# .01; the sum of both is least at .2 (tests/benchmarks/library_confidence.py).
CHANCE_DISCOUNT = 0.2


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic model: a weight for each of the signals, and a constant."""

    weights: Floats
    bias: float

    def probability(self, signals: Signals, articles: int = 1) -> float:
        """The probability that the candidates answer, 0 to 1, when so many *articles* are asked."""
        logit = self.bias + sum(
            weight * getattr(signals, name)
            for weight, name in zip(self.weights.tolist(), SIGNALS, strict=True)
        )
        return discounted(logit, articles)


def discounted(logit: float, articles: int) -> float:
    """The probability that log odds of *logit* are worth when so many *articles* are asked."""
    logit -= CHANCE_DISCOUNT * math.log(articles)
    return 1 / (1 + math.exp(-min(max(logit, -60.0), 60.0)))


def confidence(query: Query, candidates: Candidates, ranking: Ranking) -> float:
    """
    The probability that *candidates*, of one article, answer *query*, 0 to 1.

    It is 0 without candidates, and for a question without words, which asks nothing.
    """
    if not len(candidates) or not words_of_question(query.text):
        return 0.0
    return packaged_calibration().probability(measure_signals(query, candidates, ranking))


@lru_cache(maxsize=1)
def packaged_calibration() -> Calibration:
    """Read the weights that come with the package."""
    return make_calibration(read_weights()["calibration"])


def make_calibration(weights: Mapping[str, float]) -> Calibration:
    """Make a Calibration of *weights* by the names of the signals, and "bias"."""
    values = np.array([weights[name] for name in SIGNALS], np.float32)
    return Calibration(values, weights["bias"])
