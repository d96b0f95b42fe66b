"""Windows of whole paragraphs, and the tokens of each sentence inside them."""

from __future__ import annotations

import numpy as np
from fakes import HashingEncoder
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from index.datatypes import Article, Sentence, Span
from index.encoding.token_windows import NEGLIGIBLE, cut_windows, encode_windows, quantise


def sentences_of(*paragraphs: int) -> list[Sentence]:
    """Make as many sentences in each paragraph as its number says, ten characters each."""
    numbers = [n for n, count in enumerate(paragraphs, start=1) for _ in range(count)]
    return [Sentence(Span(i * 10, i * 10 + 9), number) for i, number in enumerate(numbers)]


def test_short_paragraphs_share_a_window() -> None:
    """Whole paragraphs are put together as long as they fit."""
    assert cut_windows(sentences_of(1, 1, 1), [4, 4, 4], limit=8) == [range(2), range(2, 3)]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    """A paragraph over the limit is divided at the borders of its sentences."""
    windows = cut_windows(sentences_of(1, 4), [2, 5, 5, 5, 5], limit=10)
    assert windows == [range(1), range(1, 3), range(3, 5)]


def test_a_sentence_over_the_limit_stands_alone() -> None:
    """A sentence longer than a window has one of its own."""
    assert cut_windows(sentences_of(3), [2, 50, 2], limit=10) == [
        range(1),
        range(1, 2),
        range(2, 3),
    ]


def test_no_sentences_no_windows() -> None:
    """An article without sentences has no windows."""
    assert cut_windows([], [], limit=10) == []


@given(st.lists(st.lists(st.integers(0, 40), min_size=1), max_size=12), st.integers(1, 60))
def test_windows_hold_every_sentence_once(counts: list[list[int]], limit: int) -> None:
    """Windows follow each other without a gap and exceed the limit only for one sentence."""
    sentences = sentences_of(*(len(paragraph) for paragraph in counts))
    flat = [count for paragraph in counts for count in paragraph]
    windows = cut_windows(sentences, flat, limit)

    assert [i for window in windows for i in window] == list(range(len(flat)))
    for window in windows:
        own = [flat[i] for i in window]
        assert sum(own) <= limit or sum(count > 0 for count in own) == 1


def test_tokens_go_to_the_sentence_they_start_in() -> None:
    """Each sentence of a window gets its own tokens, whatever stands before the window."""
    text = "Before it.\n\nOne two. Three"
    sentences = [Sentence(Span(0, 10), 1), Sentence(Span(12, 20), 2), Sentence(Span(21, 26), 2)]
    encoder = HashingEncoder()
    [[first, second]] = encode_windows([(Article("a", "A", text), sentences[1:])], encoder)

    expected = quantise(encoder.encode_tokens(["one two three"])[0].vectors)
    assert (first.layers.values[0] == expected.values[:2]).all()
    assert (first.layers.values[1] == -expected.values[:2]).all()
    assert (second.layers.values[0] == expected.values[2:]).all()


@given(
    arrays(
        np.float32, st.tuples(st.integers(0, 5), st.just(8)), elements=st.floats(-1, 1, width=32)
    )
)
def test_rounded_vectors_are_off_by_half_a_step(vectors: NDArray[np.float32]) -> None:
    """No component moves further than half of a 127th of the largest of its vector."""
    rounded = quantise(vectors)
    steps = np.abs(vectors).max(axis=1, initial=0.0) / 127
    restored = rounded.values * rounded.scales[:, None]
    assert (np.abs(restored - vectors) <= 0.5001 * steps[:, None] + NEGLIGIBLE).all()
