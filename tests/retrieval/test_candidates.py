"""Which sentences are worth ranking: the nearest by both searches, and those beside them."""

from __future__ import annotations

from fakes import loaded_article

from index.datatypes import LoadedArticle
from index.retrieval.candidates import (
    NEIGHBOURS,
    WINDOWS,
    add_neighbours,
    all_sentences,
    fuse,
)


def article_of(count: int, window: int) -> LoadedArticle:
    """Make an article of *count* sentences, so many of them a *window*."""
    loaded = loaded_article([f"Sentence {i}." for i in range(count)])
    windows = [range(i - i % window, i - i % window + window) for i in range(count)]
    return LoadedArticle(loaded.key, loaded.article, loaded.sentences, window_of=windows)


def test_rankings_are_fused_by_rank() -> None:
    """What both rankings have comes before what only one has, whatever its rank."""
    first, both, other = (1, 0), (1, 1), (2, 0)
    assert fuse([[first, both], [other, both]]) == [both, first, other]


def test_all_sentences_come_in_order() -> None:
    """Those of the article that was added first come first."""
    loaded = {2: article_of(1, 1), 1: article_of(2, 2)}
    assert all_sentences(loaded) == [(1, 0), (1, 1), (2, 0)]


def test_neighbours_are_those_of_the_same_article() -> None:
    """On either side, as far as there are sentences."""
    found = add_neighbours([(1, 1)], {1: article_of(20, 20)})
    assert found == [(1, at) for at in range(1 + NEIGHBOURS + 1)]


def test_neighbours_in_windows_too_many_are_left_out() -> None:
    """The windows of the best sentences count, in their order; no other is encoded."""
    count = 2 * (WINDOWS + 2)
    best = [(1, at) for at in range(count - 2, -1, -2)]
    found = add_neighbours(best, {1: article_of(count, 2)})
    assert found == [(1, at) for at in range(count - 2 * WINDOWS, count)]
