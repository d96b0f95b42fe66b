"""A sentence that differs from a question in the one word that matters does not answer it."""

from __future__ import annotations

import pytest

from index.text.swaps import says_otherwise
from index.text.words import words

SHOP = "The tea shop at the quay closed in March."
ERROR = "Fault K-310 means that the belt is torn."


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("When did the tea shop open?", SHOP),
        ("Who applauded the plan?", "Fishermen condemned the plan since it has no slipway."),
        ("When will the night train begin to run?", "The night train will cease to run in May."),
        ("How long is the Arden tunnel?", "The Arden bridge is 90 metres long."),
        ("What does K-311 mean?", ERROR),
        ("what does k-311 mean", ERROR),
    ],
)
def test_the_opposite_is_no_answer(question: str, sentence: str) -> None:
    """An opposite, another thing of the kind, another code: the rest of the words is the same."""
    assert says_otherwise(question, sentence, frozenset(words(sentence)))


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("When did the tea shop close?", SHOP),
        ("Did the tea shop at the quay open in March?", SHOP),
        ("When did the library shut?", SHOP),
        ("When did the tea shop not open?", SHOP),
        ("When did the tea shop open and close?", SHOP),
        ("When did prices rise?", "Prices grew in May after they had fallen for a year."),
        ("What does K-310 mean?", ERROR),
        ("What does the fault mean?", ERROR),
        ("Which part is W-20?", ERROR),
    ],
)
def test_what_may_answer_is_left_alone(question: str, sentence: str) -> None:
    """A synonym, a denial, yes and no, other words altogether: matching and reading decide."""
    assert not says_otherwise(question, sentence, frozenset(words(sentence)))


def test_what_the_article_speaks_of_is_no_swap() -> None:
    """A thing of the same kind that is spoken of elsewhere may be meant by a pronoun here."""
    everywhere = frozenset(words("The Arden tunnel is old. The Arden bridge is 90 metres long."))

    assert not says_otherwise(
        "How long is the Arden tunnel?", "The Arden bridge is 90 metres long.", everywhere
    )
