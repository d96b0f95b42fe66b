"""What `add` does with its inputs, and what it reports of them."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import replace as replaced
from pathlib import Path
from typing import TYPE_CHECKING

from bot.console.progress import ProgressDisplay, adding
from bot.console.terminal import print_error
from index.errors import ArticleBotError, ArticleError, InterruptionError, UsageError

if TYPE_CHECKING:
    from bot.console.add_report import AddReport
    from bot.resources import Resources
    from index.sources.loading import Wanted
    from index.sources.parsing import Parsers
    from index.storage.claims import Claims
    from index.text.readers import ReadArticle


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


def add_paths(
    resources: Resources, paths: Sequence[str], options: AddOptions, report: AddReport
) -> None:
    """
    Add the articles at *paths*, and take note in *report* of what became of them.

    What cannot be read in a folder is told when the rest is added. Raises InterruptionError after
    Ctrl-C, and what opening the library and the models raises.
    """
    from index.sources.parsing import Parsers
    from index.storage.claims import Claims

    inputs = list(inputs_at(paths))
    if not inputs:
        report.errors.append("There is no file to add there; hidden ones and links are left out.")
        print_error(report.errors[-1])
    options.checked([path for path, _ in inputs])  # a folder holds several
    with (
        interrupted(report),
        adding([path for path, _ in inputs]) as display,
        Parsers() as parsers,
        Claims(resources.library) as claims,
    ):
        adder = Adder(resources, options, report, display, parsers, claims)
        adder.add(inputs)
    report.tell_left_out()


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


@dataclass(frozen=True, slots=True)
class Adder:
    """What adding an input takes."""

    resources: Resources
    options: AddOptions
    report: AddReport
    display: ProgressDisplay
    parsers: Parsers
    claims: Claims

    def add(self, inputs: Iterable[tuple[str, str | None]]) -> None:
        """Add the articles of *inputs*; one that fails is a line, and those before it stay."""
        try:
            self.add_loaded(self._load(inputs))
        except ArticleError as exc:
            self._leave_out(str(exc), None)

    def _load(self, inputs: Iterable[tuple[str, str | None]]) -> Iterator[ReadArticle | None]:
        """The articles of *inputs*; at the first of an input that cannot be added it ends."""
        left = [(path, name, "") for path, name in inputs]
        while left:
            waiting = []
            for path, name, known in left:
                document = known or self._document(path, alone=len(left) == 1)
                if not (yield from self._load_input(path, name, document)):
                    waiting.append((path, name, document))
            left = waiting
            if left:
                yield None

    def _document(self, path: str, *, alone: bool) -> str:
        """By what other processes know the document at *path*, which is shared with them."""
        from index.sources.loading import document_digest

        return "" if alone or self.options.replace else document_digest(path)

    def _load_input(
        self, path: str, name: str | None, document: str
    ) -> Generator[ReadArticle, None, bool]:
        """The articles of an input, unless another process has the *document* in hand: False."""
        from index.datatypes import Article
        from index.sources.loading import skim_source
        from index.text.articles import digest
        from index.text.readers import ReadArticle

        text = self.claims.document(document) if document else ""
        if text is None:
            return False
        if text:
            yield ReadArticle(Article("", "", ""), digest=text)
            return True
        read = None
        try:
            for read in self.noted(skim_source(path, self.wanted(name), self.parsers)):
                if document:
                    self.claims.holds(document, digest(read.article.text))
                yield read
        except ArticleError as exc:
            read = None
            self._leave_out(str(exc), name)
        if document and read is None:
            self.claims.leave(document)
        return True

    def _leave_out(self, reason: str, name: str | None) -> None:
        """Tell why an input cannot be added: now, or of one in a folder at the end."""
        if not self.claims.says(reason):
            self.report.said_elsewhere += 1
        elif name is None:
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

    def add_loaded(self, loaded: Iterable[ReadArticle | None]) -> None:
        """Add articles, and take note of each; raises ArticleError."""
        from index.storage.ingest import add_articles

        for added in add_articles(
            self.resources.library,
            self.resources.encoder,
            loaded,
            replace=self.options.replace,
            progress=self.display.sentences_encoded,
            claims=self.claims,
        ):
            self.report.note(added)
            self.display.article_added()

    def noted(self, loaded: Iterable[ReadArticle]) -> Iterator[ReadArticle]:
        """Pass on *loaded*, and say what their readers should know."""
        for read in loaded:
            if read.notice and self.claims.says(read.notice):
                print_error(read.notice)
            yield read
