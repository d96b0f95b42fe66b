"""The database: how it is opened, and what a new one holds."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from index.datatypes import Article
from index.errors import LibraryError
from index.languages.registry import DEFAULT_LANGUAGE
from index.storage import queries, sqlite
from index.storage.engine import database_name, is_sqlite, make_engine
from index.storage.library_keys import key_by_library
from index.storage.migrations import Migrations, migrate, read_version
from index.storage.schema import libraries, metadata
from index.text.articles import make_article
from index.text.blocks import find_structure
from index.text.sentences import split_sentences

BUSY_TIMEOUT = 10.0  # seconds that a lock of another process is waited for
SHARED = ""  # the chat of the shared library


def open_database(url: str, *, busy_timeout: float = BUSY_TIMEOUT) -> Engine:
    """
    Open the database at the SQLAlchemy *url*, making it with the seed articles if it is new.

    One that an older version made is brought up. Raises LibraryError, here and wherever the
    engine is used, when the database cannot be used; nothing is written into a database that is
    not ours or that a newer version made.
    """
    engine = make_engine(url, busy_timeout)
    with engine.connect() as connection:
        refuse_foreign(connection)
    migrate(engine, MIGRATIONS)
    if is_sqlite(engine.url):
        sqlite.use_write_ahead_log(engine)
    return engine


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


def refuse_foreign(connection: Connection) -> None:
    """Raise LibraryError when the tables are those of another program."""
    # First the tables: another process may be making them, with the version, just now.
    tables = inspect(connection).get_table_names()
    if tables and read_version(connection, MIGRATIONS.name) is None:
        raise LibraryError(
            f"the database {database_name(connection.engine.url)} belongs to another program (it "
            f"has the table {tables[0]!r}); name another with --database."
        )


def _store_seeds(connection: Connection) -> None:
    """Make the shared library, with the seed articles."""
    connection.execute(libraries.insert(), {"chat": SHARED, "revision": 1})
    shared = queries.lock_library(connection, SHARED)
    for article in seed_articles():
        structure = find_structure(article.text)
        sentences = split_sentences(article.text, article.language, structure.blocks)
        queries.insert_article(connection, shared, article, sentences, structure)


def _add_structures(connection: Connection) -> None:
    """Version 2: how articles are built; those that are there are looked at when next asked."""
    connection.execute(
        text(
            "CREATE TABLE structures (article INTEGER NOT NULL, rules INTEGER NOT NULL,"
            " data TEXT NOT NULL, PRIMARY KEY (article),"
            " FOREIGN KEY(article) REFERENCES articles (pk) ON DELETE CASCADE)"
        )
    )


# Version 3: sentences, structures and vectors have the key of their library before their own. The
# rows are copied by the database itself, so that no memory is needed for them.
_KEYED_BY_LIBRARY = {
    "structures": ("article", "rules INTEGER NOT NULL, data TEXT NOT NULL"),
    "sentences": (
        "article, position",
        'position INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, '
        "paragraph INTEGER NOT NULL",
    ),
    "vectors": (
        "article, model",
        "model VARCHAR(200) NOT NULL, dimension INTEGER NOT NULL, data {bytes} NOT NULL",
    ),
}


def _add_libraries(connection: Connection) -> None:
    kind = "BYTEA" if connection.dialect.name == "postgresql" else "BLOB"
    connection.execute(text("CREATE UNIQUE INDEX ix_articles_library_pk ON articles (library, pk)"))
    for table, (key, columns) in _KEYED_BY_LIBRARY.items():
        names = re.findall(r"(?:^|, )(\S+)", columns)
        statements = (
            f"ALTER TABLE {table} RENAME TO old_{table}",
            f"CREATE TABLE {table} (library INTEGER NOT NULL, article INTEGER NOT NULL, "
            f"{columns.format(bytes=kind)}, PRIMARY KEY (library, {key}), "
            f"CONSTRAINT fk_{table}_article FOREIGN KEY(library, article) "
            "REFERENCES articles (library, pk) ON DELETE CASCADE)",
            f"INSERT INTO {table} (library, article, {', '.join(names)}) "  # noqa: S608 (our names)
            f"SELECT articles.library, article, {', '.join(f'old_{table}.{n}' for n in names)} "
            f"FROM old_{table} JOIN articles ON articles.pk = article",
            f"DROP TABLE old_{table}",
        )
        for statement in statements:
            connection.execute(text(statement))


MIGRATIONS = Migrations(
    "schema",
    metadata,
    steps=(_add_structures, _add_libraries, key_by_library),
    fill=_store_seeds,
)
