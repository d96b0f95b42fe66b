"""The first ranking and the reader together: one order, one probability."""

from __future__ import annotations

import hashlib
import math
from dataclasses import astuple, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_readings import reading_of

from index.encoding.find_model import find_model, identify_model
from index.ranking.confidence import Tiers
from index.ranking.signals import SIGNALS, Signals
from index.reading.packaged_reader import WEIGHTS_FILE, reader_settings
from index.reading.question_reading import LEAST, QuestionReading, combine_readings
from index.reading.reading_confidence import (
    LARGEST,
    READING_SIGNALS,
    ReadingModel,
    fuse_scores,
    join_signals,
    make_model,
    measure_reading,
    packaged_model,
)

NO_SIGNALS = Signals(*[0.0] * len(SIGNALS))
COUNT = len(SIGNALS) + len(READING_SIGNALS)
FINITE = st.floats(-1e4, 1e4, width=32)


def read_of(*scores: float, null: float = 0.0, sure: float = 0.0) -> QuestionReading:
    """One window of all sentences with these scores."""
    positions = range(len(scores))
    return combine_readings(
        len(scores), [reading_of(positions, scores, null, sure)], [list(positions)]
    )


def model_of(bias: float = 0.0, **weights: float) -> ReadingModel:
    """A model that weighs the signals that are named."""
    names = (*SIGNALS, *READING_SIGNALS)
    values = np.array([weights.get(name, 0.0) for name in names])
    return ReadingModel(1.0, values, bias, Tiers(0.4, 0.9))


def test_the_reader_moves_a_sentence_up() -> None:
    """A sentence's score is that of the first ranking and what the reader says, with its weight."""
    read = read_of(-3.0, 4.0)
    scores = np.array([1.0, 0.5])
    assert fuse_scores(scores, read, 0.0).tolist() == [1.0, 0.5]
    fused = fuse_scores(scores, read, 2.0)
    assert fused == pytest.approx(scores + 2.0 * read.sentences)
    assert fused.argmax() == 1


@given(
    scores=st.lists(st.tuples(FINITE, FINITE), min_size=1, max_size=12),
    null=FINITE,
    sure=st.floats(-1e4, 0, width=32),
    weight=st.floats(0, 10),
)
def test_signals_stay_within_bounds(
    scores: list[tuple[float, float]], null: float, sure: float, weight: float
) -> None:
    """Whatever ranking and reader say: no signal of the reader runs away."""
    first = np.array([score for score, _ in scores])
    read = read_of(*[score for _, score in scores], null=null, sure=sure)
    told = measure_reading(first, fuse_scores(first, read, weight), read)
    assert all(map(math.isfinite, astuple(told)))
    assert -LARGEST <= told.answered <= LARGEST
    assert LEAST <= told.top <= 0
    assert LEAST <= told.first <= 0
    assert LEAST <= told.words <= 0
    assert LEAST <= told.lead <= -LEAST
    assert 0 <= told.ahead <= 5
    assert told.agreed in (0, 1)
    assert told.matched in first


def test_signals_tell_an_answer_from_none() -> None:
    """A reader that is sure of a sentence has the log odds of that, and of none the opposite."""
    scores = np.array([0.0, 1.0])
    sure, none = read_of(6.0, -6.0), read_of(-6.0, -6.0)
    told = [measure_reading(scores, fuse_scores(scores, read, 1.0), read) for read in (sure, none)]
    assert [signals.answered > 0 for signals in told] == [True, False]
    assert [signals.agreed for signals in told] == [0, 1]
    assert [signals.matched for signals in told] == [0, 1]
    assert told[0].lead > 5


def test_one_sentence_alone_stands_out() -> None:
    """There is no next one, so the gap is the greatest there is."""
    read = read_of(1.0)
    scores = np.array([0.3])
    assert measure_reading(scores, fuse_scores(scores, read, 1.0), read).ahead == 5.0


def test_signals_are_joined_in_the_order_of_their_names() -> None:
    """Those of the first ranking, then the reader's."""
    scores = np.array([0.7])
    read = read_of(1.0)
    reading = measure_reading(scores, scores, read)
    row = join_signals(replace(NO_SIGNALS, score=3.0), reading)
    named = dict(zip((*SIGNALS, *READING_SIGNALS), row.tolist(), strict=True))
    assert (named["score"], named["matched"], named["top"]) == (3.0, 0.7, read.sentences[0])


def test_probability_is_logistic() -> None:
    """Weights times signals plus a constant, through the logistic function."""
    row = np.zeros(COUNT)
    row[[0, len(SIGNALS)]] = 2.0, 1.0
    model = model_of(bias=0.5, score=1.0, answered=-3.0)
    assert model.probability(row) == pytest.approx(1 / (1 + math.exp(0.5)))


@given(st.lists(st.floats(-1e9, 1e9), min_size=COUNT, max_size=COUNT))
def test_probability_stays_within_bounds(row: list[float]) -> None:
    """Extreme signals overflow nothing."""
    assert 0 <= packaged_model().probability(np.array(row)) <= 1


def test_weights_are_read_by_name() -> None:
    """The order in the file does not matter."""
    names = (*SIGNALS, *READING_SIGNALS)
    weights = {"bias": -1.0} | {name: float(i) for i, name in reversed(list(enumerate(names)))}
    settings = {"weight": 1.5, "calibration": weights, "tiers": {"says": 0.9, "may": 0.4}}
    model = make_model(settings)
    assert model.weights.tolist() == list(range(COUNT))
    assert (model.reader_weight, model.bias, model.tiers) == (1.5, -1.0, Tiers(0.4, 0.9))


def test_every_signal_has_a_name_of_its_own() -> None:
    """Weights are kept by these names, so two signals of one name would share theirs."""
    names = [*SIGNALS, *READING_SIGNALS]
    assert len(set(names)) == len(names)


def test_the_packaged_settings_are_complete() -> None:
    """Every signal has a weight, and nothing else has one."""
    names = {*SIGNALS, *READING_SIGNALS, "bias"}
    assert set(reader_settings()["calibration"]) == names
    assert all(map(math.isfinite, reader_settings()["calibration"].values()))
    assert packaged_model().reader_weight > 0


def test_an_article_says_less_often_than_it_may() -> None:
    """The packaged tiers are probabilities in their order."""
    tiers = packaged_model().tiers
    assert 0 < tiers.may < tiers.says < 1


def test_the_packaged_settings_belong_to_the_packaged_weights() -> None:
    """By the hash of the file and the identity of the model that has the word embeddings."""
    found = hashlib.sha256(WEIGHTS_FILE.read_bytes()).hexdigest()
    assert reader_settings()["sha256"] == found
    assert reader_settings()["model"] == identify_model(find_model(None))


def test_the_packaged_weights_are_small() -> None:
    """They come with every installation."""
    assert WEIGHTS_FILE.stat().st_size <= 15e6


def test_a_surer_reader_makes_a_surer_answer() -> None:
    """Whatever is fitted: a sentence that answers for certain is more probable than none."""
    scores = np.array([0.5, 0.0])
    rows = []
    for read in (read_of(8.0, -8.0), read_of(-8.0, -8.0)):
        told = measure_reading(scores, fuse_scores(scores, read, 1.0), read)
        rows.append(join_signals(NO_SIGNALS, told))
    sure, none = map(packaged_model().probability, rows)
    assert sure > none
