"""
What other processes change in a PostgreSQL database, heard as soon as it is committed.

Every change of a library announces the library's chat (index.storage.queries.advance_revision).
Who hears of it can make ready for the next question; whoever asks reads the revision all the same,
so nothing is missed when nobody listens. On other databases nothing is heard.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection, Engine, func, select

from index.errors import LibraryError

if TYPE_CHECKING:
    import psycopg

Heard = Callable[[Collection[str] | None], None]

CHANNEL = "article_bot_libraries"  # on which PostgreSQL tells other processes of changes
PATIENCE = 0.5  # seconds until it is looked whether to stop
LIFE_SIGNS = 60  # of these, until the connection is tried: a broken one may be silent for ever
RECONNECT_PAUSE = 2.0  # seconds


def announce(connection: Connection, chat: str) -> None:
    """Let who listens hear, once this is committed, that the library of *chat* has changed."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_notify(CHANNEL, chat)))


def follow(engine: Engine, heard: Heard, stopping: threading.Event) -> None:
    """
    Tell *heard* which chats' libraries have changed, until *stopping* is set.

    It hears None when any may have: at the start, and after the connection was lost. Returns at
    once where there is nothing to be heard.
    """
    if engine.url.get_driver_name() != "psycopg":
        return
    import psycopg

    while not stopping.is_set():
        try:
            with _listening(engine) as connection:
                heard(None)
                _follow(connection, heard, stopping)
        except (LibraryError, psycopg.Error):
            stopping.wait(RECONNECT_PAUSE)


@contextmanager
def _listening(engine: Engine) -> Iterator[psycopg.Connection[Any]]:
    """A connection that listens, and is used for nothing else."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.detach()  # it would go on listening in the pool
        connection.exec_driver_sql(f"LISTEN {CHANNEL}")
        yield cast("psycopg.Connection[Any]", connection.connection.dbapi_connection)


def _follow(connection: psycopg.Connection[Any], heard: Heard, stopping: threading.Event) -> None:
    quiet = 0
    while not stopping.is_set():
        notices = connection.notifies(timeout=PATIENCE, stop_after=1)
        changed = {notice.payload for notice in notices}
        if changed:
            heard(changed)
        quiet = 0 if changed else quiet + 1
        if quiet == LIFE_SIGNS:
            connection.execute("SELECT 1")
            quiet = 0
