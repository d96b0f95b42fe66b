"""A PDF into a document: paragraphs and headings in reading order, each with its page."""

from __future__ import annotations

import ctypes
import statistics
from collections.abc import Iterator, Sequence

import pypdfium2 as pdfium
from pypdfium2 import raw

from index.errors import ArticleError
from index.sources.documents import Document, shown_title
from index.sources.hints import Hints
from index.sources.pdf_layout import Line, in_reading_order, without_running_lines
from index.sources.pdf_links import LinkedWords, links_of_page, with_links
from index.sources.pdf_paragraphs import paragraphs_of

MAX_PAGES = 5_000
MAX_PAGE_CHARACTERS = 200_000
WIDE_GAP = 0.7  # heights of a line; most justified words stand nearer
BOLD = 600  # the weight from which letters are bold
_HYPHENS = "\x02\ufffe"  # what PDFium puts for a hyphen at the end of a line
_NO_PASSWORD = "the PDF is protected by a password"  # noqa: S105 (a message)


def parse(data: bytes, hints: Hints) -> Iterator[Document]:
    """The text of the PDF *data*; raises ArticleError when it is locked, damaged or only images."""
    pdf = _opened(data, hints.name)
    number = len(pdf)
    if number > MAX_PAGES:
        raise ArticleError(f"{hints.name} has {number:,} pages and may have {MAX_PAGES:,}.", "long")
    pages: list[list[Line]] = []
    linked: dict[int, list[LinkedWords]] = {}
    for at in range(number):
        lines, linked[at + 1] = _read_page(pdf, at)
        pages.append(lines)
        hints.progress(at + 1, number)
    if not any(pages):
        raise ArticleError(
            f"{hints.name} holds no text, only images of {number:,} pages; "
            "recognise its text first, for instance with ocrmypdf.",
            "scanned",
        )
    ordered = [in_reading_order(lines) for lines in without_running_lines(pages)]
    parts = tuple(with_links(paragraphs_of(ordered), linked))
    title, author, date = (_metadata(pdf, key) for key in ("Title", "Author", "CreationDate"))
    yield Document(
        parts,
        title=shown_title(title, parts),
        author=author,
        date=_iso_date(date),
        notice=_notice(hints.name, pages),
    )


def _opened(data: bytes, name: str) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as exc:
        if "password" in str(exc).lower():
            raise ArticleError(
                f"{name} is locked by a password; save it without one.", "locked"
            ) from exc
        raise ArticleError(f"{name} is no PDF that can be read; save or print it anew.") from exc


def _notice(name: str, pages: Sequence[list[Line]]) -> str | None:
    """Say which part of the pages has no text."""
    empty = sum(not lines for lines in pages)
    if empty * 2 < len(pages):
        return None
    return f"{name}: {empty:,} of {len(pages):,} pages hold no text; they may be scanned."


def _metadata(pdf: pdfium.PdfDocument, key: str) -> str | None:
    try:
        return " ".join(pdf.get_metadata_value(key).split()) or None
    except (pdfium.PdfiumError, UnicodeError, ValueError):
        return None


def _iso_date(date: str | None) -> str | None:
    """The day of a PDF's date, `D:20240502…`, in ISO 8601."""
    digits = (date or "").removeprefix("D:")[:8]
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}" if len(digits) == 8 else None


def _read_page(pdf: pdfium.PdfDocument, at: int) -> tuple[list[Line], list[LinkedWords]]:
    """The lines of a page as the file has them, and its links; one that cannot be read has none."""
    try:
        page = pdf[at]
        text_page = page.get_textpage()
    except pdfium.PdfiumError:
        return [], []
    try:
        count = min(text_page.count_chars(), MAX_PAGE_CHARACTERS)
        codes = [raw.FPDFText_GetUnicode(text_page, index) for index in range(count)]
        text = "".join(map(_letter, codes))
        lines = list(_cut(text, text_page, at + 1))
        return lines, list(links_of_page(pdf, page, text_page)) if lines else []
    finally:
        text_page.close()
        page.close()


def _letter(code: int) -> str:
    """A character; pairs of UTF-16 and what is none become the replacement character."""
    if chr(code) in _HYPHENS:
        return "\u00ad"
    return "\ufffd" if 0xD800 <= code < 0xE000 else chr(code)


def _cut(text: str, text_page: pdfium.PdfTextPage, page: int) -> Iterator[Line]:
    """The lines of *text*, with their places; a wide gap ends a line too, as between columns."""
    start = 0
    for end in [*(at for at, char in enumerate(text) if char in "\r\n"), len(text)]:
        words = text[start:end]
        shown = [start + at for at, char in enumerate(words) if not char.isspace()]
        if shown:
            yield from _split_line(text, shown, text_page, page)
        start = end + 1


def _split_line(
    text: str, shown: Sequence[int], text_page: pdfium.PdfTextPage, page: int
) -> Iterator[Line]:
    boxes = [_box(text_page, index) for index in shown]
    gap = WIDE_GAP * max(_height(boxes), 1.0)
    first = 0
    for at in range(1, len(shown) + 1):
        if at == len(shown) or boxes[at][0] - boxes[at - 1][2] > gap or _other_line(boxes, at):
            part = boxes[first:at]
            yield Line(
                text=text[shown[first] : shown[at - 1] + 1],
                left=min(box[0] for box in part),
                bottom=min(box[1] for box in part),
                right=max(box[2] for box in part),
                top=max(box[3] for box in part),
                size=_height(part),
                bold=_is_bold(text_page, (shown[first], shown[(first + at) // 2], shown[at - 1])),
                page=page,
            )
            first = at


def _other_line(boxes: Sequence[tuple[float, ...]], at: int) -> bool:
    """Whether a character stands on another line than the one before it, as after a hyphen."""
    before, this = boxes[at - 1], boxes[at]
    height = max(before[3] - before[1], this[3] - this[1])
    return abs(this[1] - before[1]) > height / 3 and this[0] < before[0] - height


def _height(boxes: Sequence[tuple[float, ...]]) -> float:
    return statistics.median(box[3] - box[1] for box in boxes)


def _is_bold(text_page: pdfium.PdfTextPage, indexes: Sequence[int]) -> bool:
    """Whether the characters at *indexes* are all bold."""
    return all(raw.FPDFText_GetFontWeight(text_page, index) >= BOLD for index in indexes)


def _box(text_page: pdfium.PdfTextPage, index: int) -> tuple[float, ...]:
    """Left, bottom, right and top of a character with the room that its font gives it."""
    rectangle = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(text_page, index, ctypes.byref(rectangle))
    return rectangle.left, rectangle.bottom, rectangle.right, rectangle.top
