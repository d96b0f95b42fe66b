"""
A whole database in one file, and back into a database: to move, or to keep.

The file is a SQLite database of the same tables, so what reads a database reads it too. It is
written from one snapshot while others go on working.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import ColumnElement, Connection, Engine, Table, func, insert, select, text

from index.errors import LibraryError
from index.storage import queries
from index.storage.engine import make_engine, writing
from index.storage.migrations import Migrations, migrate, read_version
from index.storage.numbering import count_on, next_number
from index.storage.schema import (
    article_numbers,
    articles,
    libraries,
    meta,
    metadata,
    names,
)
from index.unfinished import SUFFIX, remove, sweep, unfinished_prefix

ROWS = 200  # of a table, in memory at once: articles may be large
COPY = "article-bot-import"  # what is read is copied first, to be brought up to this program
SQLITE_MARK = b"SQLite format 3\x00"
ArticleKey: TypeAlias = tuple[int, int]  # of its library, and its own
# Tables of a library that are not copied as they are: their keys are other ones elsewhere.
_KEYED = frozenset(table.name for table in (meta, libraries, articles, names, article_numbers))


@dataclass(frozen=True, slots=True)
class Imported:
    """How many articles came in, how many were there; whether settings and feedback came too."""

    added: int
    unchanged: int
    with_settings: bool


def export_database(engine: Engine, path: Path, parts: Sequence[Migrations]) -> int:
    """
    Write all tables of *parts* into the new file *path*; returns the number of articles.

    Raises LibraryError when the file is there already or cannot be written.
    """
    if path.exists():
        raise LibraryError(f"there is a file {path} already; name another, or remove it.")
    unfinished = path.with_name(f"{unfinished_prefix(path.name)}{secrets.token_hex(4)}{SUFFIX}")
    sweep(path.parent, path.name)
    try:
        unfinished.touch(mode=0o600)  # it holds what people asked
        target = make_engine(f"sqlite:///{unfinished}", 1)
        with _snapshot(engine) as source:
            for part in parts:
                if read_version(source, part.name) is not None:
                    migrate(target, Migrations(part.name, part.tables, part.steps))
                    _copy_tables(source, target, part.tables.sorted_tables)
            number = source.scalar(select(func.count()).select_from(articles)) or 0
        target.dispose()
        unfinished.rename(path)
    except OSError as exc:
        raise LibraryError(f"{path} cannot be written ({exc.strerror or exc}).") from exc
    finally:
        remove(unfinished)
    return number


def import_database(engine: Engine, path: Path, parts: Sequence[Migrations]) -> Imported:
    """
    Bring what the export *path* holds into the database of *engine*, all of it or nothing.

    Articles that are there already stay as they are; settings and feedback come only where there
    are none yet. Raises LibraryError when the file is no export.
    """
    others = parts[1:]
    with _opened_export(path, parts) as exported, exported.connect() as source:
        for part in others:
            migrate(engine, part)
        with writing(engine) as target:
            added, unchanged = _import_articles(source, target)
            bring = [part for part in others if read_version(source, part.name) is not None]
            with_settings = not any(_is_filled(target, part) for part in bring)
            if with_settings:
                for part in bring:
                    _copy_rows(source, target, part.tables.sorted_tables)
    return Imported(added, unchanged, with_settings)


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    """All tables as they are at one moment."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


@contextmanager
def _opened_export(path: Path, parts: Sequence[Migrations]) -> Iterator[Engine]:
    """A copy of the file, brought up to this program."""
    sweep(Path(tempfile.gettempdir()), COPY)
    with tempfile.TemporaryDirectory(SUFFIX, unfinished_prefix(COPY)) as folder:
        try:
            copy = Path(shutil.copyfile(path, Path(folder, "export.sqlite")))
        except OSError as exc:
            raise LibraryError(f"{path} cannot be read ({exc.strerror or exc}); check it.") from exc
        with copy.open("rb") as file:
            if file.read(len(SQLITE_MARK)) != SQLITE_MARK:
                raise _no_export(path)
        engine = make_engine(f"sqlite:///{copy}", 1)
        try:
            known = _parts_of(engine, parts)
            if parts[0] not in known:
                raise _no_export(path)
            for part in known:
                migrate(engine, part)
            yield engine
        finally:
            engine.dispose()


