"""What one process changes in PostgreSQL is heard by the others at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from fakes import put_article
from sqlalchemy import Engine, text

from index.storage import change_feed
from index.storage.change_feed import follow
from index.storage.database import open_database
from index.storage.library import Library
from index.storage.renaming import rename_library

PATIENCE = 20.0  # seconds that a busy machine may take for what takes milliseconds


@dataclass
class Listener:
    """A process that follows the database: what it has heard, and its end."""

    engine: Engine
    heard: list[Collection[str] | None] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        given = (self.engine, self.heard.append, self.stopping)
        self.thread = threading.Thread(target=follow, args=given, daemon=True)
        self.thread.start()

    def wait_for(self, *expected: Collection[str] | None) -> None:
        """Wait until it has heard what is *expected*, and nothing else."""
        deadline = time.monotonic() + PATIENCE
        while self.heard != list(expected):
            assert time.monotonic() < deadline, self.heard
            time.sleep(0.01)


@pytest.fixture
def engine(postgresql_url: str) -> Iterator[Engine]:
    """Open the database in the process that writes."""
    engine = open_database(postgresql_url)
    yield engine
    engine.dispose()


@pytest.fixture
def listener(postgresql_url: str, engine: Engine) -> Iterator[Listener]:
    """Let another process follow the database."""
    listener = Listener(open_database(postgresql_url))
    listener.wait_for(None)
    yield listener
    listener.stopping.set()
    listener.thread.join(PATIENCE)
    listener.engine.dispose()


def test_a_change_is_heard_with_its_chat(engine: Engine, listener: Listener) -> None:
    """Articles that come and go are heard once each, when they are stored."""
    library = Library(engine, "-100200")
    put_article(library, "cats", "Cats sleep all day.")
    listener.wait_for(None, {"-100200"})

    library.remove(["cats"])

    listener.wait_for(None, {"-100200"}, {"-100200"})


def test_the_shared_library_is_heard_by_its_empty_name(engine: Engine, listener: Listener) -> None:
    """It is the library of the chat ""."""
    put_article(Library(engine, ""), "cats", "Cats sleep all day.")

    listener.wait_for(None, {""})


def test_a_chat_that_moves_is_heard_by_both_names(engine: Engine, listener: Listener) -> None:
    """Who knew either library looks again."""
    put_article(Library(engine, "5"), "cats", "Cats sleep all day.")
    listener.wait_for(None, {"5"})

    rename_library(engine, "5", "-1005")

    deadline = time.monotonic() + PATIENCE
    while set().union(*filter(None, listener.heard)) != {"5", "-1005"}:
        assert time.monotonic() < deadline, listener.heard


def test_a_lost_connection_is_made_again(
    engine: Engine, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever changed meanwhile may be anything, so all is looked at."""
    monkeypatch.setattr(change_feed, "RECONNECT_PAUSE", 0.01)
    with engine.connect() as connection:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        connection.execute(
            text(f"{others} WHERE datname = current_database() AND pid <> pg_backend_pid()")
        )
    listener.wait_for(None, None)

    put_article(Library(engine, "5"), "cats", "Cats sleep all day.")

    listener.wait_for(None, None, {"5"})


def test_connections_that_the_server_closed_are_not_used(engine: Engine) -> None:
    """After a restart of the server the next question finds a new connection."""
    library = Library(engine, "")
    library.count()
    other = open_database(engine.url.render_as_string(hide_password=False))
    with other.connect() as connection:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        connection.execute(
            text(f"{others} WHERE datname = current_database() AND pid <> pg_backend_pid()")
        )
    other.dispose()

    assert library.count() == 1


def test_on_sqlite_nothing_is_heard(tmp_path: Path) -> None:
    """It returns at once: SQLite tells who asks, by a pragma."""
    heard: list[Collection[str] | None] = []

    follow(open_database(f"sqlite:///{tmp_path / 'db.sqlite'}"), heard.append, threading.Event())

    assert heard == []
