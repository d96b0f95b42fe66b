"""
Text laid out for a terminal: wrapped, indented, emphasised, cut to a width.

Pure functions. Words of an article are never changed. rich, which knows how wide characters are
and takes a moment to import, is imported where it is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.plain_text import printable
from index.datatypes import Span

if TYPE_CHECKING:
    from rich.text import Text

INDENT, MARK = "  ", "> "
MIN_CELLS = 12  # that what is cut keeps however narrow the terminal is
TITLE_CELLS = 30  # that titles in a table keep, or else the numbers beside them go
_MARKER = re.compile(
    r"(?:[-*+•–—▪‣]|\d{1,2}(?:\.\d{1,2})+\.?|\(?(?:\d{1,3}|[a-z])[.)]) +"
)  # of an item of a list
BOLD, DIM, RESET = "\x1b[1m", "\x1b[2m", "\x1b[0m"


@dataclass(frozen=True, slots=True)
class TextStyle:
    """
    How text is shown: wrapped to *width* cells (None: not at all), with or without *colour*.

    With *short* an answer is the sentence that answers, alone.
    """

    width: int | None = None
    colour: bool = False
    short: bool = False


PLAIN = TextStyle()


def quote(text: str, marked: Span, style: TextStyle = PLAIN, plain: Span | None = None) -> str:
    """
    Show *text* indented, with the words at *marked* emphasised.

    With colour they are bold, and what stands outside of *plain* (None: nothing) is dim. Without,
    they have lines of their own, which begin with ">", unless *marked* is all there is.
    """
    from rich.text import Text

    if not style.colour and len(marked):
        text, marked = _apart(text, marked)
    styled = Text(printable(text))
    styled.stylize("bold", marked.start, marked.end)
    if plain is not None and style.colour:
        styled.stylize("dim", 0, plain.start)
        styled.stylize("dim", plain.end)
    gutter = INDENT if len(marked) >= len(text) or style.colour else MARK
    room = None if style.width is None else style.width - len(INDENT)
    return "\n".join(_quoted_line(line, gutter, style) for line in _lines(styled, room))


def _apart(text: str, marked: Span) -> tuple[str, Span]:
    """*text* with lines of their own for the words at *marked*, and where these stand then."""
    before, words = text[: marked.start], text[marked.start : marked.end]
    after = text[marked.end :]
    if before.strip() and not before.endswith("\n"):
        before = before.rstrip(" ") + "\n"
    if after.strip() and not after.startswith("\n"):
        after = "\n" + after.lstrip(" ")
    return before + words + after, Span(len(before), len(before) + len(words))


def _quoted_line(line: Text, gutter: str, style: TextStyle) -> str:
    shown = line.plain.rstrip()
    spans = [span for span in line.spans if span.start < min(span.end, len(shown))]
    if not spans:
        return f"{INDENT}{shown}".rstrip()
    if not style.colour:
        return gutter + shown
    pieces, end = [INDENT], 0
    for span in sorted(spans):
        code = BOLD if span.style == "bold" else DIM
        pieces += [shown[end : span.start], code, shown[span.start : span.end], RESET]
        end = span.end
    return "".join([*pieces, shown[end:]])


def fold(text: str, style: TextStyle) -> str:
    """Wrap the lines of a message that are too long for the terminal, each by itself."""
    if style.width is None:
        return text
    return "\n".join(
        line if "\x1b" in line or cell_width(line) <= style.width else _fold_line(line, style.width)
        for line in text.split("\n")
    )


def _fold_line(line: str, width: int) -> str:
    from rich.text import Text

    indent = len(line) - len(line.lstrip(" "))
    folded = _lines(Text(line.strip()), width - indent)
    return "\n".join(" " * indent + part.plain.rstrip() for part in folded)


def hanging(rows: Sequence[tuple[str, str]], style: TextStyle = PLAIN) -> str:
    """
    Lay out *rows* of a name and what it does, the lines of each hanging beside its name.

    Where there is too little room beside the names, they hang below them.
    """
    beside = max(cell_width(name) for name, _ in rows) + len(INDENT) + 2
    narrow = style.width is not None and style.width - beside < 2 * MIN_CELLS
    beside = 2 * len(INDENT) if narrow else beside
    lines = []
    for name, does in rows:
        room = None if style.width is None else max(style.width - beside, MIN_CELLS)
        told = fold(does, TextStyle(room)).split("\n")
        begin = f"{INDENT}{name}" if narrow else f"{INDENT}{name}".ljust(beside) + told.pop(0)
        lines += [begin, *(" " * beside + line for line in told)]
    return "\n".join(lines)


def _lines(styled: Text, room: int | None) -> Iterable[Text]:
    """The lines of *styled*, wrapped to *room* cells; those of an item hang beside its marker."""
    lines = styled.split("\n", allow_blank=True)
    if room is None:
        return lines
    return (part for line in lines for part in _wrapped(line, max(room, 1)))


def _wrapped(line: Text, room: int) -> Iterable[Text]:
    from rich.console import Console
    from rich.text import Text

    marker = _MARKER.match(line.plain)
    hang = marker.end() if marker and marker.end() < room // 2 else 0
    parts = line[hang:].wrap(Console(width=room - hang), room - hang, overflow="fold")
    beside = [line[:hang], *[Text(" " * hang)] * (len(parts) - 1)]
    return (before + part for before, part in zip(beside, parts, strict=True))


def table(rows: Sequence[tuple[str, str, str, str]], style: TextStyle = PLAIN) -> str:
    """
    Lay out *rows* of a name, two numbers and a title; in a narrow one without the numbers.

    Where titles have no room beside the names, each stands below its name.
    """
    widths = [max(cell_width(row[column]) for row in rows) for column in range(3)]
    return "\n".join(_table_row(row, widths, style) for row in rows)


def _table_row(row: tuple[str, str, str, str], widths: Sequence[int], style: TextStyle) -> str:
    name, first, second, title = row
    left = name + " " * (widths[0] - cell_width(name))
    numbers = f"  {first:>{widths[1]}}  {second:>{widths[2]}}"
    if style.width is None:
        return f"{left}{numbers}  {title}"
    if widths[0] > style.width // 2:
        left = fit(name, style.width // 2)
        left += " " * (style.width // 2 - cell_width(left))
    room = style.width - cell_width(left) - 2
    if room < MIN_CELLS:
        below = style.width - len(INDENT)
        return f"{fit(name, style.width)}\n{INDENT}{fit(title, max(below, 1))}"
    if room - len(numbers) < TITLE_CELLS:
        return f"{left}  {fit(title, room)}"
    return f"{left}{numbers}  {fit(title, room - len(numbers))}"


def fit(text: str, cells: int | None) -> str:
    """Cut *text* to so many terminal *cells*, with an ellipsis; None leaves it."""
    from rich.text import Text

    cut = Text(text)
    if cells is not None:
        cut.truncate(cells, overflow="ellipsis")
    return cut.plain.replace(" …", "…") if cut.plain != text else text


def dim(text: str, style: TextStyle) -> str:
    """*text* in the background, where there is colour."""
    return f"{DIM}{text}{RESET}" if style.colour else text


def strong(text: str, style: TextStyle) -> str:
    """*text* as a heading, where there is colour."""
    return f"{BOLD}{text}{RESET}" if style.colour else text


def cell_width(text: str) -> int:
    """How many cells of a terminal *text* takes."""
    from rich.cells import cell_len

    return cell_len(text)
