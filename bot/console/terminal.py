"""Standard output and error: lines that always arrive, and how a terminal shows text."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from bot.console.text_layout import TextStyle

PROGRAM = "article-bot"


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person watches *stream*; None is a stream that was closed before the start."""
    return stream is not None and stream.isatty()


def print_line(text: str) -> None:
    """Print *text* on standard output."""
    _write(text, sys.stdout)  # click's echo would not keep to the encoding of the terminal


def print_error(message: str) -> None:
    """Print *message* as one line on standard error."""
    _write(error_line(message), sys.stderr)


def error_line(message: str) -> str:
    """What went wrong, on one line that begins with who says it."""
    from bot.plain_text import mask, one_line

    return f"{PROGRAM}: {mask(one_line(message))}"


def _write(text: str, stream: TextIO | None) -> None:
    """Write *text* with a line end; a stream that was closed before the start takes nothing."""
    if stream is not None:
        stream.write(f"{text}\n")


def style_of(stream: TextIO | None) -> TextStyle:
    """How text is to be shown on *stream*: as it is, unless that is a terminal."""
    from bot.console.text_layout import PLAIN, TextStyle

    if stream is None or not stream.isatty():
        return PLAIN
    from rich.console import Console

    screen = Console(file=stream)
    return TextStyle(screen.width, screen.color_system is not None and not screen.no_color)
