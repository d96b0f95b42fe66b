"""Signs of emphasis are not shown, and what stands between them is found again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.emphasis import emphasis_signs, without, without_emphasis
from index.datatypes import Span


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("the *Karin B* sails", "the Karin B sails"),
        ("**How?** So.", "How? So."),
        ("***All*** of _it_, __and more__.", "All of it, and more."),
        ("(*so*)", "(so)"),
    ],
)
def test_signs_of_emphasis_go(text: str, shown: str) -> None:
    """The words stay, with the marks beside them."""
    assert without_emphasis(text) == shown


@pytest.mark.parametrize(
    "text", ["2 * 3 * 4", "snake_case_name", "__init__", "* one\n* two", r"\*no\*", "a*b*c", "**"]
)
def test_other_signs_stay(text: str) -> None:
    """A product, a name of a program, the marks of a list."""
    assert without_emphasis(text) == text


@given(st.text(alphabet="ab *_\n", max_size=40), st.data())
def test_a_span_keeps_its_words(text: str, data: st.DataObject) -> None:
    """What a span holds is the same but for the signs."""
    start = data.draw(st.integers(0, len(text)))
    span = Span(start, data.draw(st.integers(start, len(text))))
    shown, [moved] = without(text, list(emphasis_signs(text)), span)

    assert _letters(text, span) == _letters(shown, moved)


def _letters(text: str, span: Span) -> list[str]:
    return [sign for sign in text[span.start : span.end] if sign not in "*_"]
