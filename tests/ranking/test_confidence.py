"""The probability that is made of the signals."""

from __future__ import annotations

import math
from dataclasses import fields, replace

import numpy as np
import pytest
from small_vectors import candidates_of, query_of

from index.ranking.confidence import (
    CHANCE_DISCOUNT,
    Calibration,
    confidence,
    make_calibration,
    packaged_calibration,
)
from index.ranking.ranker import rank
from index.ranking.signals import Signals


def test_probability_is_logistic() -> None:
    """Weights times signals plus a constant, through the logistic function."""
    signals = Signals(2, 0, 0, 0, 1, *[0] * 8)
    model = Calibration(np.array([1, 0, 0, 0, -3, *[0] * 8], np.float32), 0.5)
    assert model.probability(signals) == pytest.approx(1 / (1 + math.exp(0.5)))


def test_of_many_articles_a_likely_one_is_no_surprise() -> None:
    """The odds fall by a power of the number of articles."""
    signals, model = Signals(*[0.0] * 13), Calibration(np.zeros(13, np.float32), 0.0)
    assert model.probability(signals, 48) == pytest.approx(1 / (1 + 48**CHANCE_DISCOUNT))


def test_probability_stays_within_bounds() -> None:
    """Extreme signals overflow nothing."""
    model = Calibration(np.array([1e6] + [0] * 12, np.float32), 0)
    extremes = [replace(Signals(*[0.0] * 13), score=score) for score in (-1e6, 1e6)]
    assert [model.probability(signals) for signals in extremes] == pytest.approx([0, 1])


def test_weights_are_read_by_name() -> None:
    """The order in the file does not matter."""
    names = [field.name for field in fields(Signals)]
    weights = {"bias": -1.0} | {name: float(i) for i, name in reversed(list(enumerate(names)))}
    model = make_calibration(weights)
    assert (model.weights.tolist(), model.bias) == (list(range(13)), -1)


def test_missing_words_and_names_lower_the_packaged_probability() -> None:
    """Whatever is fitted, unsupported questions must not become surer."""
    weights = dict(
        zip([f.name for f in fields(Signals)], packaged_calibration().weights, strict=True)
    )
    doubts = (
        *("gap", "missing_names", "distant_names", "unsupported"),
        *("no_number", "no_date", "other_year", "denied"),
    )
    assert [name for name in doubts if weights[name] >= 0] == []


def test_no_candidates_no_confidence() -> None:
    """Nothing to answer from: probability 0."""
    query, candidates = query_of("cat"), candidates_of()
    assert confidence(query, candidates, rank(query, candidates)) == 0


def test_a_question_without_words() -> None:
    """Emoji only: a probability all the same."""
    query, candidates = query_of("🤔"), candidates_of("a cat")
    assert 0 <= confidence(query, candidates, rank(query, candidates)) <= 1
