"""Windows are cut between sentences, keep to their budget, and lose nothing of a text."""

from __future__ import annotations

from itertools import chain

import pytest
from small_texts import texts

from index.reading.reading_windows import positions_around
from index.training.reading.text_windows import (
    ReadingWindow,
    choose_text_windows,
    tile_text,
    tokenise_window,
)
from index.training.reading.tokenised_texts import ReadText

EACH_TEXT = pytest.mark.parametrize("text", texts(), ids=lambda text: text.id)
BUDGETS = pytest.mark.parametrize("budget", [48, 88, 128])


@EACH_TEXT
@BUDGETS
@pytest.mark.parametrize("first", [0, 5])
def test_the_windows_of_a_text_hold_each_sentence_once(
    text: ReadText, budget: int, first: int
) -> None:
    """In order, wherever the cuts begin."""
    windows = tile_text(text, budget, first)
    positions = chain.from_iterable(window.positions for window in windows)
    assert list(positions) == list(range(len(text.sentences)))


@EACH_TEXT
@BUDGETS
def test_a_window_keeps_to_its_budget(text: ReadText, budget: int) -> None:
    """With title and special tokens, unless one sentence alone is longer."""
    for window in tile_text(text, budget):
        length = len(tokenise_window(text, window, 1000).ids)
        assert length <= budget or len(window.positions) == 1


@EACH_TEXT
@BUDGETS
def test_the_window_around_a_sentence_holds_it_and_its_neighbours(
    text: ReadText, budget: int
) -> None:
    """Consecutive sentences that fit into the room, of which none more would on either side."""
    counts = [len(sentence.ids) for sentence in text.sentences]
    for position, count in enumerate(counts):
        around = positions_around(counts, position, budget)
        length = sum(counts[at] for at in around)
        outside = [at for at in (around.start - 1, around.stop) if 0 <= at < len(counts)]
        assert position in around
        assert length <= budget or length == count
        assert all(length + counts[at] > budget for at in outside)


@EACH_TEXT
def test_each_token_of_a_window_knows_its_sentence(text: ReadText) -> None:
    """Its place in the text lies inside the sentence that owns it."""
    window = tile_text(text, 88)[1]
    tokens = tokenise_window(text, window)
    assert len(tokens.ids) == len(tokens.owner) == len(tokens.places)
    for owner, (start, end) in zip(tokens.owner, tokens.places, strict=True):
        if owner >= 0:
            sentence = text.sentences[window.positions[owner]]
            assert sentence.start <= start < end <= sentence.end


def test_a_sentence_longer_than_a_window_is_cut() -> None:
    """The window ends with its last special token all the same."""
    [text, _] = texts()
    tokens = tokenise_window(text, ReadingWindow((1,)), 12)
    assert len(tokens.ids) == 12
    assert tokens.owner[-1] == -1


def test_windows_are_chosen_around_the_best_sentences() -> None:
    """Each around the best-ranked one that is in none yet, and no more than asked for."""
    [text, _] = texts()
    ranked = [(0, 3.0), (1, 2.5), (12, 2.0), (6, 1.0)]
    windows = choose_text_windows(text, ranked, 2, 64)
    assert [0 in windows[0].positions, 12 in windows[1].positions, len(windows)] == [True, True, 2]
