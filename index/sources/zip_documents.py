"""A zip archive into documents: by what is in it, a DOCX or an EPUB."""

from __future__ import annotations

from collections.abc import Iterator

from index.errors import ArticleError
from index.sources.documents import Document
from index.sources.hints import Hints
from index.sources.safe_archives import SafeArchive

# What tells a kind of document, and what is said of those that are not read.
_OTHERS = {
    "xl/workbook.xml": "a table of Excel; save it as CSV, or as a PDF",
    "ppt/presentation.xml": "a presentation; save it as a PDF",
    "content.xml": "an OpenDocument file; save it as DOCX or PDF",
}


def parse(data: bytes, hints: Hints) -> Iterator[Document]:
    """The document in the archive *data*; raises ArticleError when it is none that is known."""
    archive = SafeArchive(data, hints.name)
    names = set(archive.names())
    if "word/document.xml" in names:
        from index.sources.docx_files import read_docx

        yield read_docx(data, archive, hints)
    elif "META-INF/container.xml" in names:
        from index.sources.epub_books import read_epub

        yield read_epub(archive, hints)
    else:
        kind = next((kind for name, kind in _OTHERS.items() if name in names), None)
        what = kind or "an archive; unpack it and add the files or their folder"
        raise ArticleError(f"{hints.name} is {what}.", "unsupported")
