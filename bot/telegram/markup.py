"""
Answers as Telegram shows them: HTML, in messages that are short enough.

Pure functions. Words of an article are never changed. An @name in them would call whoever bears
it, and in <code> it does not, so that is how it is shown.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape, unescape

from bot.emphasis import without_emphasis
from bot.passage_places import more_words, place_link, place_words
from bot.plain_text import one_line, printable
from bot.shown_words import shown_words
from index.datatypes import Passage, Span
from index.text.surroundings import brought_spans, rows_of

MAX_UNITS = 4096  # UTF-16 code units of a message, after its entities are parsed
MAX_ENTITIES = 100  # of a message; Telegram drops the others
# A quotation gets this much of a message, which leaves room for where it stands.
MAX_QUOTE = 3500
MAX_TITLE = 200  # characters of a title below a quotation; one is seldom longer than 100
FOLDED_FROM = 600  # characters; a longer quotation is folded until somebody opens it

_TAG = re.compile(r"<[^>]*>")
_OPENING = re.compile(r"<[a-z]")
# What Telegram takes for a user name (four letters or more) is part of this.
_NAME = re.compile(r"(?<![\w@])@\w+")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a message that is not cut any more, as HTML."""

    html: str

    @property
    def units(self) -> int:
        """Its length as Telegram counts it."""
        return utf16_length(unescape(_TAG.sub("", self.html)))

    @property
    def entities(self) -> int:
        """How many entities Telegram makes of it."""
        return len(_OPENING.findall(self.html))


