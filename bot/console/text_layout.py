"""
Text laid out for a terminal: wrapped, indented, emphasised, cut to a width.

Pure functions. Words of an article are never changed. rich, which knows how wide characters are
and takes a moment to import, is imported where it is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.plain_text import printable
from index.datatypes import Span

if TYPE_CHECKING:
    from rich.text import Text

INDENT, MARK = "  ", "> "
MIN_CELLS = 12  # that what is cut keeps however narrow the terminal is
BOLD, DIM, RESET = "\x1b[1m", "\x1b[2m", "\x1b[0m"


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How text is shown: wrapped to *width* cells (None: not at all), with or without *colour*."""

    width: int | None = None
    colour: bool = False


PLAIN = TextStyle()


def quote(text: str, marked: Span, style: TextStyle = PLAIN) -> str:
    """
    Show *text* indented, with the words at *marked* emphasised.

    With colour they are bold. Without, the lines that hold some of them begin with ">", unless
    *marked* is all there is.
    """
    from rich.text import Text

    styled = Text(printable(text))
    styled.stylize("bold", marked.start, marked.end)
    gutter = INDENT if len(marked) >= len(text) or style.colour else MARK
    room = None if style.width is None else style.width - len(INDENT)
    return "\n".join(_quoted_line(line, gutter, style) for line in _lines(styled, room))


def _quoted_line(line: Text, gutter: str, style: TextStyle) -> str:
    plain = line.plain.rstrip()
    span = next((span for span in line.spans if span.start < min(span.end, len(plain))), None)
    if span is None:
        return f"{INDENT}{plain}".rstrip()
    if not style.colour:
        return gutter + plain
    before, marked, after = plain[: span.start], plain[span.start : span.end], plain[span.end :]
    return f"{INDENT}{before}{BOLD}{marked}{RESET}{after}"


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


def _lines(styled: Text, room: int | None) -> Iterable[Text]:
    if room is None:
        return styled.split("\n", allow_blank=True)
    from rich.console import Console

    room = max(room, 1)
    return styled.wrap(Console(width=room), room, overflow="fold")


def table(rows: Sequence[tuple[str, str, str, str]], style: TextStyle = PLAIN) -> str:
    """Lay out *rows* of a name, two numbers and a title; in a narrow one without the numbers."""
    widths = [max(cell_width(row[column]) for row in rows) for column in range(3)]
    return "\n".join(_table_row(row, widths, style) for row in rows)


def _table_row(row: tuple[str, str, str, str], widths: Sequence[int], style: TextStyle) -> str:
    name, first, second, title = row
    left = name + " " * (widths[0] - cell_width(name))
    numbers = f"  {first:>{widths[1]}}  {second:>{widths[2]}}"
    if style.width is None:
        return f"{left}{numbers}  {title}"
    room = style.width - widths[0] - 2
    if room - len(numbers) < MIN_CELLS:
        return f"{left}  {fit(title, max(room, MIN_CELLS))}"
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


def cell_width(text: str) -> int:
    """How many cells of a terminal *text* takes."""
    from rich.cells import cell_len

    return cell_len(text)
