"""Deleting what may not be found again, in the file either."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from index.errors import LibraryError
from index.storage import queries
from index.storage.engine import is_sqlite, writing
from index.storage.feeds import forget_feeds
from index.storage.schema import articles


@contextmanager
def erasing(engine: Engine) -> Iterator[Connection]:
    """
    Begin a transaction that deletes: what goes in it is overwritten, where the database can.

    PostgreSQL makes room by itself later. What SQLite still has in its log is written home.
    """
    sqlite = is_sqlite(engine.url)
    with writing(engine) as connection:
        if sqlite:
            connection.exec_driver_sql("PRAGMA secure_delete = ON")
        yield connection
    if sqlite:
        with suppress(LibraryError, SQLAlchemyError), engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def erase_library(connection: Connection, chat: str) -> list[int]:
    """
    Delete all articles of *chat*, and its feeds, in the transaction of *connection*.

    Return their keys, by which caches know them. The number of its changes stays, so that whoever
    holds something made of the articles sees that they are gone.
    """
    its = articles.c.library == queries.key_of(connection, chat)
    query = articles.delete().where(its).returning(articles.c.pk)
    keys = list(connection.execute(query).scalars())
    queries.advance_revision(connection, chat)
    forget_feeds(connection, chat)
    return keys
