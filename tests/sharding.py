"""Which tables grow, by what a server may shard them, and which statements name it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, Table, event

from bot.telegram.store import tables
from index.storage import claim_rows, feeds, schema

METADATA = (schema.metadata, feeds.metadata, claim_rows.metadata, tables.metadata)
# One row for each library, process or part of the product, or none: a server has them everywhere,
# or in one place.
SMALL = {
    *(schema.meta, schema.libraries, schema.article_numbers, claim_rows.adders),
    *(tables.pollers, tables.reply_numbers),
}
GROWING = [table for known in METADATA for table in known.sorted_tables if table not in SMALL]

Statement = tuple[str, Any]  # with its values


def key_of(table: Table) -> str:
    """The column by which *table* is sharded."""
    return str(next(iter(table.primary_key)).name)


def unnamed(statement: str) -> list[str]:
    """The growing tables of which *statement* does not say which library or chat is meant."""
    return [table.name for table in GROWING if not _names(statement, table)]


def _names(statement: str, table: Table) -> bool:
    """Whether each mention of *table* has the key next to a value, or to the key of another one."""
    key = key_of(table)
    inserted = re.match(rf"INSERT INTO {table.name} \((.*?)\)", statement)
    if inserted:
        return key in inserted[1].split(", ")
    keys = "|".join(sorted({key_of(other) for other in GROWING}))
    value = rf"(?:\?|%\(\w+\)s(?:::\w+)?|\w+\.(?:{keys})\b)"
    mentions = re.findall(rf"(?<!AS )\b{table.name}\b(?! *\.|_)(?: AS (\w+))?", statement)
    return all(
        re.search(rf"\b{alias or table.name}\.{key} = {value}", statement)
        or re.search(rf"\w+\.(?:{keys}) = {alias or table.name}\.{key}\b", statement)
        for alias in mentions
    )


@contextmanager
def listening(engine: Engine) -> Iterator[list[Statement]]:
    """Collect the statements that *engine* executes meanwhile."""
    heard: list[Statement] = []

    def note(*given: Any) -> None:
        heard.append((given[2], given[3]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield heard
    finally:
        event.remove(engine, "before_cursor_execute", note)
