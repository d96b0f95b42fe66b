"""Answers as Telegram's HTML."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from fake_telegram.markup import parse_html
from hypothesis import given
from hypothesis import strategies as st

from bot.emphasis import without_emphasis
from bot.telegram import markup
from bot.telegram.markup import MAX_ENTITIES, MAX_UNITS, Block
from index.datatypes import Article, Passage, Span
from index.text.blocks import find_blocks
from index.text.sentences import split_sentences

WORDS = "The cats of Rome sleep. They eat at night & hunt <mice>. “Who feeds them?” asked Ada."
TEXTS = st.text(st.sampled_from("ab @_<>&\n.!?“”éЖ漢😀#/"), min_size=1, max_size=9_000).filter(
    lambda text: text.strip() == text and any(char.isalnum() for char in text)
)


def passage(text: str, best: Span | None = None, **fields: str) -> Passage:
    """Make a passage that is all of an article."""
    article = Article("a", fields.get("title", "Cats"), text, source=fields.get("source"))
    whole = Span(0, len(text))
    return Passage(article, whole, best or whole, "sentence", 1.0, split_sentences(text))


def shown(html: str) -> str:
    """What a reader sees of *html*."""
    return unescape(re.sub(r"<[^>]*>", "", html))


def test_a_quotation_is_escaped_and_its_best_sentence_bold() -> None:
    """Signs of HTML in the article are shown as they are."""
    best = Span(WORDS.index("They"), WORDS.index(" “Who"))

    html = markup.quotation(passage(WORDS), Span(0, len(WORDS)), best)

    assert html == (
        "<blockquote>The cats of Rome sleep. <b>They eat at night &amp; hunt &lt;mice&gt;.</b> "
        "“Who feeds them?” asked Ada.</blockquote>"
    )


def test_words_that_answer_are_bold_alone() -> None:
    """Where they are known, the sentence around them is plain, also in the passage's context."""
    known = replace(passage(WORDS, Span(0, 23)), span=Span(0, 23), answer=Span(12, 16))

    (block,) = markup.passage_blocks(known, "en")
    (context,) = markup.context_blocks(known, Span(0, 36), "en")

    assert block.html.startswith("<blockquote>The cats of <b>Rome</b> sleep.</blockquote>\n")
    assert context.html.startswith(
        "<blockquote>The cats of <b>Rome</b> sleep. They eat at </blockquote>"
    )


def test_words_behind_an_emoji_are_bold_where_telegram_counts_them() -> None:
    """Offsets of an article count code points, those of Telegram's entities UTF-16 units."""
    text = "😀😀 The cats of Rome sleep."
    known = replace(passage(text), answer=Span(15, 19))

    (message,) = markup.fill(markup.passage_blocks(known, "en"))
    _, entities = parse_html(message)

    (bold,) = (entity for entity in entities if entity["type"] == "bold")
    assert (bold["offset"], bold["length"]) == (17, 4)


def test_words_that_answer_are_bold_in_the_part_that_has_them() -> None:
    """A long passage comes in several quotations, of which the others have nothing bold."""
    text = " ".join(f"Cat number {number:04} sleeps in the sun all day." for number in range(300))
    start = text.index("number 0290")
    known = replace(passage(text), answer=Span(start, start + len("number 0290")))

    *others, last = markup.passage_blocks(known, "en")

    assert "<b>number 0290</b>" in last.html
    assert not any("<b>" in block.html for block in others)


def test_names_in_a_quotation_call_nobody() -> None:
    """An @name stands in <code>, where Telegram does not take it for a mention."""
    text = "Write to @cat_lover or a@b.example."

    html = markup.quotation(passage(text), Span(0, len(text)), Span(0, len(text)))

    assert html == (
        "<blockquote><b>Write to </b><code>@cat_lover</code><b> or a@b.example.</b></blockquote>"
    )


@pytest.mark.parametrize(("length", "tag"), [(600, "<blockquote>"), (601, "<blockquote exp")])
def test_long_quotations_are_folded(length: int, tag: str) -> None:
    """From 600 characters on a quotation unfolds only when it is touched."""
    text = "x" * length

    assert markup.quotation(passage(text), Span(0, length), Span(0, 0)).startswith(tag)


