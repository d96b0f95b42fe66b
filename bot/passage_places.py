"""Where a passage stands, in words, and a link that opens its page there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from bot.phrases import FALLBACK, numeral, paragraph_range, phrase
from index.text.paragraphs import LIST_MARKER
from index.text.row_cells import cells_of
from index.text.surroundings import items_left, kind_of, place_of

if TYPE_CHECKING:
    from index.datatypes import Passage

MAX_SECTION = 80  # characters of a heading that are told
EXACT = 60  # characters that a link to a text repeats whole; of more, its first and last words
END_WORDS = 4

_WEB_PAGE = re.compile(r"https?://(?!(?:www\.)?t(?:elegram)?\.me/)", re.IGNORECASE)


def place_words(passage: Passage, language: str = FALLBACK) -> str:
    """Name the heading and the page below which *passage* stands, else its paragraphs."""
    place = place_of(passage)
    words = []
    if place.section is not None:
        section = place.section
        cut = section if len(section) <= MAX_SECTION else f"{section[: MAX_SECTION - 1].rstrip()}…"
        words.append(cut if cut.startswith("§") else f"§ {cut}")
    if place.page is not None:
        words.append(phrase("page", language, page=place.page))
    return ", ".join(words) or paragraph_range(*place.paragraphs, language)


def more_words(passage: Passage, language: str = FALLBACK) -> str:
    """Say how many items of its list *passage* leaves out, nothing when it is whole."""
    left = items_left(passage)
    return phrase("items_left", language, count=numeral(left, language)) if left else ""


def place_link(passage: Passage) -> str | None:
    """
    The address of the source of *passage*, which opens where it stands; None when it has none.

    A web page is opened at the words, by a text fragment (https://wicg.github.io/scroll-to-text-
    fragment/), a PDF at the page; a post of Telegram has a link of its own.
    """
    source = passage.article.source or ""
    if not re.match(r"https?://", source, re.IGNORECASE):
        return None
    if not _WEB_PAGE.match(source):
        return source
    if page := place_of(passage).page:
        return source if "#" in source else f"{source}#page={page}"
    mark = "" if "#" in source else "#"
    return f"{source}{mark}:~:text={_text_directive(passage)}"


def _text_directive(passage: Passage) -> str:
    """
    The best sentence of *passage* as a text fragment names it, by what stands on the page.

    That has no marker before an item, and no bar between cells: the second cell is named, and the
    first one as what stands before it.
    """
    words = passage.article.cut(passage.best)
    match kind_of(passage):
        case "row" | "header":
            first, *others = [cell for cell in cells_of(words) if cell] or [words]
            return f"{_encoded(first)}-,{_encoded(others[0])}" if others else _encoded(first)
        case "item":
            marker = LIST_MARKER.match(words)
            return _named_words(words[marker.end() :] if marker else words)
        case _:
            return _named_words(words)


def _named_words(words: str) -> str:
    """The words whole, or by the first and the last few, each from one line of the page."""
    lines = [line.split() for line in words.splitlines()]
    joined = " ".join(words.split())
    if len(lines) == 1 and (len(joined) <= EXACT or len(lines[0]) <= 2 * END_WORDS):
        return _encoded(joined)
    ends = (lines[0][:END_WORDS], lines[-1][-END_WORDS:])
    return ",".join(_encoded(" ".join(part)) for part in ends)


def _encoded(words: str) -> str:
    """*words* in an address: "-", "," and "&" are signs of the fragment's own."""
    return quote(words, safe="").replace("-", "%2D")
