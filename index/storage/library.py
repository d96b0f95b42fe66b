"""
One library, the articles that a chat is answered from: adding, reading, removing.

Every change is one transaction, which also moves the library's revision; whoever holds a cache
of the library compares revisions. An article never changes under its key.
"""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Literal

from sqlalchemy import Connection, Engine, delete, func, select, update

from index.datatypes import Article, Sentence
from index.errors import ArticleError, LibraryError, NotFoundError
from index.storage import queries
from index.storage.database import SHARED, writing
from index.storage.queries import Vectors
from index.storage.schema import articles, libraries, vectors


@dataclass(frozen=True, slots=True)
class EncodedArticle:
    """
    An article that is ready to be stored.

    *vectors* (n, d) holds one for each sentence; it may be None when ``Library.check`` found
    the text "unchanged". *explicit_id* says that somebody chose the id, and that it was not
    derived from the name of a file.
    """

    article: Article
    sentences: Sequence[Sentence] = ()
    vectors: Vectors | None = None
    explicit_id: bool = False


@dataclass(frozen=True, slots=True)
class Added:
    """
    What became of an article: it can be asked for as *id*.

    *known_as* is its first id, under which it is listed, when that is another one.
    """

    id: str
    status: Literal["added", "unchanged", "replaced"]
    known_as: str | None = None


