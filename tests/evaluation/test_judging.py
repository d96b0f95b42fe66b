"""What one question got, judged."""

from __future__ import annotations

from dataclasses import replace

import pytest
from judged_questions import ARTICLE, SPANS, answer, ask

from index.datatypes import Answer, Span
from index.evaluation.judging import judge


def test_a_hit_overlaps_the_gold_span() -> None:
    """The rank is that of the first sentence that overlaps the evidence."""
    outcome = judge(ask(Span(25, 27)), answer(0, 2, 1))

    assert (outcome.rank, outcome.best_is_right, outcome.best) == (2, False, "One two.")


def test_touching_is_no_hit() -> None:
    """A sentence that ends where the evidence begins shares no character with it."""
    assert judge(ask(Span(8, 9)), answer(0, 1)).rank is None


def test_any_evidence_makes_a_hit() -> None:
    """Where the evidence is in several places, a sentence at any of them is right."""
    outcome = judge(ask(SPANS[0], SPANS[3]), answer(3, 1))

    assert (outcome.rank, outcome.best_is_right) == (1, True)


def test_ranks_end_at_ten() -> None:
    """What stands further down than the tenth place was not found."""
    assert judge(ask(SPANS[1]), answer(*[0] * 9, 1)).rank == 10
    assert judge(ask(SPANS[1]), answer(*[0] * 10, 1)).rank is None


def test_another_article_is_never_right() -> None:
    """The same offsets in another article are no hit and show no evidence."""
    outcome = judge(ask(SPANS[0]), answer(0, article=replace(ARTICLE, id="b")))

    assert (outcome.article, outcome.rank, outcome.best_is_right) == ("b", None, False)
    assert (outcome.recall, outcome.all_shown) == (0.0, False)


def test_off_topic_is_not_answerable() -> None:
    """Of another article nothing is right, even with evidence in the question's own."""
    outcome = judge(ask(SPANS[0]), answer(0), off_topic=True)

    assert (outcome.off_topic, outcome.answerable, outcome.rank) == (True, False, None)


def test_nothing_found() -> None:
    """An answer without passages is judged too."""
    outcome = judge(ask(SPANS[0]), Answer("q", "not", 0.0, (), (), 1.0))

    assert (outcome.article, outcome.best, outcome.rank) == ("", "", None)
    assert (outcome.best_is_right, outcome.recall, outcome.characters) == (False, 0.0, 0)


def test_evidence_is_shown_when_nine_tenths_are() -> None:
    """Nine tenths of every evidence span must lie inside the passages."""
    assert judge(ask(Span(0, 10)), answer(0, shown=[Span(0, 9)])).all_shown
    assert not judge(ask(Span(0, 10)), answer(0, shown=[Span(0, 8)])).all_shown


def test_recall_is_the_share_of_characters() -> None:
    """Half of the evidence's 20 characters are shown: one of two spans, so not all."""
    outcome = judge(ask(Span(0, 10), Span(31, 41)), answer(0, shown=[Span(0, 10)]))

    assert (outcome.recall, outcome.all_shown) == (0.5, False)


def test_several_passages_show_evidence_together() -> None:
    """Parts of a span in two passages add up, and what both show counts once."""
    halves = judge(ask(Span(0, 10)), answer(0, shown=[Span(0, 5), Span(5, 10)]))
    twice = judge(ask(Span(0, 10)), answer(0, shown=[Span(0, 5), Span(0, 5)]))

    assert (halves.recall, halves.characters) == (1.0, 10)
    assert (twice.recall, twice.characters) == (0.5, 10)


@pytest.mark.parametrize(
    ("confidence", "tier", "answered"),
    [(0.97, "says", True), (0.6, "may", True), (0.3, "not", False)],
)
def test_the_tier_is_that_of_the_answer(confidence: float, tier: str, answered: bool) -> None:
    """An outcome keeps the answer's tier; below the lowest but one it is refused."""
    outcome = judge(ask(SPANS[0]), answer(0, confidence=confidence))

    assert (outcome.tier, outcome.answered) == (tier, answered)


def test_answer_words_are_compared_with_a_short_answer() -> None:
    """The words of the first passage count, whatever else its sentence says."""
    said = answer(0)
    named = replace(said, passages=(replace(said.passages[0], answer=Span(4, 7)),))

    assert judge(ask(Span(4, 7), short=True), named).words_f1 == 1.0


def test_a_sentence_without_answer_words_is_said_whole() -> None:
    """Of "One two." only one word of two is in "two"."""
    assert judge(ask(Span(4, 7), short=True), answer(0)).words_f1 == pytest.approx(2 / 3)


def test_answer_words_without_a_measure() -> None:
    """Not compared: with a long answer, off topic, unanswerable, or when nothing is said."""
    short = ask(Span(4, 7), short=True)

    assert judge(ask(SPANS[0]), answer(0)).words_f1 is None
    assert judge(short, answer(0), off_topic=True).words_f1 is None
    assert judge(ask(), answer(0)).words_f1 is None
    assert judge(short, Answer("q", "not", 0.0, (), (), 1.0)).words_f1 is None
