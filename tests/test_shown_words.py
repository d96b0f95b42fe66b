"""Words of an article are shown as they are read: what only lays out its text is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.shown_words import shown_words
from index.datatypes import Article, Passage, Span
from index.text.blocks import find_blocks

WRAPPED = """1. WHAT YOU MAY DO

You may use the Font in documents, pictures, films and products of
any kind, also for money. Documents made with the Font are well-
known and do not come under this licence, whatever they contain.
"""


def passage(text: str) -> Passage:
    """A passage of *text*, which is all of it."""
    whole = Span(0, len(text))
    return Passage(
        Article("a", "A", text), whole, whole, "sentence", 0.0, (), None, find_blocks(text)
    )


def shown(text: str) -> str:
    """How all of *text* is shown."""
    return shown_words(passage(text), Span(0, len(text)))[0]


def test_wrapped_lines_are_joined() -> None:
    """A heading keeps its line, and a word that was parted gets no space."""
    assert shown(WRAPPED).splitlines()[2:] == [
        "You may use the Font in documents, pictures, films and products of any kind, also for "
        "money. Documents made with the Font are well-known and do not come under this licence, "
        "whatever they contain."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Ann Lee\n12 Mill Lane\nOslund",
        "# Cats\n\n```\nfirst line of code\nsecond line\n```"[8:],
        "The road goes ever on,\nand who may follow it\nshall see the sea.\n"[:22],
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "# Cats\n\nThe cats of this house are asleep  \nuntil the evening."[8:],
    ],
)
def test_lines_that_mean_something_stay(text: str) -> None:
    """An address, code, a table, a line that Markdown is asked to end."""
    assert shown(f"# Title\n\n{text}") == f"Title\n\n{text}"


def test_items_hang_together() -> None:
    """The lines of an item are joined without the indentation of the second."""
    text = "# A\n\n- the first item of this list, which is long\n  and goes on\n- the second"

    assert shown(text).splitlines()[2:] == [
        "- the first item of this list, which is long and goes on",
        "- the second",
    ]


@pytest.mark.parametrize("heading", ["## Cats", "## Cats ##", "Cats\n===="])
def test_signs_of_headings_go(heading: str) -> None:
    """The words of a heading are shown without the sign that makes it one."""
    assert shown(f"# A\n\n{heading}\n\nThey sleep.") == "A\n\nCats\n\nThey sleep."


@given(st.text(alphabet="aB #*>-\n.", max_size=60), st.data())
def test_no_word_is_lost(text: str, data: st.DataObject) -> None:
    """What is shown of any part has its letters, and so has what is marked in it."""
    start, first = (data.draw(st.integers(0, len(text))) for _ in range(2))
    span = Span(start, data.draw(st.integers(start, len(text))))
    mark = Span(first, data.draw(st.integers(first, len(text))))
    words, [marked] = shown_words(passage(text), span, mark)
    common = text[max(span.start, mark.start) : min(span.end, mark.end)]

    assert _letters(words) == _letters(text[span.start : span.end])
    assert _letters(words[marked.start : marked.end]) == _letters(common)


def _letters(text: str) -> list[str]:
    return [sign for sign in text if sign.isalnum()]
