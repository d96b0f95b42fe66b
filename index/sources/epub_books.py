"""An EPUB into a document: its chapters in the order in which they are read."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from index.errors import ArticleError
from index.sources.documents import Document, Part
from index.sources.hints import Hints
from index.sources.html_pages import decode_markup, parse_markup
from index.sources.html_tree import parts_of_tree
from index.sources.safe_archives import SafeArchive

Element = Any

CONTAINER = "META-INF/container.xml"
LOCK = "META-INF/encryption.xml"
_FONTS_ONLY = (b"http://www.idpf.org/2008/embedding", b"http://ns.adobe.com/pdf/enc#RC")
_PAGES = {"application/xhtml+xml", "text/html", "text/x-oeb1-document"}
_METADATA = "{http://purl.org/dc/elements/1.1/}"


def read_epub(archive: SafeArchive, hints: Hints) -> Document:
    """The book in *archive*; raises ArticleError when it is locked, damaged or has no text."""
    if LOCK in archive.names() and not any(mark in archive.read(LOCK) for mark in _FONTS_ONLY):
        raise ArticleError(
            f"{hints.name} is locked by its seller (DRM) and cannot be read.", "locked"
        )
    root = _tree(archive, CONTAINER, hints)
    path = next((entry.get("full-path") for entry in root.iter() if _is(entry, "rootfile")), None)
    if not path:
        raise ArticleError(f"{hints.name} is a damaged EPUB; save it anew.")
    package = _tree(archive, path, hints)
    chapters = list(_chapters(package, posixpath.dirname(path)))
    parts: list[Part] = []
    for number, chapter in enumerate(chapters, start=1):
        if chapter in archive.names():
            tree = parse_markup(decode_markup(archive.read(chapter)))
            parts += () if tree is None else parts_of_tree(tree)
        hints.progress(number, len(chapters))
    if not parts:
        raise ArticleError(f"{hints.name} holds no text; give a book with words in it.", "empty")
    title, author, date, language = (
        _metadata(package, key) for key in ("title", "creator", "date", "language")
    )
    return Document(
        tuple(parts),
        title=title,
        author=author,
        date=(date or "")[:10] or None,
        language=(language or "")[:2].lower() or None,
    )


def _tree(archive: SafeArchive, path: str, hints: Hints) -> Element:
    try:
        return fromstring(archive.read(path))
    except (ParseError, DefusedXmlException, ValueError, LookupError) as exc:
        raise ArticleError(f"{hints.name} is a damaged EPUB; save it anew.") from exc


def _is(element: Element, name: str) -> bool:
    return str(element.tag).rpartition("}")[2] == name


def _chapters(package: Element, folder: str) -> Iterator[str]:
    """The paths of the pages, in reading order; the table of contents is none of the text."""
    items = {}
    for item in (entry for entry in package.iter() if _is(entry, "item")):
        link = urlsplit(item.get("href") or "")
        navigates = "nav" in (item.get("properties") or "").split()
        if item.get("media-type") in _PAGES and not link.scheme and not navigates:
            path = posixpath.normpath(posixpath.join(folder, unquote(link.path)))
            items[item.get("id")] = path
    for reference in (entry for entry in package.iter() if _is(entry, "itemref")):
        if reference.get("idref") in items:
            yield items[reference.get("idref")]


def _metadata(package: Element, key: str) -> str | None:
    found = package.find(f".//{_METADATA}{key}")
    return None if found is None else " ".join((found.text or "").split()) or None
