"""
A Markdown file into the text that is stored: links and images as their words, HTML dropped.

All else stays as its author wrote it, so that what is quoted is what stands in the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from index.datatypes import Link, Span
from index.text.articles import normalise
from index.text.front_matter import split_front_matter

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

_TAG = re.compile(
    r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|</?[A-Za-z][^<>]*>", re.DOTALL | re.IGNORECASE
)
_DEFINITION = re.compile(r"(?m)^ {0,3}\[[^\]\n]+\]:[ \t]*\S[^\n]*\n?")


@dataclass(slots=True)
class _Edits:
    """What goes from a *source*: spans of it, and the words of it that were links."""

    source: str
    dropped: list[Span] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


def read_markdown(text: str) -> tuple[str, tuple[Link, ...]]:
    """The text of a Markdown file as it is stored, normalised, and its links."""
    text = normalise(text)
    found = split_front_matter(text)
    start = found[1] if found else 0
    env: dict[str, Any] = {}
    edits = _Edits(text)
    parser = _recording_parser()
    lines = [start, *(start + newline.end() for newline in re.finditer(r"\n", text[start:]))]
    lines.append(len(text))
    place = start
    for token in parser.parse(text[start:], env):
        if token.map is None:
            continue
        place = max(place, lines[token.map[0]])
        if token.type == "html_block":
            end = lines[min(token.map[1], len(lines) - 1)]
            edits.dropped += [Span(*tag.span()) for tag in _tags(text, place, end)]
        elif token.type == "inline":
            place = _edit_inline(parser, token, env, edits, place)
    if env.get("references"):
        definitions = _DEFINITION.finditer(text, start)
        edits.dropped += [Span(*definition.span()) for definition in definitions]
    return _applied(edits)


def _tags(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    return _TAG.finditer(text, start, end)


@lru_cache(maxsize=1)
def _recording_parser() -> MarkdownIt:
    """A parser that notes where links, images and tags stand inside of its lines."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("table")
    for rule in list(parser.inline.ruler.__rules__):
        if rule.name in {"link", "image", "autolink", "html_inline"}:
            parser.inline.ruler.at(rule.name, partial(_recorded, rule.name, rule.fn))
    return parser


def _recorded(
    name: str, rule: Callable[[StateInline, bool], bool], state: StateInline, silent: bool
) -> bool:
    """Apply a *rule*, and note what it matched; what stands in an image's words is not noted."""
    start, noted = state.pos, state.env.get("noted")
    label = _label_end(name, state) if noted is not None and not silent else None
    count = len(state.tokens)
    if not rule(state, silent):
        return False
    if noted is not None and not silent and state.src == state.env["line"]:
        address = next((a for token in state.tokens[count:] if (a := _address(token))), "")
        noted.append((name, start, label, state.pos, address))
    return True


def _label_end(name: str, state: StateInline) -> int | None:
    if name not in {"link", "image"}:
        return None
    start = state.pos + (name == "image")
    return int(state.md.helpers.parseLinkLabel(state, start, name == "link"))


def _address(token: Token) -> str:
    return str(token.attrGet("href") or token.attrGet("src") or "")


def _edit_inline(
    parser: MarkdownIt, token: Token, env: dict[str, Any], edits: _Edits, place: int
) -> int:
    """Note what goes from the lines of *token*, at *place* or behind; return their end."""
    starts, position = [], place
    for line in token.content.split("\n"):
        found = edits.source.find(line, position)
        if found < 0:  # it does not stand there as it is: an escaped cell of a table
            return place
        starts.append(found)
        position = found + len(line)
    noted: list[tuple[str, int, int | None, int, str]] = []
    parser.inline.parse(token.content, parser, {**env, "noted": noted, "line": token.content}, [])
    at = partial(_place, token.content, starts)
    for name, start, label, end, address in noted:
        if name == "html_inline":
            edits.dropped.append(Span(at(start), at(end)))
        elif label is None or label < 0:
            edits.dropped += [Span(at(start), at(start) + 1), Span(at(end) - 1, at(end))]
        else:
            words = start + (2 if name == "image" else 1)
            edits.dropped += [Span(at(start), at(words)), Span(at(label), at(end))]
            edits.links.append(Link(Span(at(words), at(label)), address))
    return position


def _place(content: str, starts: Sequence[int], offset: int) -> int:
    """Where *offset* of *content* stands in the source, whose lines begin at *starts*."""
    line = content.count("\n", 0, offset)
    return starts[line] + offset - (content.rfind("\n", 0, offset) + 1)


def _applied(edits: _Edits) -> tuple[str, tuple[Link, ...]]:
    """The source without what is dropped, normalised, and its links where they stand now."""
    pieces, end = [], 0
    for span in sorted(edits.dropped):
        if span.start >= end:
            pieces.append(edits.source[end : span.start])
        end = max(end, span.end)
    text = normalise("".join([*pieces, edits.source[end:]]))
    links, position = [], 0
    for link in sorted(edits.links, key=lambda link: link.span):
        words = _TAG.sub("", edits.source[link.span.start : link.span.end])
        found = text.find(words, position) if words else -1
        if found >= 0:
            links.append(Link(Span(found, found + len(words)), link.address))
            position = found
    return text, tuple(links)
