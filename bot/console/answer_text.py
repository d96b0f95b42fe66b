"""
Answers as they are shown: JSON for scripts, text for the console.

Pure functions. Words of an article are never changed: they are wrapped, indented and emphasised,
and control characters, which could steer a terminal, are replaced one for one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.datatypes import Answer, Passage, Span

if TYPE_CHECKING:
    from rich.text import Text

    from index.storage.records import ArticleInfo, StoredArticle

HITS_IN_JSON = 10
INDENT, MARK = "  ", "> "
BOLD, DIM, RESET = "\x1b[1m", "\x1b[2m", "\x1b[0m"
MIN_TITLE = 12  # cells that a title keeps however narrow the terminal is

# From this confidence on, in these words.
CERTAINTY = ((0.85, "sure"), (0.65, "fairly sure"), (0.0, "not sure"))

POLITE = {
    "greeting": "Hello! Ask about the articles in your own words; I answer in theirs.",
    "thanks": "You are welcome. Ask on whenever you like.",
}
NO_ARTICLES = "There are no articles here yet; add one with `article-bot add FILE`."

# Every control character but tab and line feed, and the halves of surrogate pairs.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Look:
    """How text is shown: wrapped to *width* cells (None: not at all), with or without *colour*."""

    width: int | None = None
    colour: bool = False


PLAIN = Look()


# JSON


def to_json(value: object) -> str:
    """*value* as JSON on one line, in ASCII, so that no output encoding can break it."""
    return json.dumps(value, ensure_ascii=True, allow_nan=False)


def answer_json(answer: Answer) -> dict[str, Any]:
    """Make the answer that scripts read (DESIGN.md, section 5)."""
    return {
        "question": answer.question,
        "answered": bool(answer.answered),
        "confidence": float(answer.confidence),
        "passages": [_passage_json(passage) for passage in answer.passages],
        "hits": [
            {"article": hit.article.id, **_span_json(hit.span), "score": float(hit.score)}
            for hit in answer.hits[:HITS_IN_JSON]
        ],
        "elapsed_ms": round(float(answer.elapsed_ms), 3),
        "kind": answer.kind,
        "unanswered": list(answer.unanswered),
    }


def _passage_json(passage: Passage) -> dict[str, Any]:
    return {
        "article": passage.article.id,
        "title": passage.article.title,
        **_span_json(passage.span),
        "text": passage.text,
        "best": _span_json(passage.best),
        "kind": passage.kind,
        "score": float(passage.score),
        "paragraph": passage.paragraph,
    }


def _span_json(span: Span) -> dict[str, int]:
    return {"start": span.start, "end": span.end}


def info_json(info: ArticleInfo) -> dict[str, Any]:
    """Make a row of `list --json`; the time is ISO 8601 in UTC."""
    return {
        "id": info.id,
        "title": info.title,
        "characters": info.characters,
        "paragraphs": info.paragraphs,
        "sentences": info.sentences,
        "source": info.source,
        "language": info.language,
        "added_at": info.added_at.isoformat(),
        "other_ids": list(info.other_ids),
    }


def article_json(stored: StoredArticle) -> dict[str, Any]:
    """Make the object of `show --json`: the stored text and its sentences' offsets."""
    article = stored.article
    return {
        "id": article.id,
        "title": article.title,
        "text": article.text,
        "source": article.source,
        "language": article.language,
        "sentences": [[one.span.start, one.span.end] for one in stored.sentences],
    }


# Pieces that every way of showing an answer needs


def printable(text: str) -> str:
    """*text* with control characters as U+FFFD; offsets stay as they are."""
    return _CONTROL.sub("\ufffd", text)


def one_line(text: str) -> str:
    """*text* printable and on one line."""
    return " ".join(printable(text).split())


def certainty(confidence: float) -> str:
    """How sure an answer with this *confidence* is, in words."""
    return next(words for least, words in CERTAINTY if confidence >= least or not least)


def refusal(articles: int) -> str:
    """Say that none of the *articles* that were searched answers."""
    if articles == 1:
        return "The article does not answer this."
    return f"None of the {articles:,} articles answers this."


def locate(passage: Passage, room: int | None = None) -> str:
    """Say where *passage* stands, "Title, paragraph 5"; the title is cut to fit *room* cells."""
    first, last = passage.paragraphs
    place = f", paragraph {first}" if first == last else f", paragraphs {first}–{last}"
    title = one_line(passage.article.title).rstrip(".。")
    return fit(title, None if room is None else max(room - len(place), MIN_TITLE)) + place


def fit(text: str, cells: int | None) -> str:
    """Cut *text* to so many terminal *cells*, with an ellipsis; None leaves it."""
    from rich.text import Text

    cut = Text(text)
    if cells is not None:
        cut.truncate(cells, overflow="ellipsis")
    return cut.plain.replace(" …", "…") if cut.plain != text else text