def utf16_length(text: str) -> int:
    """How many UTF-16 code units *text* has, which is what Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def quiet_names(text: str, before: str = "", after: str = "") -> str:
    """*text* as HTML between the tags *before* and *after*, its @names calling nobody."""
    pieces = []
    end = 0
    for name in _NAME.finditer(text):
        pieces += [(text[end : name.start()], before, after), (name.group(), "<code>", "</code>")]
        end = name.end()
    pieces.append((text[end:], before, after))
    return "".join(f"{b}{escape(words, quote=False)}{a}" for words, b, a in pieces if words)


def quotation(passage: Passage, span: Span, bold: Span) -> str:
    """The words at *span*, in the article of *passage*, as a quotation, those at *bold* bold."""
    words, [marked] = shown_words(passage, span, bold)
    words = printable(words)
    shown = (
        quiet_names(words[: marked.start])
        + quiet_names(words[marked.start : marked.end], "<b>", "</b>")
        + quiet_names(words[marked.end :])
    )
    tag = "<blockquote expandable>" if len(span) > FOLDED_FROM else "<blockquote>"
    return f"{tag}{shown}</blockquote>"


def place(passage: Passage, language: str) -> str:
    """Where *passage* stands: its title, linked when there is a page, and its paragraphs."""
    title = one_line(passage.article.title)
    title = title if len(title) <= MAX_TITLE else f"{title[: MAX_TITLE - 1].rstrip()}…"
    if link := place_link(passage):
        shown = f'<a href="{escape(link)}">{escape(title, quote=False)}</a>'
    else:
        shown = quiet_names(title, "<i>", "</i>")
    where = quiet_names(one_line(place_words(passage, language)))
    return f"— {shown}, {where}"


def passage_blocks(passage: Passage, language: str, said: str = "") -> list[Block]:
    """
    *passage* and its place; a long one in several quotations, parted between sentences.

    What is *said* of it, as HTML, stands above.
    """
    left = more_words(passage, language)
    where = place(passage, language)
    first, *others = _blocks(passage, passage.best, f"{left}\n{where}" if left else where)
    return [Block(f"{said}\n{first.html}") if said else first, *others]


def nearest_blocks(passage: Passage, language: str, said: str) -> list[Block]:
    """The sentence of *passage* that is nearest to a question, folded, below what is *said*."""
    sentence = replace(passage, span=passage.best)
    first, *others = passage_blocks(sentence, language, said)
    return [Block(first.html.replace("<blockquote>", "<blockquote expandable>", 1)), *others]


def context_blocks(passage: Passage, around: Span, language: str) -> list[Block]:
    """The words at *around*, in which *passage* stands, with it or its answer bold."""
    return _blocks(replace(passage, span=around), passage.span, place(passage, language))


def _blocks(passage: Passage, marked: Span, where: str) -> list[Block]:
    """*passage* in quotations, the words that answer bold where they are known, else *marked*."""
    bold = passage.answer or marked
    quoted = [quotation(passage, part, bold) for part in cut(passage)]
    if rows := rows_of(passage):
        quoted = [f"<blockquote>{_rows(rows)}</blockquote>"]
    else:
        quoted[0] = _bring(passage) + quoted[0]
    return [*map(Block, quoted[:-1]), Block(f"{quoted[-1]}\n{where}")]


def _rows(rows: Sequence[Sequence[tuple[str, str]]]) -> str:
    """The rows of a table as HTML, each cell with the name of its column."""
    lines = (" · ".join(f"{name}: {cell}" if name else cell for name, cell in row) for row in rows)
    return quiet_names(printable(without_emphasis("\n".join(lines))))


def _bring(passage: Passage) -> str:
    """What *passage* needs to be understood and does not say, as HTML before its quotation."""
    words = (printable(shown_words(passage, span)[0]) for span in brought_spans(passage))
    return "".join(f"{quiet_names(said, '<i>', '</i>')}\n" for said in words)


def cut(passage: Passage) -> list[Span]:
    """
    Cut *passage* into spans that fit into a message each, between sentences where it can be.

    It looks at the sentences of the passage only, however long the article is.
    """
    text, span = passage.article.text, passage.span
    if _fits(text, span.start, span.end):
        return [span]
    starts = _sentence_starts(passage)
    parts: list[Span] = []
    start = span.start
    for last, end in zip([start, *starts], [*starts, span.end], strict=True):
        if last > start and not _fits(text, start, end):
            parts.append(Span(start, last))
            start = last
        if not _fits(text, start, end):
            *full, rest = _pieces(text, Span(start, end))
            parts += full
            start = rest.start
    return [_stripped(text, part) for part in [*parts, Span(start, span.end)]]


def _sentence_starts(passage: Passage) -> list[int]:
    """Where the sentences of *passage* begin, but for the one it begins with."""
    sentences, span = passage.sentences, passage.span
    first = bisect_right(sentences, span.start, key=lambda sentence: sentence.span.start)
    last = bisect_left(sentences, span.end, key=lambda sentence: sentence.span.start)
    return [sentences[i].span.start for i in range(first, last)]


def _stripped(text: str, span: Span) -> Span:
    """*span* without white space at its ends; Telegram takes that away."""
    words = text[span.start : span.end]
    start = span.start + len(words) - len(words.lstrip())
    return Span(start, max(start, span.end - (len(words) - len(words.rstrip()))))


def _fits(text: str, start: int, end: int) -> bool:
    """Whether *text* from *start* to *end* is short enough for one quotation."""
    if end - start > MAX_QUOTE:  # most of what does not fit is not even looked at
        return False
    words = text[start:end]
    # Each @name is an entity and may part the bold words around it.
    return utf16_length(words) <= MAX_QUOTE and 2 * len(_NAME.findall(words)) < MAX_ENTITIES - 10


def _pieces(text: str, span: Span) -> list[Span]:
    """Cut one endless sentence between words, or anywhere if there is no space."""
    pieces = []
    start = span.start
    while not _fits(text, start, span.end):
        end = min(start + MAX_QUOTE // 2, span.end)  # two units a character at the most
        while not _fits(text, start, end):
            end = start + (end - start) // 2
        space = text.rfind(" ", start + 1, end)
        end = space + 1 if space > start else end
        pieces.append(Span(start, end))
        start = end
    return [*pieces, Span(start, span.end)]


def fill(blocks: Iterable[Block]) -> list[str]:
    """Put *blocks* into as few messages as hold them, in their order."""
    messages: list[str] = []
    units = entities = 0
    for block in blocks:
        used = units + 2 + block.units
        if messages and used <= MAX_UNITS and entities + block.entities <= MAX_ENTITIES:
            messages[-1] += f"\n\n{block.html}"
        else:
            messages.append(block.html)
            used, entities = block.units, 0
        units, entities = used, entities + block.entities
    return messages


def passages_blocks(passages: Sequence[Passage], language: str, said: str = "") -> list[Block]:
    """All *passages*; what is *said* of them, as HTML, stands above the first."""
    return [
        block
        for number, passage in enumerate(passages)
        for block in passage_blocks(passage, language, "" if number else said)
    ]


def plain(html: str) -> str:
    """*html* without its markup, for when Telegram does not read it."""
    return unescape(_TAG.sub("", html))


def shortened(text: str, limit: int) -> str:
    """*text* on one line, cut to *limit* characters with an ellipsis."""
    line = one_line(text)
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"
