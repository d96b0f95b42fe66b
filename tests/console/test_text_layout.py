"""Text laid out for a terminal, with exact outputs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.console.text_layout import TextStyle, fold, hanging, quote, table
from bot.plain_text import printable
from index.datatypes import Span


def test_bold_goes_on_after_a_wrap() -> None:
    """A best sentence over two lines is bold on both, and reset at the end of each."""
    assert quote("One two three four.", Span(4, 13), TextStyle(width=11, colour=True)) == (
        "  One \x1b[1mtwo\x1b[0m\n  \x1b[1mthree\x1b[0m\n  four."
    )


@given(st.text(), st.integers(1, 120) | st.none())
def test_no_text_or_width_lets_a_control_character_through(text: str, width: int | None) -> None:
    """Whatever an article says, what is shown has no control character but the line feed."""
    shown = quote(text, Span(0, len(text) // 2), TextStyle(width))

    assert all(char == "\n" or char == printable(char) for char in shown)


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S"])), st.integers(4, 60))
def test_wrapping_changes_no_visible_character(text: str, width: int) -> None:
    """However narrow the terminal is, the characters of the article come in order and whole."""
    lines = quote(text, Span(0, len(text)), TextStyle(width)).split("\n")

    assert "".join(line.removeprefix("  ").replace(" ", "") for line in lines) == text


def test_wide_characters_count_twice() -> None:
    """Wide characters and emoji take two cells each, so they wrap earlier."""
    text = "日本語の文章です\U0001f30a\U0001f30a"

    assert quote(text, Span(0, len(text)), TextStyle(width=10)) == (
        "  日本語の\n  文章です\n  \U0001f30a\U0001f30a"
    )


def test_right_to_left_text_is_left_alone() -> None:
    """Right-to-left words keep their stored order; ordering them is the terminal's work."""
    text = "שלום עולם"

    assert quote(text, Span(0, len(text)), TextStyle(width=40)) == f"  {text}"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("One two three four.", "One two\nthree\nfour."),
        ("  /a  one two three", "  /a  one\n  two\n  three"),
        ("short\n\x1b[1mlong but styled\x1b[0m", "short\n\x1b[1mlong but styled\x1b[0m"),
    ],
)
def test_messages_are_folded_between_words(text: str, folded: str) -> None:
    """Messages are broken between words, line by line, keeping their indentation."""
    assert fold(text, TextStyle(width=9)) == folded


def test_a_table_keeps_its_titles() -> None:
    """In 60 columns numbers go before titles do, and a long id takes half of the width at most."""
    rows = [
        ("ID", "CHARACTERS", "SENTENCES", "TITLE"),
        ("an-id-of-" + "x" * 40, "1", "2", "T" * 40),
    ]

    heading, row = table(rows, TextStyle(width=60)).splitlines()

    assert heading.split() == ["ID", "TITLE"]
    assert row.split()[1] == "T" * 27 + "…"
    assert len(row) == 60


def test_explanations_hang_beside_their_names() -> None:
    """The lines of an explanation begin under its first one."""
    rows = [("/a", "one two three four five six"), ("/bcd", "seven")]

    assert hanging(rows, TextStyle(width=32)).splitlines() == [
        "  /a    one two three four five",
        "        six",
        "  /bcd  seven",
    ]


def test_explanations_stand_below_their_names_where_it_is_narrow() -> None:
    """Beside the names a word or two would have room on each line."""
    rows = [("/a", "one two three four"), ("/bcd", "five")]

    assert hanging(rows, TextStyle(width=18)).splitlines() == [
        "  /a",
        "    one two three",
        "    four",
        "  /bcd",
        "    five",
    ]


def test_the_lines_of_an_item_hang_beside_its_marker() -> None:
    """What does not fit in the first line stands below its words, bold or not."""
    text = "- One two three.\n2. Four five six."

    assert quote(text, Span(0, len(text)), TextStyle(width=12)) == (
        "  - One two\n    three.\n  2. Four\n     five\n     six."
    )
    assert quote(text, Span(6, 16), TextStyle(width=12, colour=True)) == (
        "  - One \x1b[1mtwo\x1b[0m\n    \x1b[1mthree.\x1b[0m\n  2. Four\n     five\n     six."
    )


def test_without_colour_the_words_have_lines_of_their_own() -> None:
    """Nothing but the sentence is marked, and no word is changed."""
    assert quote("One. Two. Three.", Span(5, 9)) == "  One.\n> Two.\n  Three."
