"""Standard output and error: lines that always arrive, and progress for who watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from bot.console.answer_text import Look

PROGRAM = "article-bot"


@contextmanager
def waiting(reason: str) -> Iterator[Callable[[int, int], None] | None]:
    """Show on a terminal that something takes its time; yield what hears of progress in it."""
    if not is_terminal(sys.stderr):
        yield None
        return
    from rich.console import Console

    with Console(stderr=True).status(reason) as status:
        yield lambda done, total: status.update(f"reading the articles… {done:,} of {total:,}")


@dataclass(frozen=True, slots=True)
class Watch:
    """
    Who watches articles being added.

    *added* is to be called after each, *encoded* with the sentences of a batch that are done, and
    all of them.
    """

    added: Callable[[], None]
    encoded: Callable[[int, int], None] | None


@contextmanager
def counting(paths: Sequence[str]) -> Iterator[Watch]:
    """Show on a terminal how far adding *paths* is, how fast, and how long it still takes."""
    if not is_terminal(sys.stderr):
        yield Watch(lambda: None, None)
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    rate = TextColumn("{task.fields[rate]}")
    sentences = TextColumn("{task.fields[sentences]}", style="dim")
    counts = (BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn(), sentences)
    screen = Console(stderr=True)
    with Progress(
        SpinnerColumn(), "adding articles", *counts, console=screen, transient=True
    ) as progress:
        task = progress.add_task("", total=_expected(paths), rate="", sentences="")
        shown = progress.tasks[0]

        def added() -> None:
            rate = f"{shown.speed:,.1f} a second" if shown.speed else ""
            progress.update(task, advance=1, rate=rate, sentences="")

        def encoded(done: int, total: int) -> None:
            progress.update(task, sentences=f"{done:,} of {total:,} sentences read")

        yield Watch(added, encoded)


@contextmanager
def measuring(name: str) -> Iterator[Callable[[int, int], None] | None]:
    """Show on a terminal how far the question file *name* is; yield what hears of progress."""
    if not is_terminal(sys.stderr):
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    from bot.console.answer_text import one_line

    heading = TextColumn("{task.description}", markup=False)
    columns = (heading, BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(one_line(name))
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _expected(paths: Sequence[str]) -> int | None:
    """About how many articles there are at *paths*; None when that cannot be known."""
    total = 0
    for path in paths:
        if path == "-":
            return None
        if Path(path).suffix.lower() in (".jsonl", ".ndjson") and Path(path).is_file():
            with suppress(OSError), Path(path).open("rb") as lines:
                total += sum(1 for _ in lines)
        else:
            total += 1
    return total


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person watches *stream*; None is a stream that was closed before the start."""
    return stream is not None and stream.isatty()


def say(text: str) -> None:
    """Print *text* on standard output."""
    _write(text, sys.stdout)  # click's echo would not keep to the encoding of the terminal


def complain(message: str) -> None:
    """Print *message* as one line on standard error."""
    from bot.console.answer_text import one_line

    _write(f"{PROGRAM}: {one_line(message)}", sys.stderr)


def _write(text: str, stream: TextIO | None) -> None:
    """Write *text* with a line end; a stream that was closed before the start takes nothing."""
    if stream is not None:
        stream.write(f"{text}\n")


def look_of(stream: TextIO | None) -> Look:
    """How text is to be shown on *stream*: as it is, unless that is a terminal."""
    if stream is None or not stream.isatty():
        return Look()
    from rich.console import Console

    screen = Console(file=stream)
    return Look(screen.width, screen.color_system is not None and not screen.no_color)
