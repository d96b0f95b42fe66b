"""The best rows by words are those of adding up every row's score."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.retrieval import bm25
from index.retrieval.bm25 import K1, B, idf, rank

words = st.lists(
    st.tuples(
        st.sampled_from([0.1, 0.5, 1.0, 4.0, 9.0]),
        st.sets(st.integers(0, 39), max_size=40).map(lambda rows: np.array(sorted(rows), "u4")),
    ),
    max_size=6,
)


@given(
    words=words,
    seed=st.integers(0, 100),
    top_k=st.integers(1, 12),
    few=st.sampled_from([0, 10, 40]),
)
def test_skipping_rows_loses_none_of_the_best(words, seed, top_k, few):
    """The rows, their order and their scores are those of the formula, applied to every row."""
    lengths = np.random.default_rng(seed).integers(1, 30, 40).astype(np.uint16)
    mean = float(lengths.mean())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bm25, "FEW", few)
        ranked = rank(words, lengths, mean, top_k)

    scores = {
        row: sum(
            weight * (K1 + 1) / (1 + K1 * (1 - B + B * int(lengths[row]) / mean))
            for weight, rows in sorted(words, key=lambda word: -word[0])
            if row in rows
        )
        for row in {int(row) for _, rows in words for row in rows}
    }
    expected = sorted(scores, key=lambda row: (-round(scores[row], 9), row))[:top_k]
    assert [score for _, score in ranked] == pytest.approx([scores[row] for row in expected])
    assert [row for row, _ in ranked] == expected


def test_a_word_tells_more_the_rarer_it_is():
    """One of ten sentences tells more than nine of ten, by Robertson and Zaragoza's formula."""
    assert idf(1, 10) == pytest.approx(np.log(1 + 9.5 / 1.5))
    assert idf(9, 10) == pytest.approx(np.log(1 + 1.5 / 9.5))
