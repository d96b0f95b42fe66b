"""A DOCX into a document: headings, paragraphs, lists and tables in their order."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import docx
from docx.table import Table
from docx.text.hyperlink import Hyperlink
from docx.text.paragraph import Paragraph

from index.datatypes import BlockKind, Link, Span
from index.errors import ArticleError
from index.sources.documents import Document, Part, shown_title
from index.sources.hints import Hints
from index.sources.html_tree import BETWEEN_CELLS
from index.sources.part_links import joined, moved, on_one_line
from index.sources.safe_archives import SafeArchive

_HEADING = re.compile(r"heading ([1-9])")
# Names of styles, in lower case, of Word, LibreOffice and pandoc.
_STYLES: dict[str, BlockKind] = {
    "title": "heading",
    **dict.fromkeys(("caption", "image caption", "table caption"), "caption"),
    **dict.fromkeys(("quote", "intense quote", "block text", "quotations"), "quotation"),
    **dict.fromkeys(("source code", "preformatted text", "html preformatted"), "code"),
}
_NAMESPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MAX_DEPTH = 5  # of tables in cells


def read_docx(data: bytes, archive: SafeArchive, hints: Hints) -> Document:
    """The document *data*, an *archive* that has been checked."""
    archive.refuse_declarations()
    try:
        document = docx.Document(io.BytesIO(data))
        parts = tuple(_parts(document, 0))
        core = document.core_properties
    except Exception as exc:  # python-docx fails in as many ways as files are damaged
        raise ArticleError(f"{hints.name} is a damaged DOCX; save it anew.") from exc
    if not parts:
        raise ArticleError(
            f"{hints.name} holds no text; give a document with words in it.", "empty"
        )
    return Document(
        parts,
        title=shown_title(core.title, parts),
        author=core.author if core.author != "python-docx" else None,
        date=_day(core),
        language=(core.language or "")[:2].lower() or None,
    )


def _day(core: Any) -> str | None:  # noqa: ANN401 (python-docx's properties)
    try:
        date = core.modified or core.created
        return None if date is None else str(date.date().isoformat())
    except (ValueError, AttributeError):
        return None


def _parts(container: Any, depth: int) -> Iterator[Part]:  # noqa: ANN401 (a document or a cell)
    for block in container.iter_inner_content():
        if isinstance(block, Paragraph):
            part = _part(block)
            if part.text.strip():
                yield part
        elif isinstance(block, Table):
            yield from _rows(block, depth)


def _part(paragraph: Paragraph) -> Part:
    """A paragraph by its style, or by the outline and numbering that it has itself."""
    name = ((paragraph.style.name if paragraph.style is not None else None) or "").lower()
    text, links = _words(paragraph)
    if heading := _HEADING.match(name):
        return Part("heading", text, min(int(heading[1]), 6), links=links)
    if name in _STYLES:
        kind = _STYLES[name]
        return Part(kind, text, int(kind == "heading"), links=links)
    level = _list_level(paragraph)
    if level is not None or name.startswith("list"):
        return Part("item", f"- {text}", (level or 0) + 1, links=tuple(moved(links, len("- "))))
    return Part("paragraph", text, links=links)


def _words(paragraph: Paragraph) -> tuple[str, tuple[Link, ...]]:
    """The words of a paragraph, and its links, whose addresses stand elsewhere in the archive."""
    text, links = "", []
    for piece in paragraph.iter_inner_content():
        start, text = len(text), text + piece.text
        if isinstance(piece, Hyperlink) and piece.address and piece.text.strip():
            links.append(Link(Span(start, len(text)), piece.address))
    return text, tuple(links)


def _list_level(paragraph: Paragraph) -> int | None:
    """The level of a numbered or bulleted paragraph, from 0; None for others."""
    numbering = paragraph._p.find(f"{_NAMESPACE}pPr/{_NAMESPACE}numPr")
    if numbering is None:
        return None
    number = numbering.find(f"{_NAMESPACE}numId")
    if number is None or number.get(f"{_NAMESPACE}val") == "0":
        return None
    level = numbering.find(f"{_NAMESPACE}ilvl")
    value = "0" if level is None else level.get(f"{_NAMESPACE}val", "0")
    return int(value) if value.isdecimal() and len(value) < 3 else 0


def _rows(table: Table, depth: int) -> Iterator[Part]:
    """The rows of a table; one of a single column is read like the text around it."""
    for row in table.rows:
        cells: list[Any] = []
        for cell in row.cells:
            if cell._tc not in [known._tc for known in cells]:  # merged ones come several times
                cells.append(cell)
        if len(cells) == 1 and depth < MAX_DEPTH:
            yield from _parts(cells[0], depth + 1)
        else:
            parts = [_words_of_cell(cell) for cell in cells]
            if any(part.text for part in parts):
                is_header = row._tr.find(f".//{_NAMESPACE}tblHeader") is not None
                yield joined("header" if is_header else "row", parts, BETWEEN_CELLS)


def _words_of_cell(cell: Any) -> Part:  # noqa: ANN401
    """The words of a cell on one line; of tables in it nothing."""
    words = [_words(paragraph) for paragraph in cell.paragraphs]
    parts = [Part("paragraph", text, links=links) for text, links in words]
    return on_one_line(joined("paragraph", parts, " "))
