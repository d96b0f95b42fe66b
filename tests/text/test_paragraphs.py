"""Paragraphs: blank lines, lines of a post, hard-wrapped lines, items and headings."""

from __future__ import annotations

import pytest
from hypothesis import given
from nasty_texts import TEXT, visible

from index.text.paragraphs import split_paragraphs
from index.text.sentences import split_sentences


def paragraphs(text: str) -> list[str]:
    """Cut the paragraphs of *text* out of it."""
    return [text[span.start : span.end] for span in split_paragraphs(text)]


@given(TEXT)
def test_paragraphs_keep_every_visible_character_once(text: str) -> None:
    """Paragraphs together hold every visible character, trimmed, in order."""
    pieces = paragraphs(text)

    assert "".join(map(visible, pieces)) == visible(text)
    assert all(piece == piece.strip() != "" for piece in pieces)


def test_blank_line_ends_a_paragraph() -> None:
    """A blank line separates, also one that holds white space."""
    assert paragraphs("One.\n\nTwo.\n \t\nThree.\n") == ["One.", "Two.", "Three."]


def test_posts_have_a_paragraph_a_line() -> None:
    """Lines that end where nothing forced them are paragraphs."""
    post = [
        "Minister resigns today",
        "The prime minister accepted the resignation on Monday.",
        "Read more in our channel",
    ]
    dump = [f"Paragraph {n} goes on and on. " + "It is rather long. " * 9 + "End." for n in "abc"]

    assert paragraphs("\n".join(post)) == post
    assert paragraphs("\n".join(dump)) == dump


def test_lines_that_all_end_sentences_are_paragraphs() -> None:
    """Of short lines that each end with a full stop none is continued."""
    lines = ["The first of these lines is the longest of all.", "The second is short.", "Yes."]

    assert paragraphs("\n".join(lines)) == lines


def test_hard_wrapped_text_is_not_cut() -> None:
    """A line break that a margin forced is no paragraph break; an indented line begins one."""
    first = (
        "This is a text which has been wrapped at about sixty-five columns\n"
        "so that each line is short. It continues here for quite a while\n"
        "and then it ends."
    )
    second = "An indented paragraph begins here and goes on and on and wraps\nat a margin. Good."

    assert paragraphs(f"{first}\n    {second}") == [first, second]
    assert len(split_sentences(second)) == 2


@pytest.mark.parametrize(
    "marker", ["-", "*", "•", "–", "▪", "‣", "1.", "2)", "(a)", "a)", "iv.", "✅"]
)
def test_list_item_begins_a_paragraph(marker: str) -> None:
    """A line that begins with a bullet, number or letter begins a paragraph."""
    lead = "A lead-in that is wrapped at some margin and which introduces this\nfine list"
    item = f"{marker} an item"

    assert paragraphs(f"{lead}\n{item}\n{item}") == [lead, item, item]


def test_indented_line_continues_its_item() -> None:
    """A line that is indented more than the item above it belongs to it."""
    assert paragraphs("- one\n  more\n- two") == ["- one\n  more", "- two"]


def test_headings_stand_alone() -> None:
    """A Markdown heading is a paragraph; its underline and a rule go with what is above them."""
    text = "# One\nText one.\n## Two\nText two.\nThree\n=====\nText three.\n\n***\n\nEnd."

    assert paragraphs(text) == [
        *("# One", "Text one.", "## Two", "Text two.", "Three\n====="),
        *("Text three.", "***", "End."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        'Whoever borrows a boat of the club (the "keeper" of this rule);\n'
        "who does so signs the book, and brings it back before the evening bell.",
        "A:  You may set the lamp before the tide comes in, and do so e.g.\n"
        "    in the evening when the keeper of the quay has gone.",
        "Answer all that are asked for in the harbour office. Give also\n"
        "--lamps or --boats options to tell the keeper which of them you mean.",
        "lantern(1), boats(1), harbour(8), tides(7), keepers(5), quay(1),\nropes(1), sails(1).",
        "  -lamps Show the lamps of the boats which lie at the quay or in the\n"
        "         harbour, without those that are out at sea.",
        "  lamps Show the lamps of all the boats that lie in\n"
        "        harbour when the evening bell of the town has rung for all of the keepers.",
    ],
    ids=["semicolon", "abbreviation", "option", "names", "term", "hanging"],
)
def test_a_sentence_goes_on_in_the_line_below(text: str) -> None:
    """Half an end, an option in running text, a hanging description do not end a paragraph."""
    assert paragraphs(text) == [text.strip()]
