"""The engine of a database: how it is connected to, and its failures in plain words."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from contextlib import AbstractContextManager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, exc
from sqlalchemy.engine import URL, ExceptionContext, make_url

from index.errors import LibraryError, UnreachableError
from index.storage import sqlite

_DRIVERS = {"psycopg": "psycopg[binary]", "psycopg2": "psycopg2-binary"}

_GONE = (
    "08",
    "57P",
)  # PostgreSQL's codes for broken connections, and a server that stops or starts
CONNECT_TIMEOUT = 5  # seconds; a server that is there answers within one

# What a driver reports when the database fails. Its other errors are mistakes of this program, or
# are caught where they are expected.
_FAILURES = (exc.DatabaseError, exc.InternalError, exc.OperationalError)


def make_engine(url: str, busy_timeout: float) -> Engine:
    """
    Make the engine of the database at the SQLAlchemy *url*, and the folder of its file.

    A lock of another process is waited for *busy_timeout* seconds. Raises LibraryError, here and
    wherever the engine is used, when the database cannot be used.
    """
    try:
        engine = _connectable(_expand_home(make_url(url)), busy_timeout)
    except (exc.ArgumentError, ValueError) as error:
        path = url.removeprefix("sqlite:").removeprefix("//")
        shown = re.sub(r":[^:@]*@", ":***@", url)  # never a password
        hint = path if path and "://" not in path else "PATH"
        raise LibraryError(
            f"{shown!r} is not a database URL; write a file as sqlite:///{hint}."
        ) from error
    event.listen(engine, "handle_error", lambda context: _explain(context, busy_timeout))
    return engine


def writing(engine: Engine, wait: float | None = None) -> AbstractContextManager[Connection]:
    """
    Begin a transaction that writes; it is committed at the end, or rolled back whole.

    A SQLite database that another process has locked is waited for *wait* seconds, None for as
    long as the engine was told to.
    """
    return engine.execution_options(**{sqlite.WRITES: True, sqlite.WAIT: wait}).begin()


def reshaping(engine: Engine) -> AbstractContextManager[Connection]:
    """
    Begin a transaction that may replace tables, which keeps what refers to them.

    SQLite would delete that; a table in memory, whose connection others use next, is never old.
    """
    options = {sqlite.WRITES: True, sqlite.RESHAPES: not is_in_memory(engine.url)}
    return engine.execution_options(**options).begin()


def held_connection(engine: Engine, wait: float) -> Connection:
    """
    Open a connection that its owner keeps, for many short transactions that all write.

    Each waits *wait* seconds for another process's lock of a SQLite database.
    """
    connection = engine.execution_options(**{sqlite.WRITES: True}).connect()
    if is_sqlite(engine.url):
        sqlite.wait_for_locks(connection, wait)
    return connection


def is_sqlite(url: URL) -> bool:
    """Whether *url* names a SQLite database."""
    return url.get_backend_name() == "sqlite"


def is_in_memory(url: URL) -> bool:
    """Whether *url* names a database that no other process sees."""
    return is_sqlite(url) and sqlite.file_of(url) is None


def database_name(url: URL) -> str:
    """What the database is called in messages: its file, or its URL without the password."""
    path = sqlite.file_of(url) if is_sqlite(url) else None
    return str(path) if path else url.render_as_string(hide_password=True)


def database_file(url: str) -> Path | None:
    """The file of a SQLite *url*; None for other databases, and for a URL that is none."""
    try:
        parsed = _expand_home(make_url(url))
    except (exc.ArgumentError, ValueError):
        return None
    return sqlite.file_of(parsed) if is_sqlite(parsed) else None


def lasting_name(engine: Engine, chat: str) -> str | None:
    """
    Name the library of *chat* after its database too, for files outside of it.

    None when the database is in memory: what is asked there is not meant to last.
    """
    place = engine.url.render_as_string(hide_password=True)
    if is_in_memory(engine.url):
        return None
    if is_sqlite(engine.url) and (file := sqlite.file_of(engine.url)):
        place = str(file.resolve())
    return hashlib.sha256(json.dumps([place, chat]).encode()).hexdigest()[:32]


def _connectable(url: URL, busy_timeout: float) -> Engine:
    """Make the engine; raise LibraryError for kinds of databases that cannot be had here."""
    try:
        if is_sqlite(url):
            sqlite.prepare_folder(url)
            return sqlite.make_engine(url, busy_timeout)
        # A connection that the server has closed meanwhile, as it does when it is restarted, is
        # noticed before it is used.
        return create_engine(url, pool_pre_ping=True, connect_args=_patience(url))
    except exc.NoSuchModuleError as error:
        raise LibraryError(
            f"no kind of database is called {url.drivername!r}; write sqlite:///PATH or "
            "postgresql://USER@HOST/NAME."
        ) from error
    except ModuleNotFoundError as error:
        package = _DRIVERS.get(error.name or "", error.name)
        raise LibraryError(
            f"databases of the kind {url.drivername!r} need the Python package {error.name}; "
            f"install it with `pip install '{package}'`."
        ) from error


def _patience(url: URL) -> dict[str, int]:
    """How long a server may take to answer at all: without a word the driver waits for ever."""
    if url.get_backend_name() != "postgresql" or "connect_timeout" in url.query:
        return {}
    return {"connect_timeout": CONNECT_TIMEOUT}


def _expand_home(url: URL) -> URL:
    """Read ~ as a shell would: it does not see one inside of a URL."""
    if is_sqlite(url) and url.database and url.database.startswith("~"):
        return url.set(database=str(Path(url.database).expanduser()))
    return url


def _explain(context: ExceptionContext, busy_timeout: float) -> None:
    """Raise what the database's driver reports as a LibraryError, wherever it happens."""
    error = context.original_exception
    if type(context.sqlalchemy_exception) not in _FAILURES or context.engine is None:
        return
    url = context.engine.url
    if isinstance(error, sqlite3.Error):
        raise sqlite.explain(error, url, busy_timeout) from error
    reason = " ".join(str(error).split())[:200]
    state = getattr(error, "sqlstate", None) or ""  # PostgreSQL's code of what went wrong
    gone = context.connection is None or context.is_disconnect or state.startswith(_GONE)
    raise (UnreachableError if gone else LibraryError)(
        f"the database {database_name(url)} cannot be used ({reason}); check that it runs and "
        "that the URL is right."
    ) from error
