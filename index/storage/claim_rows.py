"""The rows of processes that add, and of what they claim, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    delete,
    select,
    update,
)

from index.storage import queries
from index.storage.migrations import Migrations
from index.storage.schema import articles

metadata = MetaData()

adders = Table(
    "adders",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("beat", BigInteger, nullable=False),  # moves while the process lives
)

claims = Table(
    "claims",
    metadata,
    Column("library", Integer, primary_key=True, autoincrement=False),
    Column("digest", String(64), primary_key=True),
    Column("adder", String(200), nullable=False),
)

MIGRATIONS = Migrations("claims", metadata)

# What stands in the column of the adder, of digests that are not of texts: behind the name of who
# has said the words, or reads the document; and before the digest of the text that it holds.
SAID, READS = " said", " reads"
HOLDS = "holds "


def beats_of_others(connection: Connection, name: str) -> dict[str, int]:
    """The last beat of each process but *name*."""
    rows = connection.execute(select(adders.c.name, adders.c.beat).where(adders.c.name != name))
    return {str(other): int(beat) for other, beat in rows}


def release(connection: Connection, name: str) -> None:
    """Forget the process *name* and the texts that it has claimed, not what it has said."""
    connection.execute(delete(claims).where(claims.c.adder.in_((name, name + READS))))
    connection.execute(delete(adders).where(adders.c.name == name))


def forget(connection: Connection, names: Iterable[str]) -> None:
    """Forget the processes *names*, and all that they have claimed."""
    for name in names:
        connection.execute(delete(claims).where(claims.c.adder == name + SAID))
        release(connection, name)


def said_by_ended(connection: Connection) -> set[str]:
    """The digests of what processes have said that have ended."""
    living = [name + SAID for name in connection.scalars(select(adders.c.name))]
    said = claims.c.adder.endswith(SAID, autoescape=True)
    query = select(claims.c.digest).where(said, claims.c.adder.not_in(living))
    return set(connection.scalars(query))


def note_read(connection: Connection, pk: int, read: dict[str, str]) -> None:
    """Note which texts the documents *read* hold, and forget to."""
    for digest, text in read.items():
        its_row = (claims.c.library == pk, claims.c.digest == digest)
        connection.execute(update(claims).where(*its_row).values(adder=HOLDS + text))
    read.clear()


def known_texts(
    connection: Connection, pk: int, digests: Sequence[str]
) -> tuple[set[str], set[str]]:
    """Which of *digests* the library *pk* has, and which somebody has claimed."""
    stored, claimed = set[str](), set[str]()
    for batch in queries.in_batches(digests):
        for found, table in ((stored, articles), (claimed, claims)):
            texts = table.c.digest.in_(batch)
            found |= set(
                connection.scalars(select(table.c.digest).where(table.c.library == pk, texts))
            )
    return stored, claimed
