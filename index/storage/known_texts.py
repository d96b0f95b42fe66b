"""What a library has already of articles that are to be added, told with few statements."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Column, Connection, Select, func, literal, select, union_all

from index.storage import queries
from index.storage.article_ids import check_free, is_unchanged
from index.storage.library import Library
from index.storage.records import Added
from index.storage.schema import articles, names
from index.text.readers import ReadArticle

Check = Callable[[ReadArticle, str], bool]


@dataclass
class KnownTexts:
    """
    What *library* has, for one process that adds to it; with *replace* a text takes a taken id.

    It tells what was there before from what others have added since. Keys grow, and nobody else
    adds to a library while a chunk is stored, so a chunk of this process is a range of keys.
    """

    library: Library
    replace: bool
    _before: int = field(init=False)  # the last key that was there
    _firsts: list[int] = field(default_factory=list)  # keys of each chunk of this process
    _lasts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        with self._reading() as (connection, pk):
            last = select(func.max(articles.c.pk)).where(articles.c.library == pk)
            self._before = connection.scalar(last) or 0

    @contextmanager
    def checking(self) -> Iterator[Check]:
        """
        Give what says whether the text of an article, with its digest, is there already.

        It raises ArticleError when another text has the article's id and may not be replaced.
        """
        with self.library.engine.connect() as connection:

            def is_there(read: ReadArticle, digest: str) -> bool:
                pk = queries.find_library(connection, self.library.chat)
                same_text, same_id = _conflicts(connection, pk or 0, read.article.id, digest)
                connection.rollback()  # the next one sees what others store until then
                if not self._is_unchanged(read, same_text, same_id):
                    check_free(read.article.id, same_id, replace=self.replace)
                return same_text is not None

            yield is_there

    def settled(self, reads: Sequence[ReadArticle], digests: Sequence[str]) -> list[Added | None]:
        """What became of each that needs nothing more; None for one that is to be stored."""
        if not reads:
            return []
        with self._reading() as (connection, pk):
            texts = _texts(connection, pk, digests)
            ids = _ids(connection, pk, [read.article.id for read in reads])
            shown = _shown(connection, pk, list(texts.values()))
        outcomes: list[Added | None] = []
        for read, text in zip(reads, digests, strict=True):
            name, key = read.article.id, texts.get(text)
            if key is None or not self._is_unchanged(read, key, ids.get(name)):
                outcomes.append(None)
                continue
            first, title = shown[key]
            outcomes.append(
                Added(
                    name if ids.get(name) == key else first,
                    "unchanged",
                    None if first == name else first,
                    read.article.title or title,
                    by_others=self._is_of_others(key),
                )
            )
        return outcomes

    def note_stored(self, digests: Sequence[str]) -> None:
        """Note that this process has stored the texts with these *digests*, in one transaction."""
        with self._reading() as (connection, pk):
            keys = _texts(connection, pk, digests).values()
        if keys:
            self._firsts.append(min(keys))
            self._lasts.append(max(keys))

    def _is_unchanged(self, read: ReadArticle, same_text: int | None, same_id: int | None) -> bool:
        explicit = read.explicit_id
        return is_unchanged(same_text, same_id, explicit_id=explicit, replace=self.replace)

    def _is_of_others(self, key: int) -> bool:
        chunk = bisect_right(self._firsts, key) - 1
        return key > self._before and not (chunk >= 0 and key <= self._lasts[chunk])

    @contextmanager
    def _reading(self) -> Iterator[tuple[Connection, int]]:
        """Give a connection, and the key of the library, 0 when nothing was written to it."""
        with self.library.engine.connect() as connection:
            yield connection, queries.find_library(connection, self.library.chat) or 0


def _conflicts(
    connection: Connection, library: int, name: str, digest: str
) -> tuple[int | None, int | None]:
    """The keys of the article with the text, and of the one with the id *name*."""
    text = select(literal(0).label("column"), articles.c.pk).where(
        articles.c.library == library, articles.c.digest == digest
    )
    same_id = select(literal(1), names.c.article).where(
        names.c.library == library, names.c.id == name
    )
    found = {int(column): int(key) for column, key in connection.execute(union_all(text, same_id))}
    return found.get(0), found.get(1)


def _texts(connection: Connection, library: int, digests: Sequence[str]) -> dict[str, int]:
    """The keys of the articles with these texts."""
    query = select(articles.c.digest, articles.c.pk).where(articles.c.library == library)
    return _found(connection, query, articles.c.digest, digests)


def _ids(connection: Connection, library: int, ids: Sequence[str]) -> dict[str, int]:
    """The keys of the articles known as *ids*."""
    query = select(names.c.id, names.c.article).where(names.c.library == library)
    return _found(connection, query, names.c.id, ids)


def _found(
    connection: Connection,
    query: Select[str, int],
    column: Column[str],
    wanted: Sequence[str],
) -> dict[str, int]:
    """What *query* tells of the rows whose *column* is one of *wanted*."""
    found: dict[str, int] = {}
    for batch in queries.in_batches(wanted):
        rows = connection.execute(query.where(column.in_(batch)))
        found |= {str(value): int(key) for value, key in rows}
    return found


def _shown(connection: Connection, library: int, keys: Sequence[int]) -> dict[int, tuple[str, str]]:
    """The first ids and the titles of the articles *keys*."""
    query = (
        select(articles.c.pk, names.c.id, articles.c.title)
        .join(names, names.c.article == articles.c.pk)
        .where(articles.c.library == library, names.c.library == library)
        .order_by(names.c.number)
    )
    shown: dict[int, tuple[str, str]] = {}
    for batch in queries.in_batches(keys):
        for key, first, title in connection.execute(query.where(articles.c.pk.in_(batch))):
            shown.setdefault(int(key), (str(first), str(title)))
    return shown
