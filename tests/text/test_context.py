"""The paragraphs around a passage."""

from __future__ import annotations

from dataclasses import replace

import pytest
from desks import ARTICLE, PASSAGES, TEXT, passage

from bot.surroundings import surroundings
from index.datatypes import Article, Span


@pytest.mark.parametrize(
    ("words", "around"),
    [
        ("One came.", "One came.\n\nTwo came. They sat."),
        ("They sat.", "One came.\n\nTwo came. They sat.\n\nThree came."),
        ("They sat.\n\nThree came.", TEXT),
        ("Four came.", "Three came.\n\nFour came."),
    ],
)
def test_surroundings(words: str, around: str) -> None:
    """The context of a passage is one paragraph more on each side, where there is one."""
    assert ARTICLE.cut(surroundings(passage(words, 1))) == around


def test_surroundings_of_an_only_paragraph() -> None:
    """A passage that is the whole article is its own context."""
    whole = replace(PASSAGES[0], article=Article("a", "a", "Alone."), span=Span(0, 6))

    assert surroundings(whole) == Span(0, 6)


def test_surroundings_of_a_text_without_paragraphs() -> None:
    """Of a paragraph that never ends, whole sentences near the passage are its context."""
    text = " ".join(f"Guest number {number:04} came in." for number in range(2000))
    start = text.index("Guest number 1000")
    best = Span(start, start + len("Guest number 1000 came in."))
    inside = replace(PASSAGES[0], article=Article("a", "a", text), span=best, best=best)

    around = surroundings(inside)

    assert text[around.start :].startswith("Guest number 0889 came in.")
    assert text[: around.end].endswith("Guest number 1111 came in.")
