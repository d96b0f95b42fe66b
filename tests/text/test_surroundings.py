"""What a passage brings along, and where it stands."""

from __future__ import annotations

import pytest

from index.datatypes import Article, Passage, Span
from index.text.blocks import find_blocks
from index.text.sentences import split_sentences
from index.text.surroundings import brought_spans, items_left, place_of, rows_of, whole_list

ITEMS = "\n".join(f"- Item {n}" for n in range(15))
TEXT = f"""# Cats

The first paragraph.

## Figures

| Year | Cats | Dogs |
|---|---|---|
| 2020 | 5 | 7 |
| 2021 | 6 | |

## Rules

Bring these things:

{ITEMS}

The last paragraph.

Q. Why?

A. Because."""


def passage(words: str, text: str = TEXT) -> Passage:
    """The passage of exactly these *words*."""
    blocks = find_blocks(text)
    start = text.index(words)
    span = Span(start, start + len(words))
    sentences = split_sentences(text, "en", blocks)
    article = Article("a", "Cats", text)
    return Passage(article, span, span, "sentence", 1.0, sentences, blocks=blocks)


def brought(words: str) -> list[str]:
    """What the passage brings along."""
    shown = passage(words)
    return [shown.article.cut(span) for span in brought_spans(shown)]


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        ("| 2020 | 5 | 7 |", ["| Year | Cats | Dogs |"]),
        ("- Item 3", ["Bring these things:"]),
        ("A. Because.", ["Q. Why?"]),
        ("The first paragraph.", []),
    ],
)
def test_a_passage_brings_what_it_needs(words: str, needed: list[str]) -> None:
    """A row its header, an item its lead-in, an answer its question; a sentence nothing."""
    assert brought(words) == needed


def test_a_row_names_its_cells() -> None:
    """Each cell stands with the name of its column; an empty one is left out."""
    assert rows_of(passage("| 2020 | 5 | 7 |")) == [
        [("Year", "2020"), ("Cats", "5"), ("Dogs", "7")]
    ]
    assert rows_of(passage("| 2021 | 6 | |")) == [[("Year", "2021"), ("Cats", "6")]]
    assert rows_of(passage("The first paragraph.")) == []


def test_the_items_that_are_left_are_counted() -> None:
    """A passage of one item of fifteen leaves fourteen, and the whole list begins at its lead."""
    shown = passage("- Item 3")
    whole = whole_list(shown)

    assert items_left(shown) == 14
    assert whole is not None
    assert (whole.text[:19], whole.text[-9:]) == ("Bring these things:", "- Item 14")
    assert items_left(passage("The first paragraph.")) == 0
    assert whole_list(passage("The first paragraph.")) is None


@pytest.mark.parametrize(
    ("words", "section", "paragraph"),
    [
        ("The first paragraph.", None, 1),
        ("| 2020 | 5 | 7 |", "Figures", 2),
        ("- Item 3", "Rules", 4),
        ("The last paragraph.", "Rules", 5),
    ],
)
def test_a_place_is_a_heading(words: str, section: str | None, paragraph: int) -> None:
    """The nearest heading but the title; a list and a table count as one paragraph."""
    place = place_of(passage(words))

    assert (place.section, place.paragraphs) == (section, (paragraph, paragraph))
