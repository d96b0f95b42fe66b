"""The paragraphs around a passage."""

from __future__ import annotations

from dataclasses import replace

import pytest
from answerers import ARTICLE, TEXT, passage

from index.datatypes import Article, Passage, Span
from index.text.blocks import find_blocks
from index.text.context import context_span
from index.text.sentences import split_sentences


def quoted(text: str, span: Span) -> Passage:
    """Make the passage at *span* of an article of its own."""
    sentences = split_sentences(text)
    return Passage(Article("a", "a", text), span, span, "sentence", 1.0, sentences)


@pytest.mark.parametrize(
    ("words", "around"),
    [
        ("One came.", "One came.\n\nTwo came. They sat."),
        ("They sat.", "One came.\n\nTwo came. They sat.\n\nThree came."),
        ("They sat.\n\nThree came.", TEXT),
        ("Four came.", "Three came.\n\nFour came."),
    ],
)
def test_context(words: str, around: str) -> None:
    """The context of a passage is one paragraph more on each side, where there is one."""
    assert ARTICLE.cut(context_span(passage(words))) == around


@pytest.mark.parametrize("begins", ["## Dogs", "**Do dogs sleep?**"])
def test_context_ends_before_something_else_begins(begins: str) -> None:
    """A heading or a question below the passage says nothing about it."""
    asked = "**Do cats eat?**\n\nYes.\n\n**Do cats sleep?**\n\nNo.\n\n"
    text = f"# Cats\n\n{asked}{begins}\n\nThey do not."
    blocks = find_blocks(text)
    best = Span(text.index("No."), text.index("No.") + 3)
    whole = replace(
        quoted(text, best), sentences=split_sentences(text, "en", blocks), blocks=blocks
    )

    around = context_span(whole)

    assert text[around.start : around.end] == "**Do cats sleep?**\n\nNo."


def test_a_list_is_one_paragraph_of_a_context() -> None:
    """It is shown whole, on both sides."""
    text = "# Cats\n\n- Eat\n- Sleep\n- Purr\n\nAll of it.\n\n1. Now\n2. Then\n\nYes."
    blocks = find_blocks(text)
    best = Span(text.index("All"), text.index("All") + 10)
    whole = replace(
        quoted(text, best), sentences=split_sentences(text, "en", blocks), blocks=blocks
    )

    around = context_span(whole)

    assert text[around.start : around.end] == text[text.index("- Eat") : text.index("\n\nYes.")]


def test_context_of_an_only_paragraph() -> None:
    """A passage that is the whole article is its own context."""
    whole = quoted("Alone.", Span(0, 6))

    assert context_span(whole) == Span(0, 6)


def test_context_of_a_text_without_paragraphs() -> None:
    """Of a paragraph that never ends, whole sentences near the passage are its context."""
    text = " ".join(f"Guest number {number:04} came in." for number in range(2000))
    start = text.index("Guest number 1000")
    best = Span(start, start + len("Guest number 1000 came in."))

    around = context_span(quoted(text, best))

    assert text[around.start :].startswith("Guest number 0889 came in.")
    assert text[: around.end].endswith("Guest number 1111 came in.")
