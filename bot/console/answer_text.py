"""
Answers and articles as a person reads them in the console.

Pure functions. Words of an article are never changed: they are wrapped, indented and emphasised,
and control characters, which could steer a terminal, are replaced one for one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from bot.console.text_layout import INDENT, MIN_CELLS, PLAIN, TextStyle, dim, fit, quote, table
from bot.passage_places import more_words, place_words
from bot.phrases import POLITE, certainty, phrase, polite, refusal
from bot.plain_text import one_line, printable
from index.datatypes import Answer, Passage, Span
from index.text.surroundings import brought_spans, rows_of

if TYPE_CHECKING:
    from index.storage.records import ArticleInfo, StoredArticle

NO_ARTICLES = "There are no articles here yet; add one with `article-bot add FILE`."


def answer_text(answer: Answer, style: TextStyle = PLAIN, *, articles: int) -> str:
    """
    Make the reply to a person; *articles* is how many were searched.

    Answered: all passages, the first with how sure it is. Not answered: says so, and shows the
    nearest passage only. A greeting gets a friendly line.
    """
    if answer.kind in POLITE:
        return polite(answer.kind)
    if not articles:
        return NO_ARTICLES
    if answer.kind == "summary":
        return passages_text(answer.passages, style)
    if answer.answered:
        shown = passages_text(answer.passages, style, sure=certainty(answer.tier))
        says = refusal(articles).rstrip(".")
        missed = [f"{says}: {one_line(question)}" for question in answer.unanswered]
        return "\n\n".join([shown, *missed])
    if not answer.passages:
        return refusal(articles)
    nearest = passages_text(answer.passages[:1], style)
    return f"{refusal(articles)}\n{phrase('nearest')}\n\n{nearest}"


def passages_text(passages: Iterable[Passage], style: TextStyle = PLAIN, *, sure: str = "") -> str:
    """Show *passages* one below the other, each with its place; *sure* goes with the first."""
    shown = []
    for passage in passages:
        parts = [*_brought(passage, style), _shown(passage, style), *_left(passage, style)]
        shown.append("\n".join([*parts, _place(passage, style, sure)]))
        sure = ""
    return "\n\n".join(shown)


def context_text(passage: Passage, around: Span, style: TextStyle = PLAIN) -> str:
    """Show the words at *around*, in which *passage* stands, with it or its answer emphasised."""
    return f"{_quotation(passage, around, passage.span, style)}\n{_place(passage, style)}"


def _shown(passage: Passage, style: TextStyle) -> str:
    """The words of *passage*; those of a row of a table with the names of their columns."""
    rows = rows_of(passage)
    if not rows:
        return _quotation(passage, passage.span, passage.best, style)
    lines = [" · ".join(f"{name}: {cell}" if name else cell for name, cell in row) for row in rows]
    return quote("\n".join(lines), Span(0, 0), style)


def _brought(passage: Passage, style: TextStyle) -> list[str]:
    """What *passage* needs to be understood and does not say: a question, a lead-in, an option."""
    if rows_of(passage):
        return []
    spans = brought_spans(passage)
    return [dim(quote(passage.article.cut(span), Span(0, 0), style), style) for span in spans]


def _left(passage: Passage, style: TextStyle) -> list[str]:
    left = more_words(passage)
    return [dim(f"{INDENT}{left}", style)] if left else []


def _quotation(passage: Passage, shown: Span, marked: Span, style: TextStyle) -> str:
    """
    Quote the words at *shown*, with those at *marked* emphasised.

    Of a *passage* whose answer is known, the answering words alone are bold. Without colour they
    are not told apart: a sign among the words would look like one of the article's.
    """
    bold = passage.answer if passage.answer and style.colour else marked
    emphasised = Span(bold.start - shown.start, bold.end - shown.start)
    return quote(passage.article.cut(shown), emphasised, style)


def _place(passage: Passage, style: TextStyle, sure: str = "") -> str:
    before, after = f"{INDENT}— ", f" · {sure}" if sure else ""
    room = None if style.width is None else style.width - len(before) - len(after)
    return dim(f"{before}{_title_and_paragraphs(passage, room)}{after}", style)


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
