"""
Answers and articles as a person reads them in the console.

Pure functions. Words of an article are never changed: they are wrapped, indented and emphasised,
and control characters, which could steer a terminal, are replaced one for one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.answer_form import shown_passages, shown_span, unmarked
from bot.console.text_layout import (
    BOLD,
    INDENT,
    MARK,
    MIN_CELLS,
    PLAIN,
    TextStyle,
    cell_width,
    dim,
    fit,
    fold,
    quote,
    strong,
    table,
)
from bot.emphasis import without_emphasis
from bot.passage_places import more_words, place_words
from bot.phrases import POLITE, certainty, phrase, polite, refusal
from bot.plain_text import one_line, printable
from bot.shown_words import shown_words
from index.datatypes import Answer, Passage, Span
from index.text.surroundings import brought_spans, rows_of

if TYPE_CHECKING:
    from index.storage.records import ArticleInfo, StoredArticle

MAX_WRAPPED = 200_000  # characters of an article; more take seconds, and pagers wrap as well
NO_ARTICLES = "There are no articles here yet; add one with `article-bot add FILE`."


def answer_text(answer: Answer, style: TextStyle = PLAIN, *, articles: int) -> str:
    """
    Make the reply to a person; *articles* is how many were searched.

    Answered: whether they say it or may, and all passages, or one sentence of them. Not
    answered: says so, and shows the nearest passage on one line. Each of several questions has its
    own reply below itself. A greeting gets a friendly line.
    """
    if answer.kind in POLITE:
        return polite(answer.kind)
    if not articles:
        return NO_ARTICLES
    if answer.kind == "summary":
        return passages_text(map(unmarked, answer.passages), style)
    if not answer.parts:
        return _one_answer(answer, style, articles)
    headed = (
        f"{strong(one_line(part.question), style)}\n{_one_answer(part, style, articles)}"
        for part in answer.parts
    )
    return "\n\n".join(headed)


def _one_answer(answer: Answer, style: TextStyle, articles: int) -> str:
    """The reply to one question: what it is about, its tier, its passages."""
    about = phrase("about", topic=one_line(answer.about)) if answer.about else ""
    if answer.answered:
        shown = [
            _passage_text(passage, shown_span(passage, answer.question, short=style.short), style)
            for passage in shown_passages(answer, short=style.short)
        ]
        says = [certainty(answer.tier), "\n\n".join(shown)]
    else:
        says = [refusal(articles), *(_nearest_text(passage, style) for passage in answer.passages)]
    return "\n".join([*([dim(about, style)] if about else []), *says[:2]])


def _nearest_text(passage: Passage, style: TextStyle) -> str:
    """The sentence of *passage* on one line, cut where the line ends, and its place."""
    before = f"{phrase('nearest')} "
    room = None if style.width is None else max(style.width - cell_width(before), MIN_CELLS)
    nearest = replace(passage, span=passage.best)
    words = _row_words(nearest) or shown_words(passage, passage.best)[0]
    sentence = fit(one_line(words), room)
    return f"{dim(before + sentence, style)}\n{_place(passage, style)}"


def passages_text(passages: Iterable[Passage], style: TextStyle = PLAIN) -> str:
    """Show *passages* one below the other, each with its place."""
    return "\n\n".join(_passage_text(passage, passage.span, style) for passage in passages)


def _passage_text(passage: Passage, span: Span, style: TextStyle) -> str:
    """The words of *passage* at *span*, with what they need beside them, and their place."""
    parts = [*_brought(passage, style), _shown(passage, span, style), *_left(passage, style)]
    return "\n".join([*parts, _place(passage, style)])


def context_text(passage: Passage, around: Span, style: TextStyle = PLAIN) -> str:
    """Show the words at *around*, in which *passage* stands, with it or its answer emphasised."""
    return f"{_quotation(passage, around, passage.span, style)}\n{_place(passage, style)}"


def whole_article(passage: Passage, style: TextStyle = PLAIN) -> tuple[str, int]:
    """The article of *passage*, which is emphasised in it, and the line at which that stands."""
    article = passage.article
    wrapped = style if len(article.text) <= MAX_WRAPPED else replace(style, width=None)
    text = _quotation(passage, Span(0, len(article.text)), passage.span, wrapped)
    lines = text.split("\n")
    sign = BOLD if style.colour else MARK
    line = next(
        (i for i, line in enumerate(lines) if sign in line[: None if style.colour else 2]), 0
    )
    title = one_line(article.title)
    return f"{strong(title, style)}\n\n{text}", line + 3


def _shown(passage: Passage, span: Span, style: TextStyle) -> str:
    """The words at *span*; those of a row of a table with the names of their columns."""
    rows = _row_words(passage)
    return (
        quote(rows, Span(0, 0), style) if rows else _quotation(passage, span, passage.best, style)
    )


def _row_words(passage: Passage) -> str:
    """The rows of a table that *passage* is made of, with the names of their columns; else ""."""
    rows = rows_of(passage)
    lines = [" · ".join(f"{name}: {cell}" if name else cell for name, cell in row) for row in rows]
    return without_emphasis("\n".join(lines))


def _brought(passage: Passage, style: TextStyle) -> list[str]:
    """What *passage* needs to be understood and does not say: a question, a lead-in, an option."""
    if rows_of(passage):
        return []
    brought = (shown_words(passage, span)[0] for span in brought_spans(passage))
    return [dim(quote(words, Span(0, 0), style), style) for words in brought]


def _left(passage: Passage, style: TextStyle) -> list[str]:
    left = more_words(passage)
    return [dim(f"{INDENT}{left}", style)] if left else []


def _quotation(passage: Passage, shown: Span, marked: Span, style: TextStyle) -> str:
    """
    Quote the words at *shown*, with those at *marked* emphasised.

    Of a *passage* whose answer is known, the answering words alone are bold. Without colour they
    are not told apart: a sign among the words would look like one of the article's. What stands
    around the sentence is dim then, unless it is a list, all of which answers.
    """
    known = passage.answer if style.colour else None
    plain = passage.best if known and passage.kind != "list" and marked == passage.best else shown
    words, parts = shown_words(passage, shown, known or marked, plain)
    return quote(words, parts[0], style, parts[1])


def _place(passage: Passage, style: TextStyle) -> str:
    """Where *passage* stands, on one line; on several where its heading is longer than that."""
    before = f"{INDENT}— "
    room = None if style.width is None else max(style.width - len(before), MIN_CELLS)
    first, *others = fold(_title_and_paragraphs(passage, room), TextStyle(room)).split("\n")
    below = "".join(f"\n{' ' * len(before)}{line}" for line in others)
    return dim(f"{before}{first}{below}", style)


def _title_and_paragraphs(passage: Passage, room: int | None) -> str:
    """Say where *passage* stands, "Title, paragraph 5"; the title is cut to fit *room* cells."""
    where = f", {place_words(passage)}"
    title = one_line(passage.article.title).rstrip(".。")
    return fit(title, None if room is None else max(room - len(where), MIN_CELLS)) + where


def listing_text(infos: Sequence[ArticleInfo], style: TextStyle = PLAIN) -> str:
    """Show a table of articles: id, characters, sentences, title; in a narrow one no numbers."""
    rows = [
        (one_line(info.id), f"{info.characters:,}", f"{info.sentences:,}", one_line(info.title))
        for info in infos
    ]
    return table([("ID", "CHARACTERS", "SENTENCES", "TITLE"), *rows], style)


def article_text(stored: StoredArticle) -> str:
    """Show a whole article: its title, unless the text begins with it, and the text."""
    title, text = one_line(stored.article.title), printable(stored.article.text)
    return text if text.startswith(title) else f"{title}\n\n{text}"
