"""Who asks says "I", and an article says "you"."""

from __future__ import annotations

import pytest

from index.text.as_addressed import as_addressed


@pytest.mark.parametrize(
    ("asked", "addressed"),
    [
        ("how often can I renew?", "how often can you renew?"),
        ("can i bring my dog, if i hold it?", "can you bring your dog, if you hold it?"),
        ("I study in Harlow, am I a member?", "you study in Harlow, are you a member?"),
        ("My card is lost. What do I do?", "your card is lost. What do you do?"),
        ("what if I'm late, will it cost me?", "what if you are late, will it cost you?"),
        ("don't I have to pay?", "don't you have to pay?"),
        ("is the book I lost replaced?", "is the book you lost replaced?"),
        ("must I come myself?", "must you come yourself?"),
    ],
)
def test_who_asks_is_addressed(asked: str, addressed: str) -> None:
    """The first person becomes the second, with its verb."""
    assert as_addressed(asked) == addressed


@pytest.mark.parametrize(
    "question",
    [
        "what began World War I?",
        "did Elizabeth I have children?",
        "who wrote My Fair Lady?",
        "what do phase I trials show?",
        "tell me who pays",
        "quali sono i costi?",
        "¿qué me cuesta?",
        "what conditions did the US set for us?",
        "I",
    ],
)
def test_all_else_is_left_alone(question: str) -> None:
    """Names, requests, other languages, and what asks nothing."""
    assert as_addressed(question) == question
