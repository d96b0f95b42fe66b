"""
Numbered steps that bring the tables of an older database up to this program.

Each part of the product that has tables (the libraries, the bot) has its own Migrations, and the
version of its tables is a row of ``meta``. A change of a table is made twice: in its definition,
for new databases, and as one more step, for those that are there. Old steps stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, MetaData, delete, func, inspect, select
from sqlalchemy.exc import NoSuchTableError

from index.errors import LibraryError
from index.storage.engine import database_name, reshaping
from index.storage.schema import meta

# What is done inside a transaction. It names tables and columns itself instead of using their
# definitions, which may have changed since. What refers to a table that is dropped refers to the
# next one of its name.
Step = Callable[[Connection], None]

_LOCK = int.from_bytes(b"article")  # any number that no other program on the server locks


@dataclass(frozen=True, slots=True)
class Migrations:
    """
    How the *tables* of one part of the product are made, and how older ones are brought up.

    *name* is what the version is called in ``meta``. New tables are made as they are defined
    today, and *fill* stores what they start with. The first of *steps* brings version 1 to 2.
    """

    name: str
    tables: MetaData
    steps: tuple[Step, ...] = ()
    fill: Step | None = None

    @property
    def version(self) -> int:
        """The version that the tables have when all steps are done."""
        return 1 + len(self.steps)


def migrate(engine: Engine, migrations: Migrations) -> None:
    """
    Make the tables, or bring them up to this program, one transaction for each step.

    A step that fails changes nothing, and the next opening tries it again. Processes that do this
    at once take turns, on SQLite and PostgreSQL; each step is done once. Raises LibraryError when
    a newer program made the tables, or the database cannot be used.
    """
    with engine.connect() as connection:
        version = read_version(connection, migrations.name)
    while version is None or version < migrations.version:
        with reshaping(engine) as connection:
            _lock(connection)
            version = _advance(connection, migrations)
    if version > migrations.version:
        raise LibraryError(
            f"the database {database_name(engine.url)} was made by a newer article-bot "
            f"({migrations.name} {version}, this one knows {migrations.version}); upgrade "
            "article-bot, or name another database with --database."
        )


def read_version(connection: Connection, name: str) -> int | None:
    """The version that is noted for the tables called *name*, None when there is none."""
    try:
        columns = {column["name"] for column in inspect(connection).get_columns(meta.name)}
    except NoSuchTableError:
        return None
    if not {"key", "value"} <= columns:  # a table of another program
        return None
    version = str(connection.scalar(select(meta.c.value).where(meta.c.key == _key(name))))
    return int(version) if version.isdecimal() else None


def _lock(connection: Connection) -> None:
    """Wait until no other process migrates; a transaction that writes to SQLite has done so."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def _advance(connection: Connection, migrations: Migrations) -> int:
    """Do the next step, unless another process just did; return the version after it."""
    version = read_version(connection, migrations.name)
    if version is None:
        version = _create(connection, migrations)
    elif version < migrations.version:
        migrations.steps[version - 1](connection)
        version += 1
    else:
        return version
    connection.execute(delete(meta).where(meta.c.key == _key(migrations.name)))
    row = {"key": _key(migrations.name), "value": str(version)}
    connection.execute(meta.insert(), row)
    return version


def _create(connection: Connection, migrations: Migrations) -> int:
    """Make the tables; those from before their version was noted are of the first one."""
    inspector = inspect(connection)
    if any(inspector.has_table(table) for table in migrations.tables.tables):
        return 1
    migrations.tables.create_all(connection)
    if migrations.fill is not None:
        migrations.fill(connection)
    return migrations.version


def rebuild(connection: Connection, table: str, definition: str, columns: str) -> None:
    """
    Let *table* of a SQLite database have the *definition*, and of its rows the *columns*.

    SQLite cannot change the primary key of a table that is there.
    """
    for statement in (
        f"CREATE TABLE new_{table} ({definition})",
        f"INSERT INTO new_{table} ({columns}) SELECT {columns} FROM {table}",  # noqa: S608 (ours)
        f"DROP TABLE {table}",
        f"ALTER TABLE new_{table} RENAME TO {table}",
    ):
        connection.exec_driver_sql(statement)


def _key(name: str) -> str:
    return f"article-bot {name}"