def count(number: int, noun: str) -> str:
    """*number* and *noun*: "1 article", "48 articles"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def describe_failure(exc: BaseException) -> str:
    """Put an exception that nobody expected into one line, with the way to its traceback."""
    said = one_line(str(exc))[:200]
    return (
        f"unexpected {type(exc).__name__}{f' ({said})' if said else ''}; "
        "set ARTICLE_BOT_DEBUG=1 to see where it comes from, and please report it."
    )


# Text


def answer_text(answer: Answer, look: Look = PLAIN, *, articles: int) -> str:
    """
    Make the reply to a person; *articles* is how many were searched.

    Answered: all passages, the first with how sure it is. Not answered: says so, and shows the
    nearest passage only. A greeting gets a friendly line.
    """
    if answer.kind in POLITE:
        return POLITE[answer.kind]
    if not articles:
        return NO_ARTICLES
    if answer.kind == "summary":
        return passages_text(answer.passages, look)
    if answer.answered:
        shown = passages_text(answer.passages, look, sure=certainty(answer.confidence))
        says = refusal(articles).rstrip(".")
        missed = [f"{says}: {one_line(asked)}" for asked in answer.unanswered]
        return "\n\n".join([shown, *missed])
    if not answer.passages:
        return refusal(articles)
    nearest = passages_text(answer.passages[:1], look)
    return f"{refusal(articles)}\nThe nearest passage:\n\n{nearest}"


def passages_text(passages: Iterable[Passage], look: Look = PLAIN, *, sure: str = "") -> str:
    """Show *passages* one below the other, each with its place; *sure* goes with the first."""
    shown = []
    for passage in passages:
        shown.append(f"{_body(passage, look)}\n{_place(passage, look, sure)}")
        sure = ""
    return "\n\n".join(shown)


def quote(text: str, marked: Span, look: Look = PLAIN) -> str:
    """
    Show *text* indented, with the words at *marked* emphasised.

    With colour they are bold. Without, the lines that hold some of them begin with ">", unless
    *marked* is all there is.
    """
    from rich.text import Text

    styled = Text(printable(text))
    styled.stylize("bold", marked.start, marked.end)
    gutter = INDENT if len(marked) >= len(text) or look.colour else MARK
    room = None if look.width is None else look.width - len(INDENT)
    return "\n".join(_quoted_line(line, gutter, look) for line in _lines(styled, room))


def context_text(passage: Passage, around: Span, look: Look = PLAIN) -> str:
    """Show the words at *around*, in which *passage* stands, with the passage emphasised."""
    marked = Span(passage.span.start - around.start, passage.span.end - around.start)
    shown = quote(passage.article.cut(around), marked, look)
    return f"{shown}\n{_place(passage, look, '')}"


def fold(text: str, look: Look) -> str:
    """Wrap the lines of a message that are too long for the terminal, each by itself."""
    if look.width is None:
        return text
    return "\n".join(
        line if "\x1b" in line or _width(line) <= look.width else _fold_line(line, look.width)
        for line in text.split("\n")
    )


def _fold_line(line: str, width: int) -> str:
    from rich.text import Text

    indent = len(line) - len(line.lstrip(" "))
    folded = _lines(Text(line.strip()), width - indent)
    return "\n".join(" " * indent + one.plain.rstrip() for one in folded)


def listing_text(infos: Sequence[ArticleInfo], look: Look = PLAIN) -> str:
    """Show a table of articles: id, characters, sentences, title; in a narrow one no numbers."""
    rows = [("ID", "CHARACTERS", "SENTENCES", "TITLE")] + [
        (info.id, f"{info.characters:,}", f"{info.sentences:,}", info.title) for info in infos
    ]
    cells = [[one_line(value) for value in row] for row in rows]
    widths = [max(_width(row[column]) for row in cells) for column in range(3)]
    return "\n".join(_row(row, widths, look) for row in cells)


def article_text(stored: StoredArticle) -> str:
    """Show a whole article: its title, unless the text begins with it, and the text."""
    title, text = one_line(stored.article.title), printable(stored.article.text)
    return text if text.startswith(title) else f"{title}\n\n{text}"


def _body(passage: Passage, look: Look) -> str:
    offset = passage.span.start
    return quote(passage.text, Span(passage.best.start - offset, passage.best.end - offset), look)


def _place(passage: Passage, look: Look, sure: str) -> str:
    before, after = f"{INDENT}— ", f" · {sure}" if sure else ""
    room = None if look.width is None else look.width - len(before) - len(after)
    return dim(f"{before}{locate(passage, room)}{after}", look)


def dim(text: str, look: Look) -> str:
    """*text* in the background, where there is colour."""
    return f"{DIM}{text}{RESET}" if look.colour else text


def _lines(styled: Text, room: int | None) -> Iterable[Text]:
    if room is None:
        return styled.split("\n", allow_blank=True)
    from rich.console import Console

    room = max(room, 1)
    return styled.wrap(Console(width=room), room, overflow="fold")


def _quoted_line(line: Text, gutter: str, look: Look) -> str:
    plain = line.plain.rstrip()
    span = next((span for span in line.spans if span.start < min(span.end, len(plain))), None)
    if span is None:
        return f"{INDENT}{plain}".rstrip()
    if not look.colour:
        return gutter + plain
    before, marked, after = plain[: span.start], plain[span.start : span.end], plain[span.end :]
    return f"{INDENT}{before}{BOLD}{marked}{RESET}{after}"


def _row(row: Sequence[str], widths: Sequence[int], look: Look) -> str:
    name, characters, sentences, title = row
    left = name + " " * (widths[0] - _width(name))
    numbers = f"  {characters:>{widths[1]}}  {sentences:>{widths[2]}}"
    if look.width is None:
        return f"{left}{numbers}  {title}"
    room = look.width - widths[0] - 2
    if room - len(numbers) < MIN_TITLE:
        return f"{left}  {fit(title, max(room, MIN_TITLE))}"
    return f"{left}{numbers}  {fit(title, room - len(numbers))}"


def _width(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)
