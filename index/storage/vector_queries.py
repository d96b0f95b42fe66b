"""
Reading and writing the vectors of articles, inside the transaction of the caller.

Like index.storage.queries, which has the rest.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sqlalchemy import ColumnElement, Connection, Select, and_, delete, exists, func, select

from index.encoding.protocol import Vectors
from index.errors import LibraryError
from index.storage.queries import in_batches
from index.storage.schema import articles, sentences, vectors


def missing_vectors(library: int, model: str) -> Select[tuple[int]]:
    """The query for the keys of the articles that have no vectors of *model*."""
    made = exists().where(
        vectors.c.library == library,
        vectors.c.article == articles.c.pk,
        vectors.c.model == model,
    )
    its = (articles.c.library == library, ~made)
    return select(articles.c.pk).where(*its).order_by(articles.c.pk)


def is_other(library: int, model: str) -> ColumnElement[bool]:
    """The condition that a row of ``vectors`` is of another model than *model*."""
    return and_(vectors.c.library == library, vectors.c.model != model)


def load_vectors(
    connection: Connection, library: int, keys: Sequence[int], model: str
) -> dict[int, Vectors]:
    """Load the vectors (n, d) of *model* of the articles *keys*."""
    query = (
        select(vectors.c.article, vectors.c.dimension, vectors.c.data)
        .where(vectors.c.library == library, vectors.c.model == model)
        .order_by(vectors.c.article)
    )
    return {
        key: np.frombuffer(data, dtype="<f4").reshape(-1, dimension)
        for batch in in_batches(keys)
        for key, dimension, data in connection.execute(query.where(vectors.c.article.in_(batch)))
    }


def put_vectors(
    connection: Connection, library: int, key: int, model: str, its_vectors: Vectors
) -> None:
    """Store the vectors (n, d) of *model* for the article *key*, in the place of earlier ones."""
    row = {
        "library": library,
        "article": key,
        "model": model,
        "dimension": its_vectors.shape[1],
        "data": its_vectors.astype("<f4").tobytes(),
    }
    its_own = (
        vectors.c.library == library,
        vectors.c.article == key,
        vectors.c.model == model,
    )
    connection.execute(delete(vectors).where(*its_own))
    connection.execute(vectors.insert(), row)


def count_sentences(connection: Connection, library: int, keys: Sequence[int]) -> dict[int, int]:
    """Count the sentences of the articles *keys*; those that are gone are absent."""
    query = (
        select(articles.c.pk, func.count(sentences.c.position))
        .outerjoin(sentences)
        .where(articles.c.library == library)
        .group_by(articles.c.pk)
    )
    return {
        key: count
        for batch in in_batches(keys)
        for key, count in connection.execute(query.where(articles.c.pk.in_(batch)))
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
