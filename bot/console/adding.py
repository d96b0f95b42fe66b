"""What `add` does with its inputs, and what it reports of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.console.answer_json import to_json
from bot.console.progress import ProgressDisplay, adding
from bot.console.terminal import print_error, print_line
from bot.plain_text import count, one_line
from index.errors import ArticleBotError, ArticleError, InterruptionError, UsageError

if TYPE_CHECKING:
    from bot.resources import Resources
    from index.sources.loading import Wanted
    from index.sources.parsing import Parsers
    from index.storage.records import Added
    from index.text.readers import ReadArticle

FEW = 10  # articles that are named one by one
SHOWN_LEFT_OUT = 20  # files of a folder that are named one by one


@dataclass(frozen=True, slots=True)
class AddOptions:
    """What was said of the articles to add: *title*, *id* and *language*, where they are given."""

    title: str | None
    id: str | None
    language: str | None
    replace: bool  # let a text take the id of another

    def checked(self, paths: Sequence[str]) -> AddOptions:
        """Make sure that they can be used for *paths*; raises UsageError."""
        if len(paths) > 1 and (self.title is not None or self.id is not None):
            raise UsageError("--title and --id are for a single path; add the articles one by one.")
        if self.language is None:
            return self
        from index.languages.registry import checked_language

        try:
            return replaced(self, language=checked_language(self.language))
        except ArticleError as exc:
            raise UsageError(str(exc)) from exc


@dataclass
class AddReport:
    """What became of the articles of one `add`; *keep_all* rows, or only a few."""

    keep_all: bool
    rows: list[Added] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)  # by status
    left_out: list[str] = field(default_factory=list)  # what is wrong with files of folders

    def note(self, added: Added) -> None:
        """Take note of one article."""
        self.counts[added.status] += 1
        if self.keep_all or len(self.rows) < FEW:
            self.rows.append(added)

    def kept(self) -> str:
        """How many articles were stored, in words."""
        number = self.counts["added"] + self.counts["replaced"]
        return f"{count(number, 'article')} {'was' if number == 1 else 'were'} added and kept"

    def show(self, *, as_json: bool) -> None:
        """Print it: as JSON, an article a line when they are few, or their numbers."""
        if as_json:
            print_line(to_json(self._json()))
        elif 0 < self.counts.total() <= FEW:
            print_line("\n".join(map(_added_line, self.rows)))
        elif self.counts:
            print_line(self._summary())

    def _json(self) -> dict[str, Any]:
        articles = [
            {"id": added.id, "title": added.title, "status": added.status} for added in self.rows
        ]
        numbers = {status: self.counts[status] for status in ("added", "unchanged", "replaced")}
        return {"articles": articles, **numbers, "errors": self.errors}

    def _summary(self) -> str:
        parts = [f"added {count(self.counts['added'], 'article')}"]
        for status, words in (("replaced", "replaced"), ("unchanged", "there already")):
            if number := self.counts[status]:
                parts.append(f"{number:,} {'was' if number == 1 else 'were'} {words}")
        return ", ".join(parts)


def _added_line(added: Added) -> str:
    shown = one_line(added.title)
    if added.status != "unchanged":
        return f"{added.status} {added.id}: {shown}"
    other = f" as {added.known_as}" if added.known_as not in {None, added.id} else ""
    return f"{added.id} was there already{other}: {shown}"


def add_paths(
    resources: Resources, paths: Sequence[str], options: AddOptions, report: AddReport
) -> None:
    """
    Add the articles at *paths*, and take note in *report* of what became of them.

    What cannot be read in a folder is told when the rest is added. Raises InterruptionError after
    Ctrl-C, and what opening the library and the models raises.
    """
    from index.sources.parsing import Parsers

    inputs = list(inputs_at(paths))
    if not inputs:
        report.errors.append("There is no file to add there; hidden ones and links are left out.")
        print_error(report.errors[-1])
    options.checked([path for path, _ in inputs])  # a folder holds several
    with (
        interrupted(report),
        adding([path for path, _ in inputs]) as display,
        Parsers() as parsers,
    ):
        adder = Adder(resources, options, report, display, parsers)
        adder.add(inputs)
    tell_left_out(report)


@contextmanager
def interrupted(report: AddReport) -> Iterator[None]:
    """Say after Ctrl-C what is kept, and note in *report* what ends all adding."""
    try:
        yield
    except KeyboardInterrupt:
        raise InterruptionError(
            f"interrupted; {report.kept()}, and nothing half done was stored."
        ) from None
    except ArticleBotError as exc:
        report.errors.append(str(exc))
        raise


def inputs_at(paths: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    """The files at *paths*; those of a folder with the name that makes their ids."""
    from index.sources.folders import files_in

    for path in paths:
        if path and "\x00" not in path and Path(path).is_dir():
            yield from files_in(path)
        else:
            yield path, None


def tell_left_out(report: AddReport) -> None:
    """List what of folders and feeds could not be added, at the end, where it is seen."""
    left_out = report.left_out
    report.errors.extend(left_out)
    if left_out:
        print_error(f"{count(len(left_out), 'input')} could not be added:")
    for message in left_out[:SHOWN_LEFT_OUT]:
        print_error(message)
    if len(left_out) > SHOWN_LEFT_OUT:
        print_error(f"… and {len(left_out) - SHOWN_LEFT_OUT:,} more; --json names all of them.")


@dataclass(frozen=True, slots=True)
class Adder:
    """What adding an input takes."""

    resources: Resources
    options: AddOptions
    report: AddReport
    display: ProgressDisplay
    parsers: Parsers

    def add(self, inputs: Iterable[tuple[str, str | None]]) -> None:
        """Add the articles of *inputs*; one that fails is a line, and those before it stay."""
        try:
            self.add_loaded(self._load(inputs))
        except ArticleError as exc:
            self._leave_out(str(exc), None)

    def _load(self, inputs: Iterable[tuple[str, str | None]]) -> Iterator[ReadArticle]:
        """The articles of *inputs*; at the first of an input that cannot be added it ends."""
        from index.sources.loading import load_source

        for path, name in inputs:
            try:
                yield from noted(load_source(path, self.wanted(name), self.parsers))
            except ArticleError as exc:
                self._leave_out(str(exc), name)

    def _leave_out(self, reason: str, name: str | None) -> None:
        """Tell why an input cannot be added: now, or of one in a folder at the end."""
        if name is None:
            self.report.errors.append(reason)
            print_error(reason)
        else:
            self.report.left_out.append(reason)

    def wanted(self, name: str | None) -> Wanted:
        """What is wanted of a source; *name* makes its id where nobody chose one."""
        from index.sources.loading import Wanted

        return Wanted(
            title=self.options.title,
            id=self.options.id,
            language=self.options.language,
            name=name,
            chat=self.resources.chat,
            rules=self.resources.fetch_rules,
            progress=self.display.pages_read,
        )

    def add_loaded(self, loaded: Iterable[ReadArticle]) -> None:
        """Add articles, and take note of each; raises ArticleError."""
        from index.storage.ingest import add_articles

        for added in add_articles(
            self.resources.library,
            self.resources.encoder,
            loaded,
            replace=self.options.replace,
            progress=self.display.sentences_encoded,
        ):
            self.report.note(added)
            self.display.article_added()


def noted(loaded: Iterable[ReadArticle]) -> Iterator[ReadArticle]:
    """Pass on *loaded*, and say what their readers should know."""
    for read in loaded:
        if read.notice:
            print_error(read.notice)
        yield read
