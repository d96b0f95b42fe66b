"""Follow-up questions are read with the question that they follow."""

from __future__ import annotations

import pytest

from index.text.followups import question_variants

FIRST = "What did the council decide about the bridge?"


@pytest.mark.parametrize(
    "question", ["why?", "Who is he?", "When did they do that?", "and then what?"]
)
def test_an_elliptic_question_is_completed(question: str) -> None:
    """A question that leans on the one before is asked together with it."""
    assert question_variants(question, [FIRST]) == (f"{FIRST} {question}",)


@pytest.mark.parametrize("question", ["and the mayor?", "what about women?", "But the price?"])
def test_words_of_its_own_are_read_alone_too(question: str) -> None:
    """What a follow-up brings anew counts more than what it repeats."""
    assert question_variants(question, [FIRST]) == (f"{FIRST} {question}", question)


@pytest.mark.parametrize(
    "question",
    [
        "Who is the mayor?",
        "How much did the old harbour and its two piers cost the town?",
        "storm",
    ],
)
def test_a_complete_question_is_left_alone(question: str) -> None:
    """What stands by itself is not disturbed by what was asked before."""
    assert question_variants(question, [FIRST]) == (question,)


def test_the_last_complete_question_counts() -> None:
    """Follow-ups in a row all mean the question that they began with."""
    assert question_variants("why?", ["Who won?", FIRST, "and when?"]) == (f"{FIRST} why?",)


def test_without_history_nothing_is_added() -> None:
    """An elliptic question that follows nothing, or only others like it, stays as it is."""
    assert question_variants("why?", ["and then?"]) == ("why?",)
