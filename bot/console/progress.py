"""What a person sees on standard error while something takes its time."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.console.terminal import error_line, is_terminal, print_error

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from bot.resources import Resources


ONGOING = "…"  # ends what is said of something that goes on


@contextmanager
def waiting(
    reason: str, resources: Resources | None = None
) -> Iterator[Callable[[int, int], None] | None]:
    """
    Show on a terminal that something takes its time, how long, and how far it is if that is known.

    Yield what hears of progress in it, None where nobody watches. What *resources* prepare the
    first time is told beside the bar.
    """
    if not is_terminal(sys.stderr):
        yield None
        return
    with bar() as progress:
        task = progress.add_task(reason, total=None)
        if resources is not None:
            resources.listen(lambda said: _tell(progress, task, said))

        def articles_read(done: int, total: int) -> None:
            progress.update(task, description="reading the articles…", completed=done, total=total)

        try:
            yield articles_read
        finally:
            if resources is not None:
                resources.listen(print_error)


def bar() -> Progress:
    """Make a bar on standard error with what goes on and for how long; it goes when it is done."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    told = TextColumn("{task.description}", markup=False)
    screen = Console(stderr=True)
    columns = (told, BarColumn(24), TimeElapsedColumn())
    return Progress(*columns, console=screen, transient=True)


def _tell(progress: Progress, task: TaskID, said: str) -> None:
    """Show what is *said* beside the bar while it goes on; anything else stays above it."""
    if said.endswith(ONGOING):
        progress.update(task, description=said)
    else:
        progress.console.print(error_line(said), markup=False, highlight=False)


@dataclass(frozen=True, slots=True)
class ProgressDisplay:
    """
    What shows that articles are being added.

    *article_added* is to be called after each, *sentences_encoded* with the sentences of a batch
    that are done, and all of them, *pages_read* with the pages of a document.
    """

    article_added: Callable[[], None]
    sentences_encoded: Callable[[int, int], None] | None
    pages_read: Callable[[int, int], None] | None


@contextmanager
def adding(paths: Sequence[str]) -> Iterator[ProgressDisplay]:
    """Show on a terminal how far adding *paths* is, how fast, and how long it still takes."""
    if not is_terminal(sys.stderr):
        yield ProgressDisplay(lambda: None, None, None)
        return
    with _adding_bar() as progress:
        task = progress.add_task("", total=_expected(paths), rate="", sentences="")
        shown = progress.tasks[0]

        def article_added() -> None:
            rate = f"{shown.speed:,.1f} a second" if shown.speed else ""
            progress.update(task, advance=1, rate=rate, sentences="")

        def sentences_encoded(done: int, total: int) -> None:
            progress.update(task, sentences=f"{done:,} of {total:,} sentences read")

        def pages_read(done: int, total: int) -> None:
            progress.update(task, sentences=f"{done:,} of {total:,} pages read")

        yield ProgressDisplay(article_added, sentences_encoded, pages_read)


def _adding_bar() -> Progress:
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
    return Progress(
        SpinnerColumn(),
        "adding articles",
        *counts,
        console=Console(stderr=True),
        transient=True,
    )


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

    from bot.plain_text import one_line

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
