"""A library under the name of another chat."""

from __future__ import annotations

from sqlalchemy import Engine, delete, select, update

from index.storage import queries
from index.storage.change_feed import announce
from index.storage.engine import writing
from index.storage.schema import articles, libraries


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
            its = articles.c.library == target
            if connection.scalar(select(articles.c.pk).where(its).limit(1)):
                return False
            connection.execute(delete(libraries).where(libraries.c.pk == target))
        # The revision moves, so that who knew either library looks again.
        renamed = {"chat": new, "revision": libraries.c.revision + 1}
        connection.execute(update(libraries).where(libraries.c.pk == source).values(renamed))
        for chat in (old, new):
            announce(connection, chat)
    return True
