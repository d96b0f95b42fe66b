"""The database: whether it opens, is of this version, can be written, and is whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, func, select

from bot.doctor.findings import Finding, advice, failed, ok
from bot.doctor.machine_checks import MEBIBYTE, can_be_written
from bot.plain_text import count
from bot.telegram.store import tables
from index.errors import LibraryError
from index.storage import claim_rows, database, feeds
from index.storage.engine import database_file, database_name, is_sqlite, make_engine, writing
from index.storage.migrations import Migrations, read_version
from index.storage.schema import articles

WAIT = 1.0  # seconds for a lock that another process holds
MAX_CHECKED = 100 * MEBIBYTE  # of a file that is read whole, which takes a second or two
_PARTS = (database.MIGRATIONS, feeds.MIGRATIONS, claim_rows.MIGRATIONS, tables.MIGRATIONS)


def examine_database(url: str) -> Iterator[Finding]:
    """Look at the database at *url* without changing it; raises LibraryError."""
    file = database_file(url)
    if file is not None and not file.exists():
        yield _not_there(file)
        return
    engine = make_engine(url, WAIT)
    try:
        with engine.connect() as connection:
            database.refuse_foreign(connection)
            yield from _examine_versions(connection)
            yield ok("database", f"{_product(connection)}, {database_name(engine.url)}")
            yield from _examine_file(connection, file)
        yield from _examine_writing(engine)
    finally:
        engine.dispose()


def _not_there(file: Path) -> Finding:
    if not can_be_written(file.parent):
        said = f"{file} is not there and cannot be made; allow writing to its folder"
        return failed("database", f"{said}, or name another with --database.")
    return ok("database", f"{file} is not there yet; it is made when it is first needed")


def _examine_versions(connection: Connection) -> Iterator[Finding]:
    """Compare the tables with those that this program knows."""
    for part in _PARTS:
        version = read_version(connection, part.name)
        if version is not None and version != part.version:
            yield _other_version(part, version)


def _other_version(part: Migrations, version: int) -> Finding:
    said = f"its {part.name} is version {version}, this article-bot knows {part.version}"
    if version > part.version:
        return failed("database", f"{said}; upgrade article-bot.")
    return advice("database", f"{said}; the next start brings it up, so make a copy before.")


def _product(connection: Connection) -> str:
    """Name the program that keeps the database, and say how many articles it has."""
    version = ".".join(map(str, connection.dialect.server_version_info or ()))
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(
        connection.dialect.name, connection.dialect.name
    )
    if read_version(connection, database.MIGRATIONS.name) is None:
        return f"{name} {version}, empty"
    number = connection.scalar(select(func.count()).select_from(articles)) or 0
    return f"{name} {version} with {count(number, 'article')}"


def _examine_file(connection: Connection, file: Path | None) -> Iterator[Finding]:
    if file is not None and file.stat().st_size <= MAX_CHECKED:
        found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
        if found != "ok":
            yield failed("database", f"{file} is damaged ({found}); restore it from a copy.")


def _examine_writing(engine: Engine) -> Iterator[Finding]:
    """Begin to write, and write nothing."""
    try:
        with writing(engine) as connection:
            closed = not is_sqlite(engine.url) and _is_read_only(connection)
    except LibraryError as exc:
        yield failed("database", str(exc))
        return
    if closed:
        name = database_name(engine.url)
        yield failed("database", f"{name} is read-only; name the server that takes writes.")


def _is_read_only(connection: Connection) -> bool:
    if connection.dialect.name != "postgresql":
        return False
    return bool(connection.exec_driver_sql("SHOW transaction_read_only").scalar_one() == "on")
