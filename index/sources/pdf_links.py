"""The links of a PDF: rectangles on its pages, and the words that stand below them."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import pypdfium2 as pdfium
from pypdfium2 import raw

from index.datatypes import Link, Span
from index.sources.documents import Part

MAX_LINKS = 1_000  # of a page
MAX_ADDRESS = 2_000  # bytes


class LinkedWords(NamedTuple):
    """*words* of a page that lead to an *address*."""

    words: str
    address: str


def links_of_page(
    pdf: pdfium.PdfDocument, page: pdfium.PdfPage, text_page: pdfium.PdfTextPage
) -> Iterator[LinkedWords]:
    """What leads from a *page* of *pdf* elsewhere, in the order of the file."""
    position, link = ctypes.c_int(0), raw.FPDF_LINK()
    for _ in range(MAX_LINKS):
        if not raw.FPDFLink_Enumerate(page, ctypes.byref(position), ctypes.byref(link)):
            return
        address, place = _address(pdf, link), raw.FS_RECTF()
        if address and raw.FPDFLink_GetAnnotRect(link, ctypes.byref(place)):
            sides = (place.left, min(place.bottom, place.top), place.right)
            words = text_page.get_text_bounded(*sides, max(place.bottom, place.top))
            if words := " ".join(words.split()):
                yield LinkedWords(words, address)


def with_links(
    parts: Iterable[Part], linked: Mapping[int, Sequence[LinkedWords]]
) -> Iterator[Part]:
    """*parts* with the links of their pages, which are *linked* by the pages' numbers."""
    left = {page: list(links) for page, links in linked.items()}
    for part in parts:
        found: dict[int, Link] = {}
        for wanted in list(left.get(part.page, ())):
            span = _place(part.text, wanted.words, found)
            if span is not None:
                left[part.page].remove(wanted)
                found[span.start] = Link(span, wanted.address)
        yield replace(part, links=tuple(found[start] for start in sorted(found)))


def _place(text: str, words: str, taken: Mapping[int, Link]) -> Span | None:
    """Where *words* stand in *text*, with other spaces maybe, and no other link does."""
    pattern = r"\s+".join(map(re.escape, words.split()))
    spans = (Span(*match.span()) for match in re.finditer(pattern, text))
    used = [link.span for link in taken.values()]
    return next((span for span in spans if not any(map(span.overlaps, used))), None)


def _address(pdf: pdfium.PdfDocument, link: raw.FPDF_LINK) -> str:
    """Where *link* leads outside of the document, "" for nowhere."""
    action = raw.FPDFLink_GetAction(link)
    if not action or raw.FPDFAction_GetType(action) != raw.PDFACTION_URI:
        return ""
    length = raw.FPDFAction_GetURIPath(pdf, action, None, 0)
    if not 1 < length <= MAX_ADDRESS:
        return ""
    buffer = ctypes.create_string_buffer(length)
    raw.FPDFAction_GetURIPath(pdf, action, buffer, length)
    return buffer.value.decode("utf-8", "replace")
