"""Sentences that say the same, and those that say the opposite of each other."""

from __future__ import annotations

import pytest

from index.text.sameness import opposed, say_the_same

RULE = "Objections must be filed within 180 days of the decision."


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (RULE, "Objections must be filed within 270 days of the decision."),
        ("The new bridge will open in May.", "The new bridge will not open in May."),
        ("Dogs are allowed on the beach.", "Dogs are no longer allowed on the beach."),
    ],
)
def test_an_old_rule_and_a_new_one_are_opposed(first: str, second: str) -> None:
    """They speak of the same, and give another number or deny it."""
    assert opposed(first, second)
    assert not say_the_same(first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (RULE, RULE),
        ("A tyre change for the Zoe costs 70 euros.", "A service for the Polo costs 170 euros."),
        ("Adults: 12 euros", "Children: 4 euros"),
    ],
)
def test_other_sentences_are_not(first: str, second: str) -> None:
    """The same sentence again, and prices of different things, oppose nothing."""
    assert not opposed(first, second)


def test_a_report_with_another_comma_says_the_same() -> None:
    """Agencies' reports differ in a name or a comma."""
    assert say_the_same(RULE, "Objections must be filed, within 180 days of the decision.")
