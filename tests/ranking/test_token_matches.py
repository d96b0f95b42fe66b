"""Tokens of a question beside those of sentences, by exact numbers."""

from __future__ import annotations

import numpy as np
import pytest

from index.encoding.protocol import TokenVectors
from index.encoding.token_windows import EncodedSentence, describe_sentence, quantise
from index.ranking.answer_types import ExpectedAnswer
from index.ranking.token_matches import match_tokens


def tokens_of(*rows: tuple[float, float]) -> TokenVectors:
    """Tokens in two dimensions; in the inner layer these are the other way round."""
    vectors = np.array(rows, np.float32).reshape(-1, 2)
    return TokenVectors(vectors[:1], vectors, vectors[:, ::-1], np.zeros((len(rows), 2), np.int32))


def along(*rows: tuple[float, float]) -> EncodedSentence:
    """A sentence with those vectors in both layers."""
    vectors = np.array(rows, np.float32).reshape(-1, 2)
    return describe_sentence("", "en", quantise(np.stack([vectors, vectors])))


def test_each_token_takes_its_best_cosine() -> None:
    """MaxSim: the nearest token of the sentence counts; the other way it is a mean."""
    matches = match_tokens(
        tokens_of((1, 0), (0.6, 0.8)), [along((0, 1), (0.8, 0.6)), along((0, 1))], None
    )
    assert matches.best[0] == pytest.approx(np.array([[0.8, 0], [0.96, 0.8]]), abs=3e-3)
    assert matches.best[1] == pytest.approx(np.array([[1, 1], [1, 0.6]]), abs=3e-3)
    assert matches.covered == pytest.approx([(0.8 + 0.96) / 2, 0.8], abs=3e-3)


def test_a_sentence_without_tokens_matches_nothing() -> None:
    """An empty sentence between others keeps its place and gets 0."""
    full, empty = along((0, 1)), along()
    matches = match_tokens(tokens_of((0, 1)), [empty, full, empty], None)
    assert matches.best[0] == pytest.approx(np.array([[0, 1, 0]]))
    assert matches.covered == pytest.approx([0, 1, 0])


def test_what_is_wanted_is_one_more_row() -> None:
    """A direction takes no part in the matches, and is offered by each token beside them."""
    expected = ExpectedAnswer(np.array([[0, 2], [3, 0]], np.float32), np.zeros(2, np.float32))
    matches = match_tokens(tokens_of((1, 0)), [along((0.6, 0.8)), along((1, 0), (0, 1))], expected)
    assert matches.best[0] == pytest.approx(np.array([[0.6, 1]]), abs=3e-3)
    assert matches.offered == pytest.approx(np.array([[1.6, 0, 2], [1.8, 3, 0]]), abs=9e-3)