@dataclass(frozen=True, slots=True)
class ArticleInfo:
    """A line of the list of articles; *added_at* is in UTC."""

    id: str
    other_ids: tuple[str, ...]
    title: str
    characters: int
    paragraphs: int
    sentences: int
    source: str | None
    language: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as it is in the database; *key* is never given to another one."""

    key: int
    article: Article
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Library:
    """
    The articles of one *chat*, or the shared ones.

    All methods raise LibraryError when the database fails. A library that nothing was added to
    yet is empty.
    """

    engine: Engine
    chat: str

    def revision(self) -> int:
        """A number that grows with every change of the articles."""
        query = select(libraries.c.revision).where(libraries.c.chat == self.chat)
        with self.engine.connect() as connection:
            return connection.scalar(query) or 0

    def check(
        self,
        article: Article,
        *,
        replace: bool,
        explicit_id: bool = False,
    ) -> Literal["new", "unchanged", "replaced"]:
        """
        Say whether the text of *article* is new, and whether it would replace another one.

        An "unchanged" text can be added without vectors. Raises ArticleError when the id is
        taken by another text and may not be replaced.
        """
        with self.engine.connect() as connection:
            same, holder = self._find(connection, article)
        if not _is_settled(same, holder, explicit_id=explicit_id, replace=replace):
            _check_free(article.id, holder, replace=replace)
        if same is not None:
            return "unchanged"
        return "new" if holder is None else "replaced"

    def add(
        self,
        prepared: Sequence[EncodedArticle],
        model: str,
        *,
        replace: bool = False,
    ) -> list[Added]:
        """
        Store articles with their sentences and the vectors of *model*: all of them or none.

        A text is stored once. An id that somebody chose becomes one more name of a text that is
        there already; one derived from the name of a file does not. Replacing takes the id away
        from the old text, which goes when it has no other.

        Raises ArticleError when an id is taken by another text, and LibraryError when vectors
        are not finite float32, one for each sentence.
        """
        for one in prepared:
            if one.vectors is not None:
                queries.check_vectors(one.vectors, len(one.sentences), one.article.id)
        with writing(self.engine) as connection:
            pk = queries.lock_library(connection, self.chat)
            return [self._store(connection, pk, one, model, replace=replace) for one in prepared]

    def listing(self) -> list[ArticleInfo]:
        """All articles, in the order in which they were added."""
        with self.engine.connect() as connection:
            found = queries.list_articles(connection, self.chat)
        grouped = [list(group) for _, group in groupby(found, key=lambda row: row.pk)]
        return [
            ArticleInfo(
                id=first.id,
                other_ids=tuple(row.id for row in others),
                title=first.title,
                characters=first.characters,
                paragraphs=first.paragraphs,
                sentences=first.sentences,
                source=first.source,
                language=first.language,
                added_at=first.added_at.replace(tzinfo=UTC),
            )
            for first, *others in grouped
        ]

    def get(self, id: str) -> StoredArticle:  # noqa: A002 (the field's name)
        """Load the article known as *id*; raise NotFoundError when there is none."""
        with self.engine.connect() as connection:
            key = self._resolve(connection, [id])[0]
            article, sentences = queries.load_articles(connection, self.chat, [key])[key]
        return StoredArticle(key, dataclasses.replace(article, id=id), sentences)

    def load(self, keys: Sequence[int]) -> dict[int, StoredArticle]:
        """Load the articles *keys* under their first ids; those that are gone are absent."""
        with self.engine.connect() as connection:
            found = queries.load_articles(connection, self.chat, keys)
        return {key: StoredArticle(key, *parts) for key, parts in found.items()}

    def keys(self) -> list[int]:
        """The keys of all articles, in the order in which they were added."""
        query = select(articles.c.pk).where(queries.owned_by(self.chat)).order_by(articles.c.pk)
        with self.engine.connect() as connection:
            return list(connection.scalars(query))

    def count(self) -> int:
        """How many articles there are."""
        query = select(func.count()).select_from(articles).where(queries.owned_by(self.chat))
        with self.engine.connect() as connection:
            return connection.scalar(query) or 0

    def stamps(self) -> dict[int, int]:
        """
        When each article was added, by key, in microseconds since 1970.

        Together they tell an article from one of another database that was given the same key.
        """
        with self.engine.connect() as connection:
            return queries.load_stamps(connection, self.chat)

    def digests(self) -> set[str]:
        """The digests of the texts of all articles."""
        query = select(articles.c.digest).where(queries.owned_by(self.chat))
        with self.engine.connect() as connection:
            return set(connection.scalars(query))

    def vectors(self, keys: Sequence[int], model: str) -> dict[int, Vectors]:
        """
        Load the vectors (n, d) that *model* gave to the sentences of the articles *keys*.

        They cannot be written to. Articles that have none are absent.
        """
        with self.engine.connect() as connection:
            return queries.load_vectors(connection, self.chat, keys, model)

    def missing_vectors(self, model: str) -> list[int]:
        """The keys of the articles that have no vectors of *model* yet."""
        with self.engine.connect() as connection:
            return list(connection.scalars(queries.missing_vectors(self.chat, model)))

    def put_vectors(self, vectors: Mapping[int, Vectors], model: str) -> None:
        """
        Store the vectors of *model*, by article key; articles that are gone are skipped.

        Raises LibraryError when they are not finite float32, one for each sentence.
        """
        with writing(self.engine) as connection:
            counts = queries.count_sentences(connection, self.chat, list(vectors))
            for key, count in counts.items():
                queries.check_vectors(vectors[key], count, queries.first_id(connection, key))
                queries.put_vectors(connection, key, model, vectors[key])
            if counts:
                queries.move_revision(connection, self.chat)

    def drop_other_vectors(self, model: str) -> None:
        """Delete the vectors of other models, once no article misses those of *model*."""
        own = select(articles.c.pk).where(queries.owned_by(self.chat))
        others = delete(vectors).where(vectors.c.model != model, vectors.c.article.in_(own))
        with writing(self.engine) as connection:
            if connection.scalar(queries.missing_vectors(self.chat, model).limit(1)) is None:
                connection.execute(others)

    def remove(self, ids: Sequence[str]) -> None:
        """Remove the articles known as *ids*, all or none; raise NotFoundError for unknown ids."""
        if not ids:
            return
        with writing(self.engine) as connection:
            for key in set(self._resolve(connection, ids)):
                connection.execute(delete(articles).where(articles.c.pk == key))
            queries.move_revision(connection, self.chat)

    def release(self, id: str) -> None:  # noqa: A002 (the field's name)
        """Take *id* away from its article, if there is one, which goes when it has no other."""
        with writing(self.engine) as connection:
            key = queries.find_ids(connection, self.chat, [id]).get(id)
            if key is not None:
                queries.take_name(connection, self.chat, id, key)
                queries.move_revision(connection, self.chat)

    def _find(self, connection: Connection, article: Article) -> tuple[int | None, int | None]:
        """Find the keys of the article with the same text, and of the one with the same id."""
        same = queries.find_text(connection, self.chat, article.text)
        return same, queries.find_ids(connection, self.chat, [article.id]).get(article.id)

    def _resolve(self, connection: Connection, ids: Sequence[str]) -> list[int]:
        """Find the keys of *ids*; raise NotFoundError that names those that are unknown."""
        found = queries.find_ids(connection, self.chat, ids)
        unknown = [id_ for id_ in dict.fromkeys(ids) if id_ not in found]
        if unknown:
            raise _not_found(unknown, queries.all_ids(connection, self.chat))
        return [found[id_] for id_ in ids]

    def _store(
        self, connection: Connection, pk: int, one: EncodedArticle, model: str, *, replace: bool
    ) -> Added:
        """Store one article, or the new name of a known one, inside the transaction."""
        name = one.article.id
        same, holder = self._find(connection, one.article)
        first = None if same is None else queries.first_id(connection, same)
        known_as = None if first == name else first
        if _is_settled(same, holder, explicit_id=one.explicit_id, replace=replace):
            return Added(name if holder == same else str(first), "unchanged", known_as)
        _check_free(name, holder, replace=replace)
        if holder is not None:
            queries.take_name(connection, self.chat, name, holder)
        if same is not None:
            queries.insert_name(connection, pk, name, same)
        else:
            _insert(connection, pk, one, model)
        queries.move_revision(connection, self.chat)
        if holder is not None:
            return Added(name, "replaced", known_as)
        return Added(name, "added" if same is None else "unchanged", known_as)


def open_library(engine: Engine, chat: str | None) -> Library:
    """Open the library of *chat*, or with None the shared one; it is made when written to."""
    return Library(engine, SHARED if chat is None else chat)


def rename_library(engine: Engine, old: str, new: str) -> bool:
    """
    Let the library of the chat *old* be that of *new*, for a chat that has got another name.

    Returns False, and changes nothing, when both have articles.
    """
    with writing(engine) as connection:
        source = queries.find_library(connection, old)
        target = queries.find_library(connection, new)
        if source is None:
            return True
        if target is not None:
            if connection.scalar(select(articles.c.pk).where(queries.owned_by(new)).limit(1)):
                return False
            connection.execute(delete(libraries).where(libraries.c.pk == target))
        # The revision moves, so that who knew either library looks again.
        renamed = {"chat": new, "revision": libraries.c.revision + 1}
        connection.execute(update(libraries).where(libraries.c.pk == source).values(renamed))
    return True


def _is_settled(same: int | None, holder: int | None, *, explicit_id: bool, replace: bool) -> bool:
    """
    Whether the text is there already and its id needs no change.

    *same* is the article with this text, *holder* the one with this id.
    """
    if same is None or same == holder:
        return same is not None
    return not explicit_id and not (replace and holder is not None)


def _check_free(name: str, holder: int | None, *, replace: bool) -> None:
    if holder is not None and not replace:
        raise ArticleError(
            f"an article with the id {name!r} is there already with another text; "
            "give --replace to replace it, or --id to add this one beside it."
        )


def _insert(connection: Connection, pk: int, one: EncodedArticle, model: str) -> None:
    if one.vectors is None:
        raise LibraryError(
            f"another process has just removed the text of {one.article.id!r}; add it again."
        )
    key = queries.insert_article(connection, pk, one.article, one.sentences)
    queries.put_vectors(connection, key, model, one.vectors)


def _not_found(unknown: Sequence[str], ids: Sequence[str]) -> NotFoundError:
    close = dict.fromkeys(
        match for name in unknown for match in difflib.get_close_matches(name, ids)
    )
    hint = f"did you mean {_either(list(close))}?" if close else "see `article-bot list`."
    return NotFoundError(f"no article has the id {_either(unknown)}; {hint}")


def _either(names: Sequence[str]) -> str:
    *most, last = map(repr, names)
    return f"{', '.join(most)} or {last}" if most else last
