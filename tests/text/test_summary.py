"""The central sentences of an article."""

from __future__ import annotations

import numpy as np

from index.text.summary import MIN_SENTENCE_WORDS, central_sentences

LONG = "word " * MIN_SENTENCE_WORDS


def unit(*rows: tuple[float, ...]) -> np.ndarray:
    """Vectors of length 1."""
    vectors = np.array(rows, np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_the_middle_of_a_topic_stands_for_it() -> None:
    """Of three sentences that point alike, the middle one is nearest to the others."""
    vectors = unit((1, 0.5), (1, 0), (1, -0.5))
    assert central_sentences([LONG] * 3, vectors, 1) == [1]


def test_each_topic_is_stood_for() -> None:
    """Two sentences come from two topics, in the order of the article."""
    vectors = unit((0, 1), (1, -0.1), (1, -0.3), (1, -0.5))
    assert central_sentences([LONG] * 4, vectors, 2) == [0, 2]


def test_headings_stand_for_nothing() -> None:
    """A few words are chosen only when there is nothing longer."""
    vectors = unit((1, 0.5), (1, 0), (1, -0.5))
    assert central_sentences([LONG, "A heading", LONG], vectors, 3) == [0, 2]
    assert central_sentences(["One", "Two", "Three"], vectors, 1) == [1]
