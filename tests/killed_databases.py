"""Databases of the tests' own, and whether they are whole after a process was killed."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

OLD_DATABASES = Path(__file__).parent / "storage/old_databases"


@contextmanager
def database_on(server: str) -> Iterator[str]:
    """Make a database on *server* and give its URL, "" for a file of the process's own."""
    if server == "sqlite":
        yield ""
        return
    name = f"test_{uuid.uuid4().hex}"
    maintenance = make_url(server).set(database="postgres")
    engine = create_engine(maintenance, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


def is_whole(url: str) -> bool:
    """Let the database check itself: all pages and indexes of SQLite, the indexes of PostgreSQL."""
    if make_url(url).get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(make_url(url).database))) as connection:
            checked = [
                *connection.execute("PRAGMA integrity_check"),
                *connection.execute("PRAGMA foreign_key_check"),
            ]
        return checked == [("ok",)]
    engine = create_engine(url)
    with engine.begin() as connection_:
        connection_.execute(text("CREATE EXTENSION IF NOT EXISTS amcheck"))
        connection_.execute(
            text(
                "SELECT bt_index_check(i.indexrelid, true) FROM pg_index i "
                "JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam "
                "WHERE a.amname = 'btree' AND c.relnamespace = 'public'::regnamespace"
            )
        )
    engine.dispose()
    return True


def make_old(url: str, version: int = 1) -> None:
    """Let the empty database at *url* be one that the program of that *version* made."""
    kind = make_url(url).get_backend_name()
    statements = (OLD_DATABASES / f"version_{version}.{kind}.sql").read_text(encoding="utf-8")
    if kind == "sqlite":
        with closing(sqlite3.connect(str(make_url(url).database))) as database:
            database.executescript(statements)
        return
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(statements)
    engine.dispose()
