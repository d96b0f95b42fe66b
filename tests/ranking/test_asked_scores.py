"""By-lines and the new words of fragments are worth something to those who ask for them."""

from __future__ import annotations

import pytest
from test_block_scores import candidates_of

from index.ranking.asked_scores import byline_scores, new_scores
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
    worth = byline_scores(question, candidates_of(STORY))

    assert [value > 0 for value in worth] == [False, True, False, False]


@pytest.mark.parametrize("question", ["Who wrote the letter?", "When was the mill published?"])
def test_a_by_line_says_nothing_else(question: str) -> None:
    """An author or a date of anything in the article is not that of the article."""
    assert not byline_scores(question, candidates_of(STORY)).any()


def test_new_words_are_worth_what_a_sentence_has_of_them() -> None:
    """A sentence with both words of a fragment is worth twice one with one of them."""
    worth = new_scores(frozenset(words("mill burnt")), candidates_of(STORY))

    assert worth.tolist() == [2, 0, 4, 0]
