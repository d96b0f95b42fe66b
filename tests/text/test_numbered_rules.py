"""Numbered rules ("2.1"), as contracts, policies and statutes have them, below their headings."""

from __future__ import annotations

import pytest

from index.datatypes import Article
from index.text.blocks import find_blocks
from index.text.lists import find_lists, list_span
from index.text.sentences import split_sentences

RULES = """1. Scope
1.1 This policy is for staff.
1.2 Interns are excluded.

2. Days
2.1 Two days a week are free.
2.2 Tuesdays are office days."""

SECTIONS = ["heading", "item", "item", "heading", "item", "item"]


@pytest.mark.parametrize(
    "text", [RULES, RULES.replace("\n", "\n\n"), RULES.replace("1. ", "1 ").replace("2. ", "2 ")]
)
def test_rules_are_items_below_their_headings(text: str) -> None:
    """A line of its own, and a number that the next line goes on with, name what stands below."""
    assert [block.kind for block in find_blocks(text)] == SECTIONS


@pytest.mark.parametrize("breaks", ["\n", "\n\n"])
def test_rules_are_items_in_markdown(breaks: str) -> None:
    """There "1. Scope" would be a list of one item, with all that stands below it inside."""
    text = "# Policy\n\n" + RULES.replace("\n", breaks)

    assert [block.kind for block in find_blocks(text)] == ["heading", *SECTIONS]


def test_a_heading_parts_lists_of_rules() -> None:
    """Only the rules of one section are shown together."""
    article, blocks = Article("a", "", RULES), find_blocks(RULES)
    sentences = split_sentences(RULES, blocks=blocks)

    last = find_lists(article, sentences, blocks)[-1]

    assert article.cut(list_span(last, sentences)) == RULES[RULES.index("2. Days") :]


def test_the_number_of_a_rule_is_no_sentence() -> None:
    """With a full stop behind it ("3.2.") it stays before the words of its rule."""
    text = "3.1. Days cost money.\n3.2. Lost books must be replaced. All of them."
    cut = [text[found.span.start : found.span.end] for found in split_sentences(text)]

    assert cut == [
        "3.1. Days cost money.", "3.2. Lost books must be replaced.", "All of them."
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "2.5 million people live there, which is more than in the year before.",
        "0.5 Grams are enough for a loaf.",
    ],
)
def test_a_number_of_prose_is_no_rule(text: str) -> None:
    """Small letters stand behind it, or it begins with nothing."""
    assert [block.kind for block in find_blocks(text)] == ["paragraph"]


@pytest.mark.parametrize(
    ("heading", "first", "breaks"),
    [
        ("§ 3 Buildings", "(1)", "\n\n"),
        ("§ 3 Buildings", "(1)", "\n"),
        ("Article 4 – Property", "(a)", "\n\n"),
        ("2. Fees", "(1)", "\n"),
    ],
)
def test_a_line_with_the_number_of_a_section_is_a_heading(
    heading: str, first: str, breaks: str
) -> None:
    """So "§ 3 Buildings" above "(1) …" names the numbered paragraphs below it, a list."""
    text = f"Lease\n\n{heading}{breaks}{first} The tenant cleans.\n\nThe owner repairs the roof."
    shown = [(block.kind, text[block.span.start : block.span.end]) for block in find_blocks(text)]
    assert ("heading", heading) in shown
    assert ("item", f"{first} The tenant cleans.") in shown
