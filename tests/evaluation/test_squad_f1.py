"""Wordings are compared as SQuAD compares them."""

from __future__ import annotations

import pytest

from index.evaluation.squad_f1 import words_f1


@pytest.mark.parametrize(
    ("given", "wanted", "score"),
    [
        ("the old pier", "pier", 2 / 3),
        ("a pier.", "Pier", 1.0),
        ("rope", "pier", 0.0),
        ("pier pier", "pier", 2 / 3),
        ("the", "a", 1.0),
    ],
)
def test_words_are_compared_as_squad_compares_them(given: str, wanted: str, score: float) -> None:
    """Without articles, marks and capitals; a word counts as often as both have it."""
    assert words_f1(given, wanted) == pytest.approx(score)
