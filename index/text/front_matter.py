"""
Front matter: the fields between two lines of "---" with which a Markdown file may begin.

They stay in the text, each as a block, so that who wrote it can be asked; what only steers how a
page is built is never quoted. A few fields are read, by their form alone: nothing is executed, and
no YAML of any depth is built.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.datatypes import Block, Span

MAX_FRONT_MATTER = 20_000  # characters; longer ones are a text between two rules

_TITLE = ("title",)
_AUTHOR = ("author", "authors", "by", "byline")
_DATE = ("date", "published", "pubdate", "publish_date", "date_published")
_TAGS = ("tags", "topics", "keywords", "categories")
_QUOTED = {*_TITLE, *_AUTHOR, *_DATE, *_TAGS, "subtitle", "summary", "description", "updated"}

_FENCE = re.compile(r"\A---\n(.*?)\n(?:---|\.\.\.)(?=\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"([A-Za-z][\w -]{0,40}):(?:[ \t]+|(?=\n|\Z))(.*)")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What front matter says of its article."""

    title: str | None = None
    author: str | None = None
    published: str | None = None
    tags: tuple[str, ...] = ()


def split_front_matter(text: str) -> tuple[Span, int] | None:
    """Where the fields of the front matter of *text* stand, and where it ends; None without any."""
    fence = _FENCE.match(text[:MAX_FRONT_MATTER])
    if fence is None or not any(_FIELD.match(line) for line in fence[1].split("\n")):
        return None
    return Span(*fence.span(1)), fence.end()


def read_front_matter(text: str) -> FrontMatter:
    """Read the fields of a normalised *text* that are known here."""
    found = split_front_matter(text)
    if found is None:
        return FrontMatter()
    values: dict[str, tuple[str, ...]] = {}
    for span in _fields(text, found[0]):
        name, words = _field(text, span)
        values.setdefault(name, words)
    authors = _first(values, _AUTHOR)
    return FrontMatter(
        title=next(iter(_first(values, _TITLE)), None),
        author=", ".join(authors) or None,
        published=next(iter(_first(values, _DATE)), None),
        tags=_first(values, _TAGS),
    )


def front_matter_blocks(text: str) -> list[Block]:
    """The blocks of the front matter of *text*, a field each, with the lines around it."""
    found = split_front_matter(text)
    if found is None:
        return []
    fields, end = found
    blocks = [Block("boilerplate", Span(0, 3))]
    for span in _fields(text, fields):
        known = _field(text, span)[0] in _QUOTED
        blocks.append(Block("metadata" if known else "boilerplate", span))
    return [*blocks, Block("boilerplate", Span(end - 3, end))]


def _fields(text: str, fields: Span) -> Iterator[Span]:
    """The spans of the fields: a line, and those below it that are indented or items."""
    start = end = None
    for line in re.finditer(r"[^\n]+", text[fields.start : fields.end]):
        first, last = fields.start + line.start(), fields.start + line.end()
        continues = line.group()[0] in " \t-" and start is not None
        if continues:
            end = last
            continue
        if start is not None and end is not None:
            yield Span(start, end)
        start, end = first, last
    if start is not None and end is not None:
        yield Span(start, end)


def _field(text: str, span: Span) -> tuple[str, tuple[str, ...]]:
    """The name and the values of the field at *span*; an empty name when it is none."""
    field = _FIELD.match(text[span.start : span.end])
    if field is None:
        return "", ()
    below = text[span.start + field.end() : span.end].split("\n")
    rest = [line.strip().removeprefix("- ") for line in below]
    listed = field[2].strip()
    if listed.startswith("[") and listed.endswith("]"):
        rest = [*listed[1:-1].split(","), *rest]
    elif listed not in {"|", ">", "|-", ">-"}:
        rest = [listed, *rest]
    values = (value.strip().strip("\"'").strip() for value in rest)
    return field[1].strip().lower().replace(" ", "_"), tuple(filter(None, values))


def _first(values: dict[str, tuple[str, ...]], names: tuple[str, ...]) -> tuple[str, ...]:
    return next((values[name] for name in names if values.get(name)), ())
