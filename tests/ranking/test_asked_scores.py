"""By-lines and the new words of fragments are worth something to those who ask for them."""

from __future__ import annotations

import pytest
from built_texts import built

from index.ranking.asked_scores import QUESTION_WORTH, byline_scores, new_scores, question_scores
from index.text.words import words

STORY = "Fire in the mill\n\nBy Ann Lee | 12 July 2021\n\nThe mill burnt down. Ann Roe saw it."


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote this?",
        "who is the author of the article",
        "When was it published?",
        "the author?",
    ],
)
def test_a_by_line_answers_who_and_when(question: str) -> None:
    """Whoever asks for the author or the date of the article gets its by-line."""
    worth = byline_scores(question, built(STORY))

    assert [value > 0 for value in worth] == [False, True, False, False]


@pytest.mark.parametrize(
    ("question", "signed"),
    [("who maintains the tea timer", True), ("who made tea", True), ("who made the kettle", False)],
)
def test_a_signature_answers_who_made_what_the_title_names(question: str, signed: bool) -> None:
    """The name below a text is that of who made it, and of nothing else."""
    candidates = built("It rings.\n\nAnn Lee <ann@example.org>", "Manual of the tea timer")

    assert byline_scores(question, candidates).any() == signed


@pytest.mark.parametrize("question", ["Who wrote the letter?", "When was the mill published?"])
def test_a_by_line_says_nothing_else(question: str) -> None:
    """An author or a date of anything in the article is not that of the article."""
    assert not byline_scores(question, built(STORY)).any()


@pytest.mark.parametrize(
    ("question", "worth"), [("does it float", 1), ("why float on water", 0.5), ("the ship", 0)]
)
def test_the_authors_own_questions_are_worth_their_words(question: str, worth: float) -> None:
    """Who asks in the words of an FAQ means that question; half of them is too little."""
    found = question_scores(question, built("Q. Does it float?\n\nA. Not at sea."))

    assert found.tolist() == [QUESTION_WORTH * worth * (worth > 0.5), 0]


def test_new_words_are_worth_what_a_sentence_has_of_them() -> None:
    """A sentence with both words of a fragment is worth twice one with one of them."""
    worth = new_scores(frozenset(words("mill burnt")), built(STORY))

    assert worth.tolist() == [2, 0, 4, 0]
