"""Blocks: what an author built, in Markdown and in plain text."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from nasty_texts import TEXT, visible

from index.text.articles import normalise
from index.text.blocks import find_blocks

MAN = """NAME
       cat - show a file

OPTIONS
       -n, --number
              Number all lines
              of the output.

              They count from one.

       -s     Squeeze blank lines."""

FAQ = """Questions
=========

Q. Why do cats sleep?

A. They hunt at dawn, which
is tiring.

They also like it.

Q. Do they dream?

A. Yes."""

PAGE = """---
title: "Bread"
author: Quinn
weight: 1
---

# Bread

![A loaf](/loaf.webp)

Some words about bread, which is good.

| Flour | Grams |
|-------|------:|
| Rye | 87 |
| Wheat | 137 |

1. Mix.
2. Bake.
   - Slowly.

> It is good.

```sh
bake --slow
```

**What it costs**

Nothing."""


def kinds(text: str) -> list[tuple[str, str]]:
    """The kind and the first line of each block."""
    text = normalise(text)
    blocks = find_blocks(text)
    return [(b.kind, text[b.span.start : b.span.end].partition("\n")[0]) for b in blocks]


@given(TEXT)
def test_blocks_hold_every_visible_character_once(text: str) -> None:
    """Blocks stand in order, without overlap, and together hold all that is visible."""
    text = normalise(text)
    blocks = find_blocks(text)

    assert visible("".join(text[b.span.start : b.span.end] for b in blocks)) == visible(text)
    assert all(a.span.end <= b.span.start for a, b in itertools.pairwise(blocks))


@given(TEXT)
def test_blocks_of_markdown_hold_every_visible_character_once(text: str) -> None:
    """The same below a heading in Markdown."""
    text = normalise(f"# Heading\n\n{text}")

    assert visible("".join(text[b.span.start : b.span.end] for b in find_blocks(text))) == visible(
        text
    )


def test_markdown_is_parsed() -> None:
    """Front matter, headings, tables, lists, quotations and code are what they are."""
    assert kinds(PAGE) == [
        ("boilerplate", "---"),
        ("metadata", 'title: "Bread"'),
        ("metadata", "author: Quinn"),
        ("boilerplate", "weight: 1"),
        ("boilerplate", "---"),
        ("heading", "# Bread"),
        ("caption", "![A loaf](/loaf.webp)"),
        ("paragraph", "Some words about bread, which is good."),
        ("header", "| Flour | Grams |"),
        ("row", "| Rye | 87 |"),
        ("row", "| Wheat | 137 |"),
        ("item", "1. Mix."),
        ("item", "2. Bake."),
        ("item", "- Slowly."),
        ("quotation", "> It is good."),
        ("code", "```sh"),
        ("heading", "**What it costs**"),
        ("paragraph", "Nothing."),
    ]


def test_lists_and_tables_are_numbered() -> None:
    """Blocks of one table have the same number, those of a list another one."""
    groups = {b.kind: b.group for b in find_blocks(PAGE) if b.kind in {"row", "header", "item"}}

    assert groups == {"header": 1, "row": 1, "item": 2}


def test_questions_have_answers() -> None:
    """The paragraphs behind "A." answer the question before them."""
    assert kinds(FAQ) == [
        ("heading", "Questions"),
        ("question", "Q. Why do cats sleep?"),
        ("answer", "A. They hunt at dawn, which"),
        ("answer", "They also like it."),
        ("question", "Q. Do they dream?"),
        ("answer", "A. Yes."),
    ]


def test_a_question_in_bold_is_answered_behind_it() -> None:
    """A paragraph of an FAQ in Markdown is two blocks; bold words that ask nothing are none."""
    text = "# Cats\n\n**Do they sleep?** Yes.\n\n**Note:** they hunt, too."

    assert kinds(text)[1:] == [
        ("question", "**Do they sleep?**"),
        ("answer", "Yes."),
        ("answer", "**Note:** they hunt, too."),
    ]


def test_an_interview_has_questions_and_answers() -> None:
    """Paragraphs that ask, each above one that does not; what goes on is no answer for certain."""
    text = "Who are you?\n\nAnn.\n\nWhy?\n\nI do not know.\n\nIt is so.\n\n“Where?”\n\nHere."

    assert [kind for kind, _ in kinds(text)] == [
        *("question", "answer", "question", "answer", "paragraph", "question", "answer")
    ]


def test_questions_in_bold_lines_are_answered_below_them() -> None:
    """All that stands up to the next one is the answer, and where something else begins it ends."""
    text = "# Cats\n\n" + "".join(
        f"**{asked}?**\n\nYes.\n\nAlways.\n\n" for asked in ("Do they eat", "Sleep", "Purr")
    )

    assert [kind for kind, _ in kinds(text + "## Dogs\n\nDo not.")] == [
        *("heading", *3 * ("question", "answer", "answer"), "heading", "paragraph")
    ]


def test_headings_that_ask_stay_headings() -> None:
    """What has the sign of a heading names what stands below, however it is put."""
    text = "".join(f"## {asked}?\n\nYes.\n\n" for asked in ("Do they eat", "Sleep", "Purr"))

    assert {kind for kind, _ in kinds(text)} == {"heading", "paragraph"}


def test_two_questions_make_no_interview() -> None:
    """A story may ask now and then."""
    text = "Who was it?\n\nAnn was.\n\nWhy did she?\n\nNobody knows."

    assert {kind for kind, _ in kinds(text)} == {"paragraph"}


def test_options_have_descriptions() -> None:
    """What is indented below an option describes it; a word in capitals above is a heading."""
    assert kinds(MAN) == [
        ("heading", "NAME"),
        ("paragraph", "cat - show a file"),
        ("heading", "OPTIONS"),
        ("term", "-n, --number"),
        ("description", "Number all lines"),
        ("description", "They count from one."),
        ("term", "-s     Squeeze blank lines."),
    ]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("We use cookies to improve your experience.", "boilerplate"),
        ("Subscribe to our newsletter!", "boilerplate"),
        ("Advertisement", "boilerplate"),
        ("Related articles: How cats sleep", "boilerplate"),
        ("© 2026 Example Media", "boilerplate"),
        ("By Ann Lee | Published 12 July 2026 | 3 min read", "metadata"),
        ("Published 14 March 2025", "metadata"),
        ("Figure 3: Cats by year", "caption"),
        ("The paper published in March says that cats sleep.", "paragraph"),
        ("The advertisement showed a cat that sleeps all day long.", "paragraph"),
    ],
)
def test_lines_of_a_page_are_told_apart(line: str, kind: str) -> None:
    """By-lines, captions and what is there for the page are no paragraphs."""
    assert kinds(f"Some story begins here.\n\n{line}\n\nIt ends here.")[1] == (kind, line)


def test_a_short_line_above_prose_is_a_heading() -> None:
    """A line without a full stop, alone above a longer paragraph, names it."""
    text = "The story begins with a paragraph.\n\nReactions\n\nThe mayor said that it was good."

    assert kinds(text)[1] == ("heading", "Reactions")


@pytest.mark.parametrize(
    "lines",
    [
        "The sun is low, the sea is wide,\nThe Gulls are out to Ride\nUpon the Ebbing Tide",
        "Ann Lee\n12 Elm Street\nRocksby",
        "100 g flour\n2 eggs\nsalt",
        "foo_bar(x);\nif (x) {\nreturn y;",
    ],
)
def test_lines_of_poems_addresses_and_code_stay(lines: str) -> None:
    """Short lines that no margin ended are not joined."""
    assert len(kinds(lines)) == lines.count("\n") + 1


def test_a_parted_word_joins_its_lines() -> None:
    """A hyphen at the end of a line, and lower case below it, are one sentence."""
    text = "The report praises the powerful capabili-\nties of the new sensor.\nIt works."

    assert kinds(text)[0][0] == "paragraph"
    assert len(kinds(text)) == 2


@pytest.mark.parametrize(
    ("lines", "kinds"),
    [
        (["Suffix   Units       Size", "b        Blocks      512", "k        Kilo        1024"],
         ["header", "row", "row"]),
        (["Ann      Berlin      1990", "Bob      Kiel        1985", "Cem      Ulm         2001"],
         ["row", "row", "row"]),
        (["b        Blocks      512", "k        Kilo        1024"], ["paragraph"] * 2),
        (["-a       all of it", "-b       half of it", "-c       none of it"], ["term"] * 3),
    ],
)  # fmt: skip
def test_columns_of_spaces_are_a_table(lines: list[str], kinds: list[str]) -> None:
    """Three lines with three columns or more; the first names them if only the others count."""
    text = "\n".join(lines)

    assert [block.kind for block in find_blocks(text)] == kinds
