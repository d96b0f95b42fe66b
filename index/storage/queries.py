"""
Reading and writing the rows of a library, inside the transaction of the caller.

A library is named by its *chat*; one that has no row yet owns nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Select, delete, exists, func, select, update
from sqlalchemy.exc import IntegrityError

from index.datatypes import Article, Sentence, Span
from index.errors import LibraryError
from index.storage.schema import articles, libraries, names, sentences, vectors
from index.text.articles import digest

Vectors = NDArray[np.float32]
T = TypeVar("T")

# Keys or ids in one statement: databases limit how many values it may hold.
VALUES_PER_STATEMENT = 500


def lock_library(connection: Connection, chat: str) -> int:
    """
    Find the row of the library of *chat*, making it when it is first written to.

    It stays locked until the transaction ends, so that writers take turns on any database.
    """
    query = select(libraries.c.pk).where(libraries.c.chat == chat).with_for_update()
    if (found := connection.scalar(query)) is not None:
        return int(found)
    try:
        with connection.begin_nested():
            connection.execute(libraries.insert(), {"chat": chat, "revision": 0})
    except IntegrityError:
        pass  # another process was faster
    return int(connection.execute(query).scalar_one())


def find_library(connection: Connection, chat: str) -> int | None:
    """Find the row of the library of *chat*, None before it was first written to."""
    return connection.scalar(select(libraries.c.pk).where(libraries.c.chat == chat))


def move_revision(connection: Connection, chat: str) -> None:
    """Note that the articles of the library have changed."""
    moved = {"revision": libraries.c.revision + 1}
    connection.execute(update(libraries).where(libraries.c.chat == chat).values(moved))


def owned_by(chat: str) -> ColumnElement[bool]:
    """The condition that a row of ``articles`` belongs to the library of *chat*."""
    return articles.c.library == _library(chat)


def find_text(connection: Connection, chat: str, text: str) -> int | None:
    """Find the key of the article with this *text*."""
    query = select(articles.c.pk).where(owned_by(chat), articles.c.digest == digest(text))
    return connection.scalar(query)


def find_ids(connection: Connection, chat: str, ids: Sequence[str]) -> dict[str, int]:
    """Find the keys of the articles known as *ids*; unknown ones are absent."""
    query = select(names.c.id, names.c.article).where(names.c.library == _library(chat))
    found: dict[str, int] = {}
    for some in in_pieces(ids):
        found |= {
            row.id: row.article for row in connection.execute(query.where(names.c.id.in_(some)))
        }
    return found


def all_ids(connection: Connection, chat: str) -> list[str]:
    """Every id of the library, in the order in which they were given."""
    query = select(names.c.id).where(names.c.library == _library(chat)).order_by(names.c.number)
    return list(connection.scalars(query))


def first_id(connection: Connection, key: int) -> str:
    """Find the first id of the article *key*."""
    query = select(names.c.id).where(names.c.article == key).order_by(names.c.number).limit(1)
    return str(connection.execute(query).scalar_one())


def list_articles(connection: Connection, chat: str) -> Sequence[Any]:
    """One row for each id, with the figures of its article; the ids of an article together."""
    own = select(articles.c.pk).where(owned_by(chat))
    figures = (
        select(
            sentences.c.article,
            func.count().label("sentences"),
            func.max(sentences.c.paragraph).label("paragraphs"),
        )
        .where(sentences.c.article.in_(own))
        .group_by(sentences.c.article)
        .subquery()
    )
    query = (
        select(
            articles.c.pk,
            names.c.id,
            articles.c.title,
            func.length(articles.c.text).label("characters"),
            func.coalesce(figures.c.paragraphs, 0).label("paragraphs"),
            func.coalesce(figures.c.sentences, 0).label("sentences"),
            articles.c.source,
            articles.c.language,
            articles.c.added_at,
        )
        .join(names, names.c.article == articles.c.pk)
        .outerjoin(figures, figures.c.article == articles.c.pk)
        .where(owned_by(chat))
        .order_by(articles.c.pk, names.c.number)
    )
    return connection.execute(query).all()


def load_stamps(connection: Connection, chat: str) -> dict[int, int]:
    """Load when each article was added, by key, in microseconds since 1970."""
    query = select(articles.c.pk, articles.c.added_at).where(owned_by(chat))
    epoch, tick = datetime(1970, 1, 1), timedelta(microseconds=1)
    return {key: (added - epoch) // tick for key, added in connection.execute(query)}


def load_articles(
    connection: Connection, chat: str, keys: Sequence[int]
) -> dict[int, tuple[Article, tuple[Sentence, ...]]]:
    """Load the articles *keys* under their first ids, with their sentences."""
    found: dict[int, tuple[Article, tuple[Sentence, ...]]] = {}
    for some in in_pieces(keys):
        found |= _load_some(connection, chat, some)
    return found


def insert_article(
    connection: Connection, library: int, article: Article, its_sentences: Sequence[Sentence]
) -> int:
    """Store *article* under its id, with its sentences but no vectors; return its key."""
    row = {
        "library": library,
        "digest": digest(article.text),
        "title": article.title,
        "text": article.text,
        "source": article.source,
        "language": article.language,
        "added_at": datetime.now(UTC).replace(tzinfo=None),
    }
    key = connection.execute(articles.insert().returning(articles.c.pk), row).scalar_one()
    insert_name(connection, library, article.id, key)
    rows = [
        {
            "article": key,
            "position": position,
            "start": one.span.start,
            "end": one.span.end,
            "paragraph": one.paragraph,
        }
        for position, one in enumerate(its_sentences)
    ]
    if rows:
        connection.execute(sentences.insert(), rows)
    return int(key)


def insert_name(connection: Connection, library: int, name: str, key: int) -> None:
    """Let the article *key* be known as *name* too."""
    connection.execute(names.insert(), {"library": library, "id": name, "article": key})


def take_name(connection: Connection, chat: str, name: str, key: int) -> None:
    """Take the id *name* away from the article *key*, which goes when it has no other."""
    connection.execute(delete(names).where(names.c.library == _library(chat), names.c.id == name))
    others = exists().where(names.c.article == articles.c.pk)
    connection.execute(delete(articles).where(articles.c.pk == key, ~others))


def missing_vectors(chat: str, model: str) -> Select[tuple[int]]:
    """The query for the keys of the articles that have no vectors of *model*."""
    made = exists().where(vectors.c.article == articles.c.pk, vectors.c.model == model)
    return select(articles.c.pk).where(owned_by(chat), ~made).order_by(articles.c.pk)


def load_vectors(
    connection: Connection, chat: str, keys: Sequence[int], model: str
) -> dict[int, Vectors]:
    """Load the vectors (n, d) of *model* of the articles *keys*."""
    query = (
        select(vectors.c.article, vectors.c.dimension, vectors.c.data)
        .join(articles)
        .where(owned_by(chat), vectors.c.model == model)
        .order_by(vectors.c.article)
    )
    return {
        key: np.frombuffer(data, dtype="<f4").reshape(-1, dimension)
        for some in in_pieces(keys)
        for key, dimension, data in connection.execute(query.where(articles.c.pk.in_(some)))
    }


def put_vectors(connection: Connection, key: int, model: str, its_vectors: Vectors) -> None:
    """Store the vectors (n, d) of *model* for the article *key*, in the place of earlier ones."""
    row = {
        "article": key,
        "model": model,
        "dimension": its_vectors.shape[1],
        "data": its_vectors.astype("<f4").tobytes(),
    }
    its_own = (vectors.c.article == key, vectors.c.model == model)
    connection.execute(delete(vectors).where(*its_own))
    connection.execute(vectors.insert(), row)


def count_sentences(connection: Connection, chat: str, keys: Sequence[int]) -> dict[int, int]:
    """Count the sentences of the articles *keys*; those that are gone are absent."""
    query = (
        select(articles.c.pk, func.count(sentences.c.position))
        .outerjoin(sentences)
        .where(owned_by(chat))
        .group_by(articles.c.pk)
    )
    return {
        key: count
        for some in in_pieces(keys)
        for key, count in connection.execute(query.where(articles.c.pk.in_(some)))
    }


def check_vectors(its_vectors: Vectors, count: int, name: str) -> None:
    """Raise LibraryError unless there are *count* vectors of finite float32 for *name*."""
    shape, kind = its_vectors.shape, its_vectors.dtype
    if kind != np.float32 or len(shape) != 2 or shape[0] != count or not shape[1]:
        raise LibraryError(
            f"{name!r} has {count} sentences, and its vectors are {kind} of the shape {shape} "
            f"instead of float32 ({count}, d); check the model."
        )
    if not np.isfinite(its_vectors).all():
        raise LibraryError(
            f"the model gave numbers for {name!r} that are not finite; check the model."
        )


def in_pieces(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Cut *values* into pieces that fit into one statement."""
    for start in range(0, len(values), VALUES_PER_STATEMENT):
        yield values[start : start + VALUES_PER_STATEMENT]


def _library(chat: str) -> ColumnElement[int]:
    return select(libraries.c.pk).where(libraries.c.chat == chat).scalar_subquery()


def _load_some(
    connection: Connection, chat: str, keys: Sequence[int]
) -> dict[int, tuple[Article, tuple[Sentence, ...]]]:
    ids: dict[int, str] = {}
    of_articles = select(names.c.article, names.c.id).where(names.c.article.in_(keys))
    for key, name in connection.execute(of_articles.order_by(names.c.number)):
        ids.setdefault(key, name)
    parts: dict[int, list[Sentence]] = {key: [] for key in keys}
    of_articles = select(sentences).where(sentences.c.article.in_(keys))
    for row in connection.execute(
        of_articles.order_by(sentences.c.article, sentences.c.position)
    ).mappings():
        span = Span(row["start"], row["end"])
        parts[row["article"]].append(Sentence(span, row["paragraph"]))
    columns = (articles.c.title, articles.c.text, articles.c.source, articles.c.language)
    query = select(articles.c.pk, *columns).where(owned_by(chat), articles.c.pk.in_(keys))
    return {
        key: (Article(ids[key], *columns), tuple(parts[key]))
        for key, *columns in connection.execute(query.order_by(articles.c.pk))
    }
