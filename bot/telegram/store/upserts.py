"""Rows that two workers may write at once: the last one counts, and neither fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite


def put_row(
    connection: Connection,
    table: Table,
    row: Mapping[str, Any],
    newer: Callable[[Any], ColumnElement[bool]] | None = None,
) -> None:
    """
    Store *row* in *table*, in the place of the one with the same primary key.

    *newer* says, of the columns of the new row, whether it may; without it the last one counts.
    """
    made: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = made.insert(table).values(**row)
    keys = [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in row if name not in keys}
    where = None if newer is None else newer(statement.excluded)
    if changed:
        statement = statement.on_conflict_do_update(index_elements=keys, set_=changed, where=where)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=keys)
    connection.execute(statement)


def lock_owner(connection: Connection, owner: int) -> None:
    """
    Wait until no other transaction that began so writes of the chat or person *owner*.

    SQLite has one writer at a time, who waited when the transaction began.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(owner)))
