"""How much of the database one library takes."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import case, func, select

from index.storage.library import Library
from index.storage.queries import owned_by
from index.storage.schema import articles, libraries, names, sentences

# Characters that a sentence counts for at least: it has a vector, however short it is.
LEAST_COUNTED = 50


class Usage(NamedTuple):
    """How many articles a library has, and how many *characters* their sentences count for."""

    articles: int
    characters: int


def measure_usage(library: Library, without: str = "") -> Usage:
    """Measure *library*, all but its article known as *without*; raises LibraryError."""
    own = select(libraries.c.pk).where(libraries.c.chat == library.chat).scalar_subquery()
    left_out = select(names.c.article).where(names.c.library == own, names.c.id == without)
    length = sentences.c.end - sentences.c.start
    counted = case((length < LEAST_COUNTED, LEAST_COUNTED), else_=length)
    query = (
        select(func.count(articles.c.pk.distinct()), func.coalesce(func.sum(counted), 0))
        .select_from(articles)
        .outerjoin(sentences, sentences.c.article == articles.c.pk)
        .where(owned_by(library.chat), articles.c.pk.not_in(left_out))
    )
    with library.engine.connect() as connection:
        number, characters = connection.execute(query).one()
    return Usage(int(number), int(characters))
