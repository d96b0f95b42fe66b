"""What is held out: whole texts, always the same."""

from __future__ import annotations

import random

from index.training.reading.text_folds import FOLDS, find_overlaps, fold_texts


def test_each_kind_is_dealt_out_evenly() -> None:
    """No fold has two texts of a kind more than another."""
    ids = [f"{kind}-{number}" for kind in ("news", "posts") for number in range(12)]
    folds = fold_texts(ids)
    for kind in ("news", "posts"):
        own = [fold for id_, fold in folds.items() if id_.startswith(kind)]
        counts = [own.count(fold) for fold in range(FOLDS)]
        assert max(counts) - min(counts) <= 1


def test_a_fold_does_not_follow_from_the_order() -> None:
    """However the texts are listed, each is in the same fold."""
    ids = [f"own-{number}" for number in range(30)]
    mixed = random.Random(3).sample(ids, len(ids))
    assert fold_texts(mixed) == fold_texts(ids)


def test_the_folds_are_those_that_were_published() -> None:
    """What was held out once stays held out on any machine."""
    published = {"own-c": 0, "own-e": 1, "own-b": 2, "own-a": 3, "own-d": 4, "w-a": 0}
    assert fold_texts(published) == published


def test_a_text_that_shares_a_run_of_words_is_found() -> None:
    """Twelve words in a row are an overlap, whatever their case; eleven are none."""
    words = "a ferry leaves every hour for the small island of Sorrel in"
    assert find_overlaps(
        [f"Today {words.upper()} summer.", f"Now {words[:-3]}."], [f"{words}."]
    ) == [
        True,
        False,
    ]
