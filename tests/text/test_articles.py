"""Normalising, titles and ids."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import ArticleError
from index.text.articles import MAX_CHARACTERS, digest, find_title, make_article, normalise

NASTY = st.lists(
    st.sampled_from(
        [
            *("e", "\u0301", "\xad", "\u200b", "\u200d", "\u200c", "\u200e", "\ufeff", "\u2060"),
            *("\r", "\n", "\r\n", "\x85", "\u2028", "\v", "\f", "\t", " ", "\xa0", "\u3000"),
            *("\x00", "\x1b", "\x1c", "\x7f", "\u202e", "\u2066", "\ud83d", "\ude00", "😀", "“"),
        ]
    ),
    max_size=30,
).map("".join)
PARAGRAPH = "The committee met on Monday and talked about the new library for three hours. " * 4


@given(st.text(st.characters()) | NASTY)
def test_normalise_is_idempotent(text: str) -> None:
    """Normalising what is normalised changes nothing."""
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(st.characters()) | NASTY)
def test_normalised_text_can_be_stored(text: str) -> None:
    """What comes out is NFC, trimmed, encodable, and holds no control but tabs and line feeds."""
    result = normalise(text)

    assert unicodedata.is_normalized("NFC", result)
    assert result == result.strip()
    assert result.encode().decode() == result
    assert not {c for c in result if unicodedata.category(c) == "Cc"} - {"\n", "\t"}
    assert not re.search(r"\n{3}|[^\S\n]\n", result)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\r\nb\rc\u2028d\u2029e\x85f\vg\fh", "a\nb\nc\nd\ne\nf\ng\nh"),
        ("a\xa0b\u2009c\u202fd\u3000e", "a b c d e"),
        ("\ufeffzero\u200bwidth\u2060 soft\xadhyphen", "zerowidth softhyphen"),
        ("e\xad\u0301", "é"),
        ("می\u200cخواهم 👩\u200d👩", "می\u200cخواهم 👩\u200d👩"),
        ("שלום (a)\u200f", "שלום (a)\u200f"),
        ("a\u202eb\u202c \u2066c\u2069", "ab c"),
        ("a\x00b\x07c\td", "abc\td"),
        ("a  \n\n \n\n\n  b\t\n", "a\n\n  b"),
        ("\ud83d\ude00 \ud83d!", "😀 \ufffd!"),
        ("“It’s” «SO» ‘Now’", "“It’s” «SO» ‘Now’"),
    ],
)
def test_normalise(text: str, expected: str) -> None:
    """Line ends, spaces and invisible characters come out in one form, words as they were."""
    assert normalise(text) == expected


def test_digest_is_of_the_normalised_text() -> None:
    """Two spellings of one text have one digest, another text has another."""
    assert digest("Cafe\u0301\r\n") == digest("Café")
    assert digest("Café") != digest("café")
    assert digest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"Library opens\n\n{PARAGRAPH}", "Library opens"),
        (f"Library opens\n{PARAGRAPH}", "Library opens"),
        (f"The library opens after years.\n\n{PARAGRAPH}", "The library opens after years."),
        (f"Who paid for it?\n\nBy Jane Smith\n\n{PARAGRAPH}", "Who paid for it?"),
        (f"# Learning C#\n\n{PARAGRAPH}", "Learning C#"),
        ("## A **bold** heading ##\nText.", "A bold heading"),
        (f"Library opens\n=====\n\n{PARAGRAPH}", "Library opens"),
    ],
)
def test_first_line_that_reads_like_a_title_is_found(text: str, title: str) -> None:
    """A short first line, or a heading without its marks, is the title."""
    assert find_title(text, "fallback") == title


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Only one line",
        PARAGRAPH + "\n\n" + PARAGRAPH,
        f"It opened. It closed.\n\n{PARAGRAPH}",
        f"- The first of the points\n\n{PARAGRAPH}",
        f"The minister said so to us:\n\n{PARAGRAPH}",
        "It rained on Monday when the library was opened.\n\nNobody came, and the band went home.",
        "milk\neggs\nrye",
        "Two lines of a text that was wrapped at some margin or other by a\nmachine.\n\n"
        + PARAGRAPH,
        "x" * 200 + f"\n\n{PARAGRAPH}",
        "# " + "x" * 200 + f"\n\n{PARAGRAPH}",
    ],
)
def test_first_line_of_prose_is_no_title(text: str) -> None:
    """Prose, lists and lead-ins do not become titles."""
    assert find_title(text, "fallback") == "fallback"


def test_article_is_normalised() -> None:
    """Text and title are normalised, the id and the title come from the name."""
    article = make_article("Cafe\u0301\r\n", name="My Café.txt", source="My Café.txt")

    assert (article.id, article.title, article.text) == ("my-café", "My Café", "Café")
    assert article.source == "My Café.txt"


def test_given_title_is_one_line() -> None:
    """A title that was given wins, on one line."""
    assert make_article(f"Other\n\n{PARAGRAPH}", title=" The\n title ").title == "The title"


def test_blank_title_counts_as_none() -> None:
    """A title without words is looked for in the text."""
    assert make_article(f"Library opens\n\n{PARAGRAPH}", title=" ").title == "Library opens"


@pytest.mark.parametrize(
    "article_id",
    [
        "clapnq/-1218875241352839456",
        "Normans#0",
        "A-new-form-of-lie-detector-test/adv/minus-p0",
        "отчёт",
        "x" * 200,
    ],
)
def test_printable_id_is_kept(article_id: str) -> None:
    """An id that can be printed is accepted unchanged."""
    assert make_article("Text", id=article_id).id == article_id


@pytest.mark.parametrize(
    ("article_id", "message"),
    [
        ("", "An article's id cannot be empty; give one or leave it out."),
        ("a b", "The id 'a b' holds white space or invisible characters; give one without."),
        ("a\n", "The id 'a\\n' holds white space or invisible characters; give one without."),
        (
            "x" * 201,
            f"The id '{'x' * 20}'… has 201 characters and may have 200; give a shorter one.",
        ),
    ],
)
def test_bad_id_is_refused(article_id: str, message: str) -> None:
    """An id that nobody could type or read is refused with the reason."""
    with pytest.raises(ArticleError) as caught:
        make_article("Text", id=article_id)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("name", "article_id"),
    [
        ("Report 2024 (final).txt", "report-2024-final"),
        ("отчёт.md", "отчёт"),
        ("v1.2 notes", "v1.2-notes"),
        ("हिन्दी.txt", "हिन्दी"),
        ("???", "text"),
        ("--help.txt", "help"),
    ],
)
def test_id_is_a_slug_of_the_name(name: str, article_id: str) -> None:
    """The id keeps the letters and digits of any script and joins them by hyphens."""
    assert make_article("Text", name=name).id == article_id


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b\ufeff", "\u200e\u0301", "...!"])
def test_text_without_words_is_refused(text: str) -> None:
    """Text that shows nothing to ask about is no article."""
    with pytest.raises(ArticleError) as caught:
        make_article(text, name="blank.txt")
    assert str(caught.value) == "blank.txt holds no text; give an article with words in it."


def test_too_long_text_is_refused() -> None:
    """The message about a text that is too long gives both numbers."""
    with pytest.raises(ArticleError) as caught:
        make_article("x" * (MAX_CHARACTERS + 1), name="long.txt")
    assert str(caught.value) == (
        "long.txt has 10,000,001 characters and an article at most 10,000,000; "
        "split it into several."
    )
