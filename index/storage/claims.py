"""
Several processes that add the same articles: each encodes what no other one has claimed.

A claim names a text by its digest, so it holds wherever the text was read. It is there while its
process lives (index.storage.leases), and another one takes over what that has left. Whoever comes
to a text that is claimed goes on with the next, and looks again later.

All come to the same inputs. A document that takes long to read is claimed before, by the digest of
its bytes, and then there is kept which text it holds. What is to be said of a failure is claimed by
its words. Both are there as long as there are processes that add.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, delete, select, update

from index.errors import LibraryError
from index.storage import claim_rows, queries
from index.storage.claim_rows import adders, claims
from index.storage.engine import is_in_memory, writing
from index.storage.leases import BEAT, LeaseWatch, worker_name
from index.storage.library import Library
from index.storage.migrations import migrate


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
        self._said_before = set[str]()  # digests of what was said to somebody else
        self._read: dict[str, str] = {}  # documents, with their texts, that nobody knows of yet

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
            pk = queries.lock_library(connection, self._library.chat)
            claim_rows.note_read(connection, pk, self._read)
            if kind is None:
                claim_rows.release(connection, self._name)
            else:  # not all was said that was to be said
                claim_rows.forget(connection, [self._name])
            if not claim_rows.beats_of_others(connection, self._name):
                connection.execute(delete(claims).where(claims.c.library == pk))

    def take(self, digests: Sequence[str]) -> tuple[set[str], set[str]]:
        """
        Claim the texts with these *digests* that nobody has; claims from before end.

        Return which are this process's to encode, and which are another's. The rest was stored
        meanwhile.
        """
        wanted = list(dict.fromkeys(digests))
        if not (wanted or self._read) or is_in_memory(self._engine.url):
            return set(wanted), set()
        self._begin_to_beat()
        with writing(self._engine) as connection:
            pk = queries.lock_library(connection, self._library.chat)
            self._look(connection)
            mine_before = (claims.c.library == pk, claims.c.adder == self._name)
            connection.execute(delete(claims).where(*mine_before))
            claim_rows.note_read(connection, pk, self._read)
            stored, claimed = claim_rows.known_texts(connection, pk, wanted)
            mine = [text for text in wanted if text not in stored | claimed]
            rows = [{"library": pk, "digest": text, "adder": self._name} for text in mine]
            if rows:
                connection.execute(claims.insert(), rows)
        return set(mine), claimed - stored

    def says(self, words: str) -> bool:
        """Whether it is for this process to say *words*, which others may come to as well."""
        if is_in_memory(self._engine.url):
            return True
        self._begin_to_beat()
        said = hashlib.sha256(words.encode(errors="replace")).hexdigest()
        with writing(self._engine) as connection:
            pk = queries.lock_library(connection, self._library.chat)
            self._look(connection)
            its_row = (claims.c.library == pk, claims.c.digest == said)
            known = connection.scalar(select(claims.c.adder).where(*its_row)) is not None
            if known and said not in self._said_before:
                return False
            self._said_before.discard(said)
            connection.execute(delete(claims).where(*its_row))
            row = {"library": pk, "digest": said, "adder": self._name + claim_rows.SAID}
            connection.execute(claims.insert(), row)
        return True

    def document(self, digest: str) -> str | None:
        """
        Claim the document with this *digest* of its bytes, to be read by this process.

        Return "" when it is this process's, the digest of its text when that is stored, and None
        when another one has it in hand.
        """
        if is_in_memory(self._engine.url):
            return ""
        self._begin_to_beat()
        with writing(self._engine) as connection:
            pk = queries.lock_library(connection, self._library.chat)
            self._look(connection)
            its_row = (claims.c.library == pk, claims.c.digest == digest)
            known = connection.scalar(select(claims.c.adder).where(*its_row))
            text = str(known).removeprefix(claim_rows.HOLDS)
            stored, claimed = claim_rows.known_texts(connection, pk, [text])
            if text in stored:
                return text
            if claimed or (known and not known.startswith(claim_rows.HOLDS)):
                return None
            connection.execute(delete(claims).where(*its_row))
            row = {"library": pk, "digest": digest, "adder": self._name + claim_rows.READS}
            connection.execute(claims.insert(), row)
        return ""

    def holds(self, digest: str, text: str) -> None:
        """Note that the document *digest* holds the text with the digest *text*."""
        if self._beating is not None:
            self._read[digest] = text

    def leave(self, digest: str) -> None:
        """Claim the document *digest* no longer: it could not be read."""
        self._read.pop(digest, None)
        with suppress(LibraryError), writing(self._engine) as connection:
            its_row = (claims.c.digest == digest, claims.c.adder == self._name + claim_rows.READS)
            connection.execute(delete(claims).where(*its_row))

    def _look(self, connection: Connection) -> None:
        """Free what those have claimed who have ended; no oftener than they show that they live."""
        if time.monotonic() - self._looked >= BEAT:
            self._looked = time.monotonic()
            claim_rows.forget(
                connection, self._watch.gone(claim_rows.beats_of_others(connection, self._name))
            )

    def _begin_to_beat(self) -> None:
        if self._beating is not None:
            return
        migrate(self._engine, claim_rows.MIGRATIONS)
        with writing(self._engine) as connection:
            connection.execute(adders.insert(), {"name": self._name, "beat": 0})
            self._said_before = claim_rows.said_by_ended(connection)
        self._beating = threading.Thread(target=self._beat, daemon=True)
        self._beating.start()

    def _beat(self) -> None:
        mine = update(adders).where(adders.c.name == self._name)
        while not self._ended.wait(BEAT):
            with suppress(LibraryError), writing(self._engine) as connection:
                connection.execute(mine.values(beat=adders.c.beat + 1))
