"""What `add` does with its inputs, and what it reports of them."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.console.terminal import Watch, complain, say
from bot.resources import Services
from index.errors import ArticleError

if TYPE_CHECKING:
    from index.storage.records import Added
    from index.text.readers import ReadArticle

FEW = 10  # articles that are named one by one


@dataclass
class Report:
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
        from bot.console.answer_text import count

        number = self.counts["added"] + self.counts["replaced"]
        return f"{count(number, 'article')} {'was' if number == 1 else 'were'} added and kept"

    def show(self, *, as_json: bool) -> None:
        """Print it: as JSON, an article a line when they are few, or their numbers."""
        from bot.console import answer_text

        if as_json:
            say(answer_text.to_json(self._json()))
        elif 0 < self.counts.total() <= FEW:
            say("\n".join(_added_line(added, title) for added, title in self.rows))
        elif self.counts:
            say(self._summary())

    def _json(self) -> dict[str, Any]:
        articles = [
            {"id": added.id, "title": title, "status": added.status} for added, title in self.rows
        ]
        numbers = {status: self.counts[status] for status in ("added", "unchanged", "replaced")}
        return {"articles": articles, **numbers, "errors": self.errors}

    def _summary(self) -> str:
        from bot.console.answer_text import count

        parts = [f"added {count(self.counts['added'], 'article')}"]
        for status, words in (("replaced", "replaced"), ("unchanged", "there already")):
            if number := self.counts[status]:
                parts.append(f"{number:,} {'was' if number == 1 else 'were'} {words}")
        return ", ".join(parts)


def _added_line(added: Added, title: str) -> str:
    from bot.console.answer_text import one_line

    shown = one_line(title)
    if added.status != "unchanged":
        return f"{added.status} {added.id}: {shown}"
    other = f" as {added.known_as}" if added.known_as not in {None, added.id} else ""
    return f"{added.id} was there already{other}: {shown}"


def add_path(
    services: Services,
    path: str,
    report: Report,
    watch: Watch,
    **options: Any,  # noqa: ANN401 (title, id, language, replace)
) -> None:
    """Add the articles at *path*; an input that fails becomes a line, and those before it stay."""
    from index.storage.ingest import add_articles
    from index.text.readers import load_path

    replacing = options.pop("replace")
    titles: deque[str] = deque()
    loaded = _watched(load_path(path, **options), titles)
    try:
        for added in add_articles(
            services.library, services.encoder, loaded, replace=replacing, progress=watch.encoded
        ):
            report.note(added, titles.popleft())
            watch.added()
    except ArticleError as exc:
        report.errors.append(str(exc))
        complain(str(exc))


def _watched(loaded: Iterable[ReadArticle], titles: deque[str]) -> Iterator[ReadArticle]:
    """Pass on *loaded*, keeping the titles until it is known what became of each."""
    for one in loaded:
        if one.notice:
            complain(one.notice)
        titles.append(one.article.title)
        yield one
