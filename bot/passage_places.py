"""Where a passage stands, in words, and a link that opens its page there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from bot.phrases import FALLBACK, paragraph_range, phrase
from index.text.surroundings import items_left, place_of

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
        words.append(f"§ {cut}")
    if place.page is not None:
        words.append(phrase("page", language, page=place.page))
    return ", ".join(words) or paragraph_range(*place.paragraphs, language)


def more_words(passage: Passage, language: str = FALLBACK) -> str:
    """Say how many items of its list *passage* leaves out, nothing when it is whole."""
    left = items_left(passage)
    return phrase("items_left", language, count=f"{left:,}") if left else ""


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
    return f"{source}{mark}:~:text={_text_directive(passage.article.cut(passage.best))}"


def _text_directive(words: str) -> str:
    """The words as a text fragment names them: whole, or by the first and the last few."""
    words = " ".join(words.split())
    parts = words.split(" ")
    if len(words) <= EXACT or len(parts) <= 2 * END_WORDS:
        return _encoded(words)
    return f"{_encoded(' '.join(parts[:END_WORDS]))},{_encoded(' '.join(parts[-END_WORDS:]))}"


def _encoded(words: str) -> str:
    """*words* in an address: "-", "," and "&" are signs of the fragment's own."""
    return quote(words, safe="").replace("-", "%2D")
