"""
Blocks and sentences that older rules made, made again by those of this program.

An article never changes under its key, since caches trust it: one whose sentences become others
gets a new key, and keeps its ids and the time when it was added. Vectors of sentences that stay the
same are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, and_, delete, select

from index.datatypes import Sentence, Structure
from index.encoding.protocol import Encoder, Progress, Vectors
from index.storage import queries, vector_queries
from index.storage.engine import writing
from index.storage.library import Library
from index.storage.numbering import next_number
from index.storage.records import StoredArticle
from index.storage.schema import article_numbers, articles, names
from index.storage.structures import outdated, put_structure
from index.text.articles import with_front_matter
from index.text.blocks import find_blocks
from index.text.sentences import split_sentences

ARTICLES_PER_STEP = 64


def renew_structures(library: Library, encoder: Encoder, progress: Progress | None = None) -> None:
    """Make blocks and sentences of *library* again where this program's rules are newer."""
    keys = _outdated(library)
    for start in range(0, len(keys), ARTICLES_PER_STEP):
        batch = keys[start : start + ARTICLES_PER_STEP]
        known = library.vectors(batch, encoder.identity)
        for key, stored in library.load(batch).items():
            _renew(library, stored, known.get(key), encoder)
        if progress:
            progress(min(start + ARTICLES_PER_STEP, len(keys)), len(keys))


def _outdated(library: Library) -> list[int]:
    with library.engine.connect() as connection:
        pk = queries.find_library(connection, library.chat)
        return [] if pk is None else list(connection.scalars(outdated(pk)))


def _renew(
    library: Library, stored: StoredArticle, known: Vectors | None, encoder: Encoder
) -> None:
    """Make one article again, unless another process just has, or has removed it."""
    article, structure = stored.article, stored.structure
    if not structure.given:
        article, structure = (
            with_front_matter(article),
            Structure(find_blocks(article.text), structure.links),
        )
    sentences = split_sentences(article.text, article.language, structure.blocks)
    same = tuple(sentences) == stored.sentences
    vectors = None if same else _vectors(stored, sentences, known, encoder)
    with writing(library.engine) as connection:
        pk = queries.lock_library(connection, library.chat)
        if stored.key not in [row.pk for row in connection.execute(outdated(pk))]:
            return
        key = stored.key if same else _give_new_key(connection, pk, stored.key)
        put_structure(connection, pk, key, article, structure)
        if vectors is not None:
            queries.insert_sentences(connection, pk, key, sentences)
            vector_queries.put_vectors(connection, pk, key, encoder.identity, vectors)
        queries.advance_revision(connection, library.chat)


def _vectors(
    stored: StoredArticle, sentences: Sequence[Sentence], known: Vectors | None, encoder: Encoder
) -> Vectors:
    """The vectors (n, d) of *sentences*: those that are *known*, and the others encoded."""
    old = {} if known is None else dict(zip((s.span for s in stored.sentences), known, strict=True))
    missing = [s.span for s in sentences if s.span not in old]
    if missing:
        encoded = encoder.encode([stored.article.cut(span) for span in missing])
        old |= dict(zip(missing, encoded, strict=True))
    return np.stack([old[sentence.span] for sentence in sentences])


def _give_new_key(connection: Connection, library: int, key: int) -> int:
    """Store the article *key* again without its sentences, under a new key; return that."""
    its_row = and_(articles.c.library == library, articles.c.pk == key)
    row = _columns(connection, articles, its_row)[0]
    its_names = and_(names.c.library == library, names.c.article == key)
    known_as = _columns(connection, names, its_names)
    connection.execute(delete(articles).where(its_row))
    new = next_number(connection, article_numbers)
    connection.execute(articles.insert(), {**row, "pk": new})
    connection.execute(names.insert(), [{**name, "article": new} for name in known_as])
    return new


def _columns(connection: Connection, table: Any, condition: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    rows = connection.execute(select(table).where(condition)).mappings()
    return [dict(row) for row in rows]
