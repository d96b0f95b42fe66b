"""
Reading and writing the rows of a library, inside the transaction of the caller.

A library is named by its key, and each statement says which: one that has no row yet owns nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, exists, select, update
from sqlalchemy.exc import IntegrityError

from index.datatypes import Article, Sentence, Span, Structure
from index.storage.change_feed import announce
from index.storage.engine import writing
from index.storage.numbering import next_number
from index.storage.schema import article_numbers, articles, libraries, names, sentences
from index.storage.structures import load_structures, put_structure
from index.text.articles import digest

T = TypeVar("T")

# Keys or ids in one statement: databases limit how many values it may hold.
VALUES_PER_STATEMENT = 500


@contextmanager
def reading(engine: Engine, chat: str) -> Iterator[tuple[Connection, int]]:
    """Begin a transaction that reads the library of *chat*, whose key comes with it."""
    with engine.connect() as connection:
        yield connection, key_of(connection, chat)


@contextmanager
def changing(engine: Engine, chat: str) -> Iterator[tuple[Connection, int]]:
    """Begin a transaction that writes to the library of *chat*, whose key comes with it."""
    with writing(engine) as connection:
        yield connection, key_of(connection, chat)


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


def key_of(connection: Connection, chat: str) -> int:
    """The key of the library of *chat*, 0 (which none has) before it was first written to."""
    return find_library(connection, chat) or 0


def advance_revision(connection: Connection, chat: str) -> None:
    """Note that the articles of the library have changed."""
    moved = {"revision": libraries.c.revision + 1}
    connection.execute(update(libraries).where(libraries.c.chat == chat).values(moved))
    announce(connection, chat)


def is_article(library: int, key: int) -> ColumnElement[bool]:
    """The condition that a row of ``articles`` is the article *key* of *library*."""
    return and_(articles.c.library == library, articles.c.pk == key)


def find_text(connection: Connection, library: int, text: str) -> int | None:
    """Find the key of the article with this *text*."""
    same = (articles.c.library == library, articles.c.digest == digest(text))
    return connection.scalar(select(articles.c.pk).where(*same))


def find_ids(connection: Connection, library: int, ids: Sequence[str]) -> dict[str, int]:
    """Find the keys of the articles known as *ids*; unknown ones are absent."""
    query = select(names.c.id, names.c.article).where(names.c.library == library)
    found: dict[str, int] = {}
    for batch in in_batches(ids):
        found |= {
            row.id: row.article for row in connection.execute(query.where(names.c.id.in_(batch)))
        }
    return found


def all_ids(connection: Connection, library: int) -> list[str]:
    """Every id of the library, in the order in which they were given."""
    query = select(names.c.id).where(names.c.library == library).order_by(names.c.number)
    return list(connection.scalars(query))


def first_id(connection: Connection, library: int, key: int) -> str:
    """Find the first id of the article *key*."""
    query = select(names.c.id).where(names.c.library == library, names.c.article == key)
    return str(connection.execute(query.order_by(names.c.number).limit(1)).scalar_one())


def load_stamps(connection: Connection, library: int) -> dict[int, int]:
    """Load when each article was added, by key, in microseconds since 1970."""
    query = select(articles.c.pk, articles.c.added_at).where(articles.c.library == library)
    epoch, tick = datetime(1970, 1, 1), timedelta(microseconds=1)
    return {key: (added - epoch) // tick for key, added in connection.execute(query)}


def load_articles(
    connection: Connection, library: int, keys: Sequence[int]
) -> dict[int, tuple[Article, tuple[Sentence, ...], Structure]]:
    """Load the articles *keys* under their first ids, with their sentences and structures."""
    found: dict[int, tuple[Article, tuple[Sentence, ...], Structure]] = {}
    for batch in in_batches(keys):
        found |= _load_batch(connection, library, batch)
    return found


def insert_article(
    connection: Connection,
    library: int,
    article: Article,
    its_sentences: Sequence[Sentence],
    structure: Structure,
) -> int:
    """Store *article* under its id, with all but its vectors; return its key."""
    key = next_number(connection, article_numbers)
    row = {
        "pk": key,
        "library": library,
        "digest": digest(article.text),
        "title": article.title,
        "text": article.text,
        "source": article.source,
        "language": article.language,
        "added_at": datetime.now(UTC).replace(tzinfo=None),
    }
    connection.execute(articles.insert(), row)
    _insert_name(connection, library, article.id, key, number=key)
    put_structure(connection, library, key, article, structure)
    insert_sentences(connection, library, key, its_sentences)
    return key


def insert_sentences(
    connection: Connection, library: int, key: int, its_sentences: Sequence[Sentence]
) -> None:
    """Store the sentences of the article *key*, which has none."""
    rows = [
        {
            "library": library,
            "article": key,
            "position": position,
            "start": sentence.span.start,
            "end": sentence.span.end,
            "paragraph": sentence.paragraph,
        }
        for position, sentence in enumerate(its_sentences)
    ]
    if rows:
        connection.execute(sentences.insert(), rows)


def insert_name(connection: Connection, library: int, name: str, key: int) -> None:
    """Let the article *key* be known as *name* too."""
    number = next_number(connection, article_numbers)
    _insert_name(connection, library, name, key, number=number)


def _insert_name(connection: Connection, library: int, name: str, key: int, number: int) -> None:
    row = {"number": number, "library": library, "id": name, "article": key}
    connection.execute(names.insert(), row)


def remove_name(connection: Connection, library: int, name: str, key: int) -> None:
    """Take the id *name* away from the article *key*, which goes when it has no other."""
    connection.execute(delete(names).where(names.c.library == library, names.c.id == name))
    others = exists().where(names.c.library == library, names.c.article == key)
    connection.execute(delete(articles).where(is_article(library, key), ~others))


def in_batches(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Cut *values* into batches that fit into one statement each."""
    for start in range(0, len(values), VALUES_PER_STATEMENT):
        yield values[start : start + VALUES_PER_STATEMENT]


def _load_batch(
    connection: Connection, library: int, keys: Sequence[int]
) -> dict[int, tuple[Article, tuple[Sentence, ...], Structure]]:
    """Load what fits into one statement."""
    first_ids: dict[int, str] = {}
    ids = select(names.c.article, names.c.id).where(
        names.c.library == library, names.c.article.in_(keys)
    )
    for key, name in connection.execute(ids.order_by(names.c.number)):
        first_ids.setdefault(key, name)
    parts: dict[int, list[Sentence]] = {key: [] for key in keys}
    its_own = (sentences.c.library == library, sentences.c.article.in_(keys))
    rows = select(sentences).where(*its_own)
    ordered = rows.order_by(sentences.c.article, sentences.c.position)
    for row in connection.execute(ordered).mappings():
        span = Span(row["start"], row["end"])
        parts[row["article"]].append(Sentence(span, row["paragraph"]))
    columns = (articles.c.title, articles.c.text, articles.c.source, articles.c.language)
    its = (articles.c.library == library, articles.c.pk.in_(keys))
    query = select(articles.c.pk, *columns).where(*its)
    built = load_structures(connection, library, keys)
    return {
        key: (Article(first_ids[key], *columns, **facts), tuple(parts[key]), structure)
        for key, *columns in connection.execute(query.order_by(articles.c.pk))
        for facts, structure in [built.get(key, ({}, Structure()))]
    }
