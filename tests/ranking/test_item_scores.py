"""Items of lists that are just what is asked for: an amount, or the rule for one."""

from __future__ import annotations

import pytest
from built_texts import built

from index.ranking.item_scores import AMOUNT_WORTH, RULE_WORTH, item_scores

CAKE = """Lemon cake

- 4 eggs
- 250 g flour
- a lemon

1. Beat the eggs; you need to beat each of the 4 eggs for a minute before the next egg goes in.
2. Fold in the flour."""

RULES = """Home office

1. Staff may work from home three days a week.
2. Interns sit with their team. Interns get a desk, and interns get no keys.
3. Work from home is not possible for interns."""


@pytest.mark.parametrize(
    ("question", "item"),
    [
        ("how many eggs do I need?", "- 4 eggs"),
        ("how much flour goes in?", "- 250 g flour"),
        ("How many lemons?", "- a lemon"),
    ],
)
def test_an_amount_is_what_it_is_asked_for(question: str, item: str) -> None:
    """The ingredient answers how much of it is needed, not what is done with it."""
    candidates = built(CAKE)

    worth = zip(candidates.sentences, item_scores(question, candidates), strict=True)
    assert [sentence.text for sentence, value in worth if value == AMOUNT_WORTH] == [item]


def test_the_rule_that_has_all_that_is_asked_rises() -> None:
    """A rule that names interns more often, but no work from home, says nothing of that."""
    candidates = built(RULES)

    worth = zip(
        candidates.sentences, item_scores("may interns work from home?", candidates), strict=True
    )
    assert [sentence.text for sentence, value in worth if value == RULE_WORTH] == [
        "3. Work from home is not possible for interns."
    ]


@pytest.mark.parametrize("question", ["who works from home?", "what is done with the eggs?"])
def test_other_questions_are_left_alone(question: str) -> None:
    """Items are worth nothing to who asks neither for an amount nor for yes or no."""
    assert not item_scores(question, built(f"{CAKE}\n\n{RULES}")).any()
