"""
Several processes that add the same articles: each encodes what no other one has claimed.

A claim names a text by its digest, so it holds wherever the text was read. It is there while its
process lives (index.storage.leases), and another one takes over what that has left. Whoever comes
to a text that is claimed goes on with the next, and looks again later.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

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

from index.errors import LibraryError
from index.storage import queries
from index.storage.engine import is_in_memory, writing
from index.storage.leases import BEAT, LeaseWatch, worker_name
from index.storage.library import Library
from index.storage.migrations import Migrations, migrate
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


class Claims:
    """
    What this process has claimed of *library*, one chunk at a time, until the `with` ends.

    All methods raise LibraryError when the database fails. Of a database in memory nothing is
    claimed, since no other process sees it.
    """

    def __init__(self, library: Library) -> None:
        self._library, self._engine = library, library.engine
        self._name, self._watch = worker_name(), LeaseWatch()
        self._looked = -BEAT  # seconds of the monotonic clock
        self._ended = threading.Event()
        self._beating: threading.Thread | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: object, __: TracebackType | None
    ) -> None:
        if self._beating is None:
            return
        self._ended.set()
        self._beating.join()
        with suppress(LibraryError), writing(self._engine) as connection:
            _forget(connection, [self._name])

    def take(self, digests: Sequence[str]) -> tuple[set[str], set[str]]:
        """
        Claim the texts with these *digests* that nobody has; claims from before end.

        Return which are this process's to encode, and which are another's. The rest was stored
        meanwhile.
        """
        wanted = list(dict.fromkeys(digests))
        if not wanted or is_in_memory(self._engine.url):
            return set(wanted), set()
        self._begin_to_beat()
        with writing(self._engine) as connection:
            pk = queries.lock_library(connection, self._library.chat)
            self._look(connection)
            mine_before = (claims.c.library == pk, claims.c.adder == self._name)
            connection.execute(delete(claims).where(*mine_before))
            stored, claimed = _known(connection, pk, wanted)
            mine = [text for text in wanted if text not in stored | claimed]
            rows = [{"library": pk, "digest": text, "adder": self._name} for text in mine]
            if rows:
                connection.execute(claims.insert(), rows)
        return set(mine), claimed - stored

    def _look(self, connection: Connection) -> None:
        """Free what those have claimed who have ended; no oftener than they show that they live."""
        if time.monotonic() - self._looked >= BEAT:
            self._looked = time.monotonic()
            _forget(connection, self._watch.gone(_beats(connection, self._name)))

    def _begin_to_beat(self) -> None:
        if self._beating is not None:
            return
        migrate(self._engine, MIGRATIONS)
        with writing(self._engine) as connection:
            connection.execute(adders.insert(), {"name": self._name, "beat": 0})
        self._beating = threading.Thread(target=self._beat, daemon=True)
        self._beating.start()

    def _beat(self) -> None:
        mine = update(adders).where(adders.c.name == self._name)
        while not self._ended.wait(BEAT):
            with suppress(LibraryError), writing(self._engine) as connection:
                connection.execute(mine.values(beat=adders.c.beat + 1))


def _beats(connection: Connection, name: str) -> dict[str, int]:
    """The last beat of each process but *name*."""
    rows = connection.execute(select(adders.c.name, adders.c.beat).where(adders.c.name != name))
    return {str(other): int(beat) for other, beat in rows}


def _forget(connection: Connection, names: Iterable[str]) -> None:
    """Forget the processes *names*, and what they have claimed."""
    gone = list(names)
    if gone:
        connection.execute(delete(claims).where(claims.c.adder.in_(gone)))
        connection.execute(delete(adders).where(adders.c.name.in_(gone)))


def _known(connection: Connection, pk: int, digests: Sequence[str]) -> tuple[set[str], set[str]]:
    """Which of *digests* the library *pk* has, and which somebody has claimed."""
    stored, claimed = set[str](), set[str]()
    for batch in queries.in_batches(digests):
        for found, table in ((stored, articles), (claimed, claims)):
            texts = table.c.digest.in_(batch)
            found |= set(
                connection.scalars(select(table.c.digest).where(table.c.library == pk, texts))
            )
    return stored, claimed