def _no_export(path: Path) -> LibraryError:
    return LibraryError(f"{path} is no export of article-bot; give a file that `export` wrote.")


def _parts_of(engine: Engine, parts: Sequence[Migrations]) -> list[Migrations]:
    """Those of *parts* that a database has tables of; none when it is damaged."""
    with suppress(LibraryError), engine.connect() as connection:
        if connection.scalar(text("PRAGMA quick_check(1)")) == "ok":
            return [part for part in parts if read_version(connection, part.name) is not None]
    return []


def _copy_tables(source: Connection, target: Engine, tables: Sequence[Table]) -> None:
    with writing(target) as connection:
        _copy_rows(source, connection, [table for table in tables if table is not meta])


def _copy_rows(source: Connection, target: Connection, tables: Sequence[Table]) -> None:
    """Copy all rows of *tables* as they are, and let numbers go on behind them."""
    for table in tables:
        if "numbered" in table.info:
            continue
        for batch in source.execute(select(table)).mappings().partitions(ROWS):
            target.execute(insert(table), [dict(row) for row in batch])
        column = table.autoincrement_column
        if column is not None and target.dialect.name == "postgresql":
            highest = select(func.max(column)).scalar_subquery()
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            target.execute(select(func.setval(sequence, func.coalesce(highest, 1))))
    for table in tables:
        if "numbered" in table.info:
            count_on(target, table)


def _is_filled(connection: Connection, part: Migrations) -> bool:
    """Whether a part of the product has stored anything yet."""
    tables = part.tables.sorted_tables
    return any(connection.execute(select(table).limit(1)).first() for table in tables)


def _import_articles(source: Connection, target: Connection) -> tuple[int, int]:
    """Bring in the articles of all libraries; how many, and how many were there already."""
    counts = {True: 0, False: 0}
    for library in source.execute(select(libraries).order_by(libraries.c.pk)).mappings().all():
        pk = queries.lock_library(target, library["chat"])
        its = articles.c.library == library["pk"]
        keys = source.scalars(select(articles.c.pk).where(its).order_by(articles.c.pk)).all()
        brought = [_import_article(source, target, (library["pk"], key), pk) for key in keys]
        if any(brought):
            queries.advance_revision(target, library["chat"])
        for is_new in brought:
            counts[is_new] += 1
    return counts[True], counts[False]


def _import_article(source: Connection, target: Connection, key: ArticleKey, library: int) -> bool:
    """Bring in the article *key* with all that belongs to it; False when its text is there."""
    its = queries.is_article(*key)
    [row] = source.execute(select(articles).where(its)).mappings()
    same = select(articles.c.pk).where(
        articles.c.library == library, articles.c.digest == row["digest"]
    )
    if target.scalar(same) is not None:
        return False
    new = next_number(target, article_numbers)
    target.execute(insert(articles), {**row, "library": library, "pk": new})
    query = select(names.c.id).where(*_belongs(names, key)).order_by(names.c.number)
    known = list(source.scalars(query))
    free = [name for name in known if not _is_taken(target, library, name)]
    for name in free or [_free_name(target, library, known[0])]:
        queries.insert_name(target, library, name, new)
    for table in metadata.sorted_tables:
        if table.name not in _KEYED:
            _copy_owned(source, target, table, (key, (library, new)))
    return True


def _copy_owned(
    source: Connection, target: Connection, table: Table, keys: tuple[ArticleKey, ArticleKey]
) -> None:
    """Copy the rows of *table* that belong to an article, whose *keys* are the old and the new."""
    old, (library, new) = keys
    found = source.execute(select(table).where(*_belongs(table, old))).mappings()
    rows = [{**row, "library": library, "article": new} for row in found]
    if rows:
        target.execute(insert(table), rows)


def _belongs(table: Table, key: ArticleKey) -> tuple[ColumnElement[bool], ...]:
    """The conditions that a row of *table* belongs to the article *key*."""
    return table.c.library == key[0], table.c.article == key[1]


def _is_taken(target: Connection, library: int, name: str) -> bool:
    query = select(names.c.number).where(names.c.library == library, names.c.id == name)
    return target.scalar(query) is not None


def _free_name(target: Connection, library: int, name: str) -> str:
    number = 2
    while _is_taken(target, library, f"{name}-{number}"):
        number += 1
    return f"{name}-{number}"