@pytest.mark.parametrize(
    ("source", "place"),
    [
        (None, "— <i>Cats &amp; dogs</i>, paragraph 1"),
        ("notes/cats.txt", "— <i>Cats &amp; dogs</i>, paragraph 1"),
        (
            "https://t.me/cats/5?a=1&b=2",
            '— <a href="https://t.me/cats/5?a=1&amp;b=2">Cats &amp; dogs</a>, paragraph 1',
        ),
    ],
)
def test_the_place_links_to_the_source(source: str | None, place: str) -> None:
    """A web address is linked; a file of the operator's is not shown."""
    fields = {"source": source} if source else {}

    assert markup.place(passage(WORDS, title="Cats & dogs", **fields), "en") == place


@given(TEXTS)
def test_parts_of_a_passage_lose_no_word(text: str) -> None:
    """However a passage is cut, the parts in order hold every visible character."""
    parts = markup.cut(passage(text))

    ends = [0, *(part.end for part in parts)]
    assert all(end <= part.start for end, part in zip(ends, parts, strict=False))
    joined = "".join(text[part.start : part.end] for part in parts)
    assert "".join(joined.split()) == "".join(text.split())


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_messages_are_what_telegram_takes(texts: list[str]) -> None:
    """Messages are well-formed, short enough in UTF-16, and have few enough entities."""
    blocks = markup.passages_blocks([passage(text) for text in texts], "ru", "уверенно")

    for message in markup.fill(blocks):
        text, entities = parse_html(message)
        assert 0 < markup.utf16_length(text) <= MAX_UNITS
        assert len(entities) <= MAX_ENTITIES
        assert not any(entity["type"] == "mention" for entity in entities)


@given(TEXTS)
def test_what_is_shown_is_the_article(text: str) -> None:
    """The words of a quotation are the article's, but for the signs of emphasis."""
    for part in markup.cut(passage(text)):
        html = markup.quotation(passage(text), part, Span(part.start, part.start + 3))

        assert shown(html) == without_emphasis(text[part.start : part.end])


def test_a_long_passage_is_cut_between_sentences() -> None:
    """Each part ends where a sentence does."""
    text = " ".join(f"Cat number {number:04} sleeps in the sun all day." for number in range(300))

    parts = markup.cut(passage(text))

    assert len(parts) > 1
    assert all(text[part.start : part.end].endswith("day.") for part in parts)
    assert all(text[part.start : part.end].startswith("Cat number") for part in parts)


def test_plain_text_has_the_words_without_markup() -> None:
    """What Telegram does not read as HTML is said without it."""
    assert markup.plain("<b>1 &lt; 2</b>\n<code>@ann</code>") == "1 < 2\n@ann"


def test_a_block_counts_as_telegram_does() -> None:
    """Lengths are those after the markup is read, in UTF-16."""
    block = Block("<blockquote><b>😀 &amp; x</b></blockquote>")

    assert (block.units, block.entities) == (6, 2)


def test_a_row_is_shown_with_the_names_of_its_columns() -> None:
    """Of a table a chat reads what each cell is; an answer stands below its question."""
    text = "| Year | Trams |\n|---|---|\n| 2021 | 27.1 |\n\nQ. Why?\n\nA. Because."
    blocks = find_blocks(text)
    sentences = split_sentences(text, "en", blocks)
    shown = []
    for words in ("| 2021 | 27.1 |", "A. Because."):
        span = Span(text.index(words), text.index(words) + len(words))
        found = Passage(
            Article("a", "A", text), span, span, "sentence", 1.0, sentences, blocks=blocks
        )
        shown += [block.html for block in markup.passage_blocks(found, "en")]

    assert shown == [
        "<blockquote>Year: 2021 · Trams: 27.1</blockquote>\n— <i>A</i>, paragraph 1",
        "<i>Q. Why?</i>\n<blockquote><b>A. Because.</b></blockquote>\n— <i>A</i>, paragraph 3",
    ]
