"""A tree of HTML, or of what trafilatura makes of it, into the parts of a document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from index.datatypes import BlockKind, Link, Span
from index.sources.documents import Part
from index.sources.part_links import joined, moved, on_one_line, relocated

Element = Any  # lxml has no types

# Names of elements: what holds no words of the page, and what stands in a line.
_SKIPPED = frozenset(
    re.split(
        r"\s+",
        """\
applet audio base button canvas datalist dialog embed form frame frameset graphic head
iframe img input link math meta nav noembed noframes noscript object option param picture
script select source style svg template textarea title track video""",
    )
)
_INLINE = frozenset(
    re.split(
        r"\s+",
        """\
a abbr acronym b bdi bdo big cite code data del dfn em font hi i ins kbd label mark nobr
output q ref rp rt ruby s samp small span strike strong sub sup time tt u var wbr""",
    )
)
_BREAKS = frozenset(("br", "lb"))
_HEADING = re.compile(r"h([1-6])")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LISTS = frozenset(("ul", "ol", "list", "menu", "dir"))
_ITEMS = frozenset(("li", "item"))
_QUOTES = frozenset(("blockquote", "quote"))
_CAPTIONS = frozenset(("figcaption", "caption"))
_NAMED: dict[str, BlockKind] = {"dt": "term", "dd": "description", "summary": "question"}
_ROWS, _CELLS = frozenset(("tr", "row")), frozenset(("td", "th", "cell"))
_SPACES = re.compile(r"[ \t\r\n\f]+")
BETWEEN_CELLS = " | "
MAX_PARTS = 500_000


class _Walk:
    """The parts found so far, and the words of the one that is being read."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.words: list[str] = []
        self.length = 0  # of the words together
        self.links: list[Link] = []
        self.address: str | None = None  # of the link that is being read
        self.linked = 0  # where its words begin
        self.kind: BlockKind = "paragraph"
        self.level = 0
        self.marker = ""  # of the item that is being read

    def add(self, words: str | None) -> None:
        """Read on."""
        if words:
            self.words.append(words)
            self.length += len(words)

    def lead(self, address: str | None) -> None:
        """Let what is read from now on lead to *address*, None for nowhere."""
        if self.address and self.linked < self.length:
            self.links.append(Link(Span(self.linked, self.length), self.address))
        self.address, self.linked = address, self.length

    def flush(self) -> None:
        """End the part that is being read."""
        self.lead(self.address)
        raw, links = "".join(self.words), self.links
        self.words, self.length, self.linked, self.links = [], 0, 0, []
        text = _tidy(raw)
        if text and len(self.parts) < MAX_PARTS:
            shown = moved(relocated(links, raw, text), len(self.marker))
            self.parts.append(Part(self.kind, self.marker + text, self.level, links=tuple(shown)))
            if self.marker:  # what follows in the same item is a paragraph of its own
                self.marker, self.kind, self.level = "", "paragraph", 0

    def inside(self, kind: BlockKind, level: int = 0, marker: str = "") -> tuple[Any, ...]:
        """Begin a part of another kind; returns what `leave` takes to go back."""
        self.flush()
        before = (self.kind, self.level, self.marker)
        self.kind, self.level, self.marker = kind, level, marker
        return before

    def leave(self, before: tuple[Any, ...]) -> None:
        """End the part, and go on with the kind of the one around it."""
        self.flush()
        self.kind, self.level, self.marker = before


def parts_of_tree(root: Element) -> tuple[Part, ...]:
    """The parts in *root*, in reading order; scripts, forms and hidden elements are left out."""
    walk = _Walk()
    _read(root, walk, 0)
    walk.flush()
    return tuple(walk.parts)


def _tidy(text: str) -> str:
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\v"))
    return "\n".join(line for line in lines if line)


def _tag(element: Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _is_hidden(element: Element) -> bool:
    attributes = element.attrib
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or _HIDDEN.search(attributes.get("style", "")) is not None
    )


def _read(element: Element, walk: _Walk, depth: int) -> None:
    """Read *element*; *depth* counts the lists around it."""
    tag = _tag(element)
    if tag and tag not in _SKIPPED and not _is_hidden(element):
        if tag in _BREAKS:
            walk.add("\v")  # a line end that was meant
        elif tag in _INLINE and not (tag == "code" and "\n" in "".join(element.itertext()).strip()):
            if tag == "a":
                walk.lead(element.get("href"))
            _read_inside(element, walk, depth)
            if tag == "a":
                walk.lead(None)
        else:
            _read_block(element, tag, walk, depth)


def _read_inside(element: Element, walk: _Walk, depth: int) -> None:
    walk.add(element.text)
    for child in element:
        _read(child, walk, depth)
        walk.add(child.tail)


def _read_block(element: Element, tag: str, walk: _Walk, depth: int) -> None:
    heading = _HEADING.fullmatch(element.get("rend", "") or "h2" if tag == "head" else tag)
    if tag in _NAMED:
        before = walk.inside(_NAMED[tag])
        _read_inside(element, walk, depth)
        walk.leave(before)
    elif tag in ("pre", "code"):
        walk.flush()
        text = "".join(element.itertext()).strip("\n")
        walk.parts.append(Part("code", text))
    elif tag in _LISTS:
        _read_list(element, walk, depth + 1)
    elif tag == "table":
        _read_table(element, walk, depth)
    elif heading or tag in _QUOTES or tag in _CAPTIONS:
        kind: BlockKind = "heading" if heading else "quotation" if tag in _QUOTES else "caption"
        before = walk.inside(kind, int(heading[1]) if heading else 0)
        _read_inside(element, walk, depth)
        walk.leave(before)
    else:
        walk.flush()
        _read_inside(element, walk, depth)
        walk.flush()


def _read_list(element: Element, walk: _Walk, depth: int) -> None:
    """Read a list: each item with the marker that a browser shows, deeper ones indented."""
    ordered = _tag(element) == "ol" or element.get("rend") == "ol"
    start = element.get("start", "1")
    number = int(start) if re.fullmatch(r"\d{1,6}", start) else 1
    walk.flush()
    for child in element:
        if _tag(child) not in _ITEMS:
            _read(child, walk, depth)
            continue
        before = walk.inside("item", depth, f"{number}. " if ordered else "- ")
        number += 1
        _read_inside(child, walk, depth)
        walk.leave(before)


def _read_table(element: Element, walk: _Walk, depth: int) -> None:
    """Read a table row by row; one that only lays out a page is read like the page."""
    walk.flush()
    rows = [child for child in element.iter() if _tag(child) in _ROWS]
    cells = [[cell for cell in row if _tag(cell) in _CELLS] for row in rows]
    nested = any(_tag(child) == "table" for child in element.iterdescendants())
    if nested or max(map(len, cells), default=0) < 2:
        for child in element:
            _read_block(child, "div", walk, depth)
        return
    for caption in (child for child in element if _tag(child) == "caption"):
        _read_block(caption, "caption", walk, depth)
    walk.parts.extend(_rows(cells))


def _rows(cells: list[list[Element]]) -> Iterator[Part]:
    for row in cells:
        parts = [_words_of_cell(cell) for cell in row]
        if any(part.text for part in parts):
            is_header = row and all(_tag(cell) == "th" for cell in row)
            yield joined("header" if is_header else "row", parts, BETWEEN_CELLS)


def _words_of_cell(cell: Element) -> Part:
    """The words of a cell on one line, whatever it is built of."""
    walk = _Walk()
    _read_inside(cell, walk, 0)
    walk.flush()
    return on_one_line(joined("paragraph", walk.parts, " "))
