"""
Numbers that are given once, in all of a database, to rows whose table has another key.

A column that counts by itself is a whole primary key on SQLite, and a server that shards would have
to ask every shard which number comes next. So the number comes from a small table that holds no
row for longer than a moment.
"""

from __future__ import annotations

from sqlalchemy import Column, Connection, Integer, MetaData, Table, delete, func, select


def number_table(name: str, metadata: MetaData, *columns: Column[int]) -> Table:
    """Define the table *name*, which gives numbers to *columns* of other tables."""
    number = Column("number", Integer, primary_key=True)
    return Table(
        name, metadata, number, sqlite_autoincrement=True, info={"numbered": list(columns)}
    )


def next_number(connection: Connection, numbers: Table) -> int:
    """A number of the table *numbers* that was never given before, nor will be again."""
    given = connection.execute(numbers.insert().returning(numbers.c.number)).scalar_one()
    connection.execute(delete(numbers).where(numbers.c.number == given))
    return int(given)


def count_on(connection: Connection, numbers: Table) -> None:
    """Let the next number of *numbers* come after all that rows have got elsewhere."""
    highest = [connection.scalar(select(func.max(at))) or 0 for at in numbers.info["numbered"]]
    last = max(highest, default=0)
    if not last:
        return
    if connection.dialect.name == "postgresql":
        counter = func.pg_get_serial_sequence(numbers.name, numbers.c.number.name)
        given = func.greatest(func.nextval(counter), last)
        connection.execute(select(func.setval(counter, given)))
        return
    connection.execute(delete(numbers))
    connection.execute(numbers.insert(), {"number": last})  # SQLite remembers the highest
    connection.execute(delete(numbers))
