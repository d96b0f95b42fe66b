"""
A page of the web into a document: its article, without what stands around it.

trafilatura says which words are the article's, and title, author and date; how the article is built
is read from the page itself, since it loses headings and the lines of code. Where it finds too
little the page is read whole.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from lxml import etree, html
from trafilatura import bare_extraction
from trafilatura.settings import Document as Extracted

from index.errors import ArticleError
from index.sources.documents import Document, Part
from index.sources.hints import Hints
from index.sources.html_tree import BETWEEN_CELLS, parts_of_tree

Element = Any  # lxml has no types

_ENCODING = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{1,40})", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LANGUAGE = re.compile(r"([a-z]{2})(?:[-_].*)?", re.IGNORECASE)
_AROUND = "self::nav or self::aside or self::header or self::footer"
LITTLE = 250  # characters, fewer than which trafilatura finds in pages that it does not understand
MAX_CHARACTERS = 20_000_000  # of a page's markup
MAX_ELEMENTS = 50_000  # of a page that trafilatura reads; it takes a second for each 8,000
FIRST_PARTS = 3  # among which an article's title stands, if it has one


def parse(data: bytes, hints: Hints) -> Iterator[Document]:
    """The article of the page *data*; raises ArticleError when there is none."""
    text = decode_markup(data, hints.charset)
    if len(text) > MAX_CHARACTERS:
        raise ArticleError(f"{hints.name} has {len(text):,} characters of markup; split it.")
    tree = parse_markup(text)
    if tree is None:
        raise ArticleError(f"{hints.name} holds no text; give a page with an article.")
    language = _LANGUAGE.fullmatch(tree.get("lang", "") or tree.get("xml:lang", ""))
    heading = _first_heading(tree)
    found = _extracted(tree)
    whole = parts_of_tree(_without_surroundings(tree))
    parts = _chosen(whole, _words_of(found), _links(tree))
    if _size(parts) < LITTLE and _size(whole) > 2 * _size(parts):
        parts = whole
    if not parts:
        raise ArticleError(
            f"{hints.name} holds no text of an article; it may need a browser that runs scripts."
        )
    title = (found.title if found else None) or heading
    yield Document(
        _headed(parts, heading),
        title=title,
        author=found.author if found else None,
        date=found.date if found else None,
        language=language[1].lower() if language else None,
    )


def decode_markup(data: bytes, charset: str | None = None) -> str:
    """The text of markup: by its mark, what the server says, what itself says, else UTF-8."""
    named = _ENCODING.search(data[:2048])
    claims = [name for bom, name in _BOMS if data.startswith(bom)]
    claims += [charset or "", named[1].decode() if named else "", "utf-8"]
    for claim in filter(None, claims):
        try:
            codec = codecs.lookup(claim)
            if codec.name == "utf-7":  # in which letters could be markup that nobody sees
                continue
            return data.decode("cp1252" if codec.name == "iso8859-1" else codec.name)
        except (LookupError, UnicodeError, TypeError, ValueError):
            continue
    from charset_normalizer import from_bytes  # seldom needed, slow to import

    best = from_bytes(data[:65_536]).best()
    return data.decode(best.encoding if best else "cp1252", "replace")


def parse_markup(text: str) -> Element | None:
    """The tree of HTML, None for none; nothing is fetched, no entity is expanded."""
    text = re.sub(r"^\s*<\?xml[^>]*>", "", text.replace("\x00", ""), count=1)
    try:
        return html.document_fromstring(text, parser=html.HTMLParser(no_network=True))
    except (etree.ParserError, ValueError):
        return None


def _extracted(tree: Element) -> Extracted | None:
    """What trafilatura finds; it changes the tree that it is given, so that is another one."""
    if sum(1 for _ in tree.iter()) > MAX_ELEMENTS:
        return None
    try:
        copy = html.document_fromstring(html.tostring(tree, encoding="unicode"))
        found = bare_extraction(
            copy,
            include_comments=False,
            with_metadata=True,
            fast=True,
            # a date of its metadata, not any that stands in the text
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except Exception:  # it meets pages of all kinds; what it cannot read is read whole
        return None
    return found if isinstance(found, Extracted) else None


def _first_heading(tree: Element) -> str | None:
    heading = next(tree.iter("h1"), None)
    return " ".join("".join(heading.itertext()).split()) or None if heading is not None else None


def _headed(parts: tuple[Part, ...], heading: str | None) -> tuple[Part, ...]:
    """*parts* below the page's first heading, which trafilatura often takes for no text."""
    if heading is None or heading in [part.text for part in parts[:FIRST_PARTS]]:
        return parts
    return (Part("heading", heading, 1), *parts)


def _links(tree: Element) -> set[str]:
    """The letters of all links."""
    return {"".join("".join(link.itertext()).split()) for link in tree.iter("a")}


def _words_of(found: Extracted | None) -> str:
    """All words that were found."""
    return "" if found is None or found.body is None else "".join(found.body.itertext())


def _chosen(parts: tuple[Part, ...], text: str, links: set[str]) -> tuple[Part, ...]:
    """
    Those of *parts* whose words are in *text*, and what trafilatura loses between them.

    That are headings, code, and lists and tables of words that are no *links*.
    """
    letters = "".join(text.split())
    kept = [_letters(part) in letters for part in parts]
    for start, end in _runs(parts):
        linked = sum(_letters(part) in links for part in parts[start:end])
        between = any(kept[max(start - 1, 0) : start]) and any(kept[end : end + 2])
        if between and 2 * linked < end - start:
            kept[start:end] = [True] * (end - start)
    for at in range(len(parts) - 2, -1, -1):
        if parts[at].kind == "heading":
            kept[at] = kept[at] or kept[at + 1]
    return tuple(part for part, keep in zip(parts, kept, strict=True) if keep)


def _runs(parts: tuple[Part, ...]) -> Iterator[tuple[int, int]]:
    """Where lists, tables and code begin and end."""
    for kind, run in groupby(enumerate(parts), key=lambda entry: entry[1].kind):
        if kind in ("item", "header", "row", "code"):
            positions = [at for at, _ in run]
            yield positions[0], positions[-1] + 1


def _letters(part: Part) -> str:
    """The letters of a part as its author wrote them, without the marks that were put in."""
    text = part.text.partition(" ")[2] if part.kind == "item" else part.text
    return "".join(text.replace(BETWEEN_CELLS, "").split())


def _size(parts: tuple[Part, ...]) -> int:
    return sum(len(part.text) for part in parts)


def _without_surroundings(tree: Element) -> Element:
    """The main part of a page, or the page without its head, foot and menus."""
    main = tree.xpath("//main") or tree.xpath("//article")
    root = main[0] if len(main) == 1 else tree
    for element in root.xpath(f".//*[{_AROUND}]"):
        element.set("hidden", "")  # to remove it fails where it is followed by a control character
    return root
