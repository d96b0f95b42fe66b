"""
One library, the articles that a chat is answered from: adding, reading, removing.

Every change is one transaction, which also moves the library's revision; whoever holds a cache
of the library compares revisions. An article never changes under its key.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, Engine, delete, func, select, update

from index.datatypes import Article
from index.encoding.protocol import Vectors
from index.errors import LibraryError
from index.storage import queries, vector_queries
from index.storage.article_ids import (
    check_free,
    complete_id,
    find_conflicts,
    find_keys,
    is_unchanged,
)
from index.storage.article_list import list_articles
from index.storage.database import SHARED
from index.storage.engine import writing
from index.storage.records import Added, ArticleInfo, EncodedArticle, StoredArticle
from index.storage.schema import articles, libraries, vectors


@dataclass(frozen=True, slots=True)
class Library:
    """
    The articles of one *chat*, or the shared ones; none until something is added.

    All methods raise LibraryError when the database fails.
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
        with queries.reading(self.engine, self.chat) as (connection, pk):
            same_text, same_id = find_conflicts(connection, pk, article)
        if not is_unchanged(same_text, same_id, explicit_id=explicit_id, replace=replace):
            check_free(article.id, same_id, replace=replace)
        if same_text is not None:
            return "unchanged"
        return "new" if same_id is None else "replaced"

    def add(
        self,
        encoded: Sequence[EncodedArticle],
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
        for new in encoded:
            if new.vectors is not None:
                vector_queries.check_vectors(new.vectors, len(new.sentences), new.article.id)
        with writing(self.engine) as connection:
            pk = queries.lock_library(connection, self.chat)
            return [self._store(connection, pk, new, model, replace=replace) for new in encoded]

    def listing(self) -> list[ArticleInfo]:
        """All articles, in the order in which they were added."""
        with queries.reading(self.engine, self.chat) as (connection, pk):
            return list_articles(connection, pk)

    def get(self, id: str) -> StoredArticle:  # noqa: A002 (the field's name)
        """Load the article known as *id*; raise NotFoundError when there is none."""
        with queries.reading(self.engine, self.chat) as (connection, pk):
            key = find_keys(connection, pk, [id])[0]
            stored = StoredArticle(key, *queries.load_articles(connection, pk, [key])[key])
        return dataclasses.replace(stored, article=dataclasses.replace(stored.article, id=id))

    def load(self, keys: Sequence[int]) -> dict[int, StoredArticle]:
        """Load the articles *keys* under their first ids; those that are gone are absent."""
        with queries.reading(self.engine, self.chat) as (connection, pk):
            found = queries.load_articles(connection, pk, keys)
        return {key: StoredArticle(key, *parts) for key, parts in found.items()}

    def keys(self) -> list[int]:
        """The keys of all articles, in the order in which they were added."""
        query = select(articles.c.pk).order_by(articles.c.pk)
        with queries.reading(self.engine, self.chat) as (connection, pk):
            return list(connection.scalars(query.where(articles.c.library == pk)))

    def count(self) -> int:
        """How many articles there are."""
        query = select(func.count()).select_from(articles)
        with queries.reading(self.engine, self.chat) as (connection, pk):
            return connection.scalar(query.where(articles.c.library == pk)) or 0

    def characters(self) -> int:
        """How many characters all articles have together."""
        length = func.coalesce(func.sum(func.length(articles.c.text)), 0)
        with queries.reading(self.engine, self.chat) as (connection, pk):
            return connection.scalar(select(length).where(articles.c.library == pk)) or 0

    def stamps(self) -> dict[int, int]:
        """
        When each article was added, by key, in microseconds since 1970.

        Together they tell an article from one of another database that was given the same key.
        """
        with queries.reading(self.engine, self.chat) as (connection, pk):
            return queries.load_stamps(connection, pk)

    def digests(self) -> set[str]:
        """The digests of the texts of all articles."""
        query = select(articles.c.digest)
        with queries.reading(self.engine, self.chat) as (connection, pk):
            return set(connection.scalars(query.where(articles.c.library == pk)))

    def vectors(self, keys: Sequence[int], model: str) -> dict[int, Vectors]:
        """
        Load the vectors (n, d) that *model* gave to the sentences of the articles *keys*.

        They cannot be written to. Articles that have none are absent.
        """
        with queries.reading(self.engine, self.chat) as (connection, pk):
            return vector_queries.load_vectors(connection, pk, keys, model)

    def missing_vectors(self, model: str) -> list[int]:
        """The keys of the articles that have no vectors of *model* yet."""
        with queries.reading(self.engine, self.chat) as (connection, pk):
            return list(connection.scalars(vector_queries.missing_vectors(pk, model)))

    def put_vectors(self, vectors: Mapping[int, Vectors], model: str) -> None:
        """
        Store the vectors of *model*, by article key; articles that are gone are skipped.

        Raises LibraryError when they are not finite float32, one for each sentence.
        """
        with writing(self.engine) as connection:
            pk = queries.lock_library(connection, self.chat)  # others may be making the same ones
            counts = vector_queries.count_sentences(connection, pk, list(vectors))
            for key, count in counts.items():
                name = queries.first_id(connection, pk, key)
                vector_queries.check_vectors(vectors[key], count, name)
                vector_queries.put_vectors(connection, pk, key, model, vectors[key])
            if counts:
                queries.advance_revision(connection, self.chat)

    def drop_other_vectors(self, model: str) -> None:
        """Delete the vectors of other models, once no article misses those of *model*."""
        with queries.changing(self.engine, self.chat) as (connection, pk):
            if connection.scalar(vector_queries.missing_vectors(pk, model).limit(1)) is None:
                connection.execute(delete(vectors).where(vector_queries.is_other(pk, model)))

    def remove(self, ids: Sequence[str]) -> None:
        """Remove the articles known as *ids*, all or none; raise NotFoundError for unknown ids."""
        if not ids:
            return
        with queries.changing(self.engine, self.chat) as (connection, pk):
            for key in set(find_keys(connection, pk, ids)):
                connection.execute(delete(articles).where(queries.is_article(pk, key)))
            queries.advance_revision(connection, self.chat)

    def complete(self, id: str) -> str:  # noqa: A002
        """The id that a person means by the beginning of one; raises NotFoundError."""
        with queries.reading(self.engine, self.chat) as (connection, pk):
            return complete_id(connection, pk, id)

    def rename(self, id: str, title: str) -> None:  # noqa: A002
        """Give the article known as *id* another title; raises NotFoundError."""
        with queries.changing(self.engine, self.chat) as (connection, pk):
            [key] = find_keys(connection, pk, [id])
            renamed = update(articles).where(queries.is_article(pk, key))
            connection.execute(renamed.values(title=title))
            queries.advance_revision(connection, self.chat)

    def release(self, id: str) -> None:  # noqa: A002 (the field's name)
        """Take *id* away from its article, if there is one, which goes when it has no other."""
        with queries.changing(self.engine, self.chat) as (connection, pk):
            key = queries.find_ids(connection, pk, [id]).get(id)
            if key is not None:
                queries.remove_name(connection, pk, id, key)
                queries.advance_revision(connection, self.chat)

    def _store(
        self, connection: Connection, pk: int, new: EncodedArticle, model: str, *, replace: bool
    ) -> Added:
        """Store one article, or the new name of a known one, inside the transaction."""
        name, title = new.article.id, new.article.title
        same_text, same_id = find_conflicts(connection, pk, new.article)
        first = None if same_text is None else queries.first_id(connection, pk, same_text)
        known_as = None if first == name else first
        if is_unchanged(same_text, same_id, explicit_id=new.explicit_id, replace=replace):
            return Added(name if same_id == same_text else str(first), "unchanged", known_as, title)
        check_free(name, same_id, replace=replace)
        if same_id is not None:
            queries.remove_name(connection, pk, name, same_id)
        if same_text is not None:
            queries.insert_name(connection, pk, name, same_text)
        else:
            _insert(connection, pk, new, model)
        queries.advance_revision(connection, self.chat)
        if same_id is not None:
            return Added(name, "replaced", known_as, title)
        return Added(name, "added" if same_text is None else "unchanged", known_as, title)


def open_library(engine: Engine, chat: str | None) -> Library:
    """Open the library of *chat*, or with None the shared one; it is made when written to."""
    return Library(engine, SHARED if chat is None else chat)


def _insert(connection: Connection, pk: int, new: EncodedArticle, model: str) -> None:
    """Store a text that is not there yet in the library *pk*."""
    if new.vectors is None:
        raise LibraryError(
            f"another process has just removed the text of {new.article.id!r}; add it again."
        )
    key = queries.insert_article(connection, pk, new.article, new.sentences, new.structure)
    vector_queries.put_vectors(connection, pk, key, model, new.vectors)
