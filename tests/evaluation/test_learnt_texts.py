"""What a reader has learnt from does not judge it, and is known again."""

from __future__ import annotations

from index.evaluation.learnt_texts import packaged_hashes, sketch_texts, was_learnt_from
from index.storage.database import seed_articles

STORY = " ".join(f"the ship number {i} came into the harbour on day {i * 7}" for i in range(40))


def test_a_text_is_known_again_inside_another_one() -> None:
    """Case, signs and what stands around it make no difference."""
    learnt = sketch_texts([STORY])
    assert was_learnt_from(f"A preface of some words. {STORY.upper()}! And an end.", learnt)


def test_other_texts_are_not_taken_for_it() -> None:
    """Not even those with the same words in another order."""
    learnt = sketch_texts([STORY])
    assert not was_learnt_from(" ".join(sorted(STORY.split())), learnt)


def test_a_short_text_has_no_runs() -> None:
    """Fewer words than a run are known from nowhere."""
    assert not was_learnt_from("the ship came", sketch_texts([STORY]))


def test_the_shipped_article_was_not_learnt_from() -> None:
    """The packaged list is there, and the first article is not on it."""
    [seed] = seed_articles()
    assert len(packaged_hashes()) > 10_000
    assert not was_learnt_from(seed.text)
