"""What `add` does with its inputs, and what it reports of them."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from typing import TYPE_CHECKING, Any

from bot.console.answer_json import to_json
from bot.console.progress import ProgressDisplay, adding
from bot.console.terminal import print_error, print_line
from bot.plain_text import count, one_line
from index.errors import ArticleBotError, ArticleError, InterruptionError, UsageError

if TYPE_CHECKING:
    from bot.resources import Resources
    from index.storage.records import Added
    from index.text.readers import ReadArticle

FEW = 10  # articles that are named one by one


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
    rows: list[tuple[Added, str]] = field(default_factory=list)  # with the title
    errors: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)  # by status

    def note(self, added: Added, title: str) -> None:
        """Take note of one article."""
        self.counts[added.status] += 1
        if self.keep_all or len(self.rows) < FEW:
            self.rows.append((added, title))

    def kept(self) -> str:
        """How many articles were stored, in words."""
        number = self.counts["added"] + self.counts["replaced"]
        return f"{count(number, 'article')} {'was' if number == 1 else 'were'} added and kept"

    def show(self, *, as_json: bool) -> None:
        """Print it: as JSON, an article a line when they are few, or their numbers."""
        if as_json:
            print_line(to_json(self._json()))
        elif 0 < self.counts.total() <= FEW:
            print_line("\n".join(_added_line(added, title) for added, title in self.rows))
        elif self.counts:
            print_line(self._summary())

    def _json(self) -> dict[str, Any]:
        articles = [
            {"id": added.id, "title": title, "status": added.status} for added, title in self.rows
        ]
        numbers = {status: self.counts[status] for status in ("added", "unchanged", "replaced")}
        return {"articles": articles, **numbers, "errors": self.errors}

    def _summary(self) -> str:
        parts = [f"added {count(self.counts['added'], 'article')}"]
        for status, words in (("replaced", "replaced"), ("unchanged", "there already")):
            if number := self.counts[status]:
                parts.append(f"{number:,} {'was' if number == 1 else 'were'} {words}")
        return ", ".join(parts)


def _added_line(added: Added, title: str) -> str:
    shown = one_line(title)
    if added.status != "unchanged":
        return f"{added.status} {added.id}: {shown}"
    other = f" as {added.known_as}" if added.known_as not in {None, added.id} else ""
    return f"{added.id} was there already{other}: {shown}"


def add_paths(
    resources: Resources, paths: Sequence[str], options: AddOptions, report: AddReport
) -> None:
    """
    Add the articles at *paths*, and take note in *report* of what became of them.

    Raises InterruptionError after Ctrl-C, and what opening the library and the models raises.
    """
    try:
        with adding(paths) as display:
            for path in paths:
                _add_path(resources, path, options, report, display)
    except KeyboardInterrupt:
        raise InterruptionError(
            f"interrupted; {report.kept()}, and nothing half done was stored."
        ) from None
    except ArticleBotError as exc:
        report.errors.append(str(exc))
        raise


def _add_path(
    resources: Resources,
    path: str,
    options: AddOptions,
    report: AddReport,
    display: ProgressDisplay,
) -> None:
    """Add the articles at *path*; an input that fails becomes a line, and those before it stay."""
    from index.storage.ingest import add_articles
    from index.text.readers import load_path

    titles: deque[str] = deque()
    loaded = load_path(path, title=options.title, id=options.id, language=options.language)
    try:
        for added in add_articles(
            resources.library,
            resources.encoder,
            _noted(loaded, titles),
            replace=options.replace,
            progress=display.sentences_encoded,
        ):
            report.note(added, titles.popleft())
            display.article_added()
    except ArticleError as exc:
        report.errors.append(str(exc))
        print_error(str(exc))


def _noted(loaded: Iterable[ReadArticle], titles: deque[str]) -> Iterator[ReadArticle]:
    """Pass on *loaded*, keeping the titles until it is known what became of each."""
    for read in loaded:
        if read.notice:
            print_error(read.notice)
        titles.append(read.article.title)
        yield read
