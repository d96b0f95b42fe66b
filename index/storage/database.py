"""The database: how it is opened and made, and its failures in plain words."""

from __future__ import annotations

import re
import sqlite3
from contextlib import AbstractContextManager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, exc, inspect, select
from sqlalchemy.engine import URL, ExceptionContext, make_url

from index.datatypes import Article
from index.errors import LibraryError
from index.languages.registry import DEFAULT_LANGUAGE
from index.storage import queries, sqlite
from index.storage.schema import libraries, meta, metadata
from index.text.articles import make_article
from index.text.sentences import split_sentences

SCHEMA_VERSION = 1
BUSY_TIMEOUT = 10.0  # seconds that a lock of another process is waited for
SHARED = ""  # the chat of the shared library

_SCHEMA_KEY = "article-bot schema"
_DRIVERS = {"psycopg": "psycopg[binary]", "psycopg2": "psycopg2-binary"}

# What a driver reports when the database fails. Its other errors are mistakes of this program, or
# are caught where they are expected.
_FAILURES = (exc.DatabaseError, exc.InternalError, exc.OperationalError)


def open_database(url: str, *, busy_timeout: float = BUSY_TIMEOUT) -> Engine:
    """
    Open the database at the SQLAlchemy *url*, making it with the seed articles if it is new.

    Raises LibraryError, here and wherever the engine is used, when the database cannot be used;
    nothing is written into a database that is not ours or that a newer version made.
    """
    engine = _make_engine(url, busy_timeout)
    with engine.connect() as connection:
        version = _read_version(connection)
    if version is None:
        _create(engine)
    elif version > SCHEMA_VERSION:
        raise LibraryError(
            f"the database {_name(engine.url)} was made by a newer article-bot (schema {version}, "
            f"this one knows {SCHEMA_VERSION}); upgrade article-bot, or name another database "
            "with --database."
        )
    if _is_sqlite(engine.url):
        sqlite.use_write_ahead_log(engine)
    return engine


def writing(engine: Engine) -> AbstractContextManager[Connection]:
    """Begin a transaction that writes; it is committed at the end, or rolled back whole."""
    return engine.execution_options(**{sqlite.WRITES: True}).begin()


def seed_articles() -> list[Article]:
    """Read the articles that a new database starts with."""
    packaged = Path(__file__).parents[1] / "seeds"
    folder = packaged if packaged.is_dir() else Path(__file__).parents[2] / "seeds"
    return [
        make_article(
            path.read_text(encoding="utf-8"),
            id=path.stem,
            source=f"seeds/{path.name}",
            name=path.name,
            language=DEFAULT_LANGUAGE,
        )
        for path in sorted(folder.glob("*"))
        if path.suffix in {".txt", ".md"} and path.name != "SOURCES.md"
    ]


def _make_engine(url: str, busy_timeout: float) -> Engine:
    try:
        parsed = _expand_home(make_url(url))
        if _is_sqlite(parsed):
            sqlite.prepare_place(parsed)
            engine = sqlite.make_engine(parsed, busy_timeout)
        else:
            engine = create_engine(parsed)
    except exc.NoSuchModuleError as error:
        raise LibraryError(
            f"no kind of database is called {parsed.drivername!r}; write sqlite:///PATH or "
            "postgresql://USER@HOST/NAME."
        ) from error
    except ModuleNotFoundError as error:
        package = _DRIVERS.get(error.name or "", error.name)
        raise LibraryError(
            f"databases of the kind {parsed.drivername!r} need the Python package {error.name}; "
            f"install it with `pip install '{package}'`."
        ) from error
    except (exc.ArgumentError, ValueError) as error:
        path = url.removeprefix("sqlite:").removeprefix("//")
        shown = re.sub(r":[^:@]*@", ":***@", url)  # never a password
        hint = path if path and "://" not in path else "PATH"
        raise LibraryError(
            f"{shown!r} is not a database URL; write a file as sqlite:///{hint}."
        ) from error
    event.listen(engine, "handle_error", lambda context: _explain(context, busy_timeout))
    return engine


def _expand_home(url: URL) -> URL:
    """Read ~ as a shell would: it does not see one inside of a URL."""
    if _is_sqlite(url) and url.database and url.database.startswith("~"):
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
    raise LibraryError(
        f"the database {_name(url)} cannot be used ({reason}); check that it runs and that the "
        "URL is right."
    ) from error


def _read_version(connection: Connection) -> int | None:
    """The version of the schema, None for an empty database; LibraryError if it is not ours."""
    inspector = inspect(connection)
    tables = inspector.get_table_names()
    if not tables:
        return None
    version = None
    if "meta" in tables and {"key", "value"} <= {
        column["name"] for column in inspector.get_columns("meta")
    }:
        version = connection.scalar(select(meta.c.value).where(meta.c.key == _SCHEMA_KEY))
    if not str(version).isdecimal():
        raise LibraryError(
            f"the database {_name(connection.engine.url)} belongs to another program (it has the "
            f"table {tables[0]!r}); name another with --database."
        )
    return int(str(version))


def _create(engine: Engine) -> None:
    """Make the tables and the shared library with its seeds, unless another process just did."""
    seeds = [(one, split_sentences(one.text, one.language)) for one in seed_articles()]
    with writing(engine) as connection:
        if _read_version(connection) is not None:
            return
        metadata.create_all(connection)
        connection.execute(meta.insert(), {"key": _SCHEMA_KEY, "value": str(SCHEMA_VERSION)})
        connection.execute(libraries.insert(), {"chat": SHARED, "revision": 1})
        shared = queries.lock_library(connection, SHARED)
        for article, its_sentences in seeds:
            queries.insert_article(connection, shared, article, its_sentences)


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _name(url: URL) -> str:
    """What the database is called in messages: its file, or its URL without the password."""
    path = sqlite.file_of(url) if _is_sqlite(url) else None
    return str(path) if path else url.render_as_string(hide_password=True)
