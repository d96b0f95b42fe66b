"""The revision of a library, however seldom the database is read for it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from fakes import put_article
from sqlalchemy import event

from index.errors import LibraryError
from index.storage.change_watch import ChangeWatch
from index.storage.database import open_database
from index.storage.library import Library, open_library


def put(library: Library, name: str) -> None:
    """Store an article."""
    put_article(library, name, f"One {name}.")


def reads(library: Library) -> list[str]:
    """Collect the statements that the database is asked from now on."""
    statements: list[str] = []
    event.listen(library.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    return statements


def test_every_change_is_seen(library: Library) -> None:
    """After each commit the revision is that of the database, whoever made it."""
    watch = ChangeWatch(library)
    seen = [watch.revision()]
    for name in ("a", "b", "c"):
        put(open_library(open_database(str(library.engine.url)), "chat"), name)
        seen.append(watch.revision())
    library.remove(["b"])
    seen.append(watch.revision())
    assert seen == sorted(set(seen))
    assert seen[-1] == library.revision()


def test_an_unchanged_database_is_not_read(library: Library) -> None:
    """Asking again costs no statement."""
    put(library, "a")
    watch = ChangeWatch(library)
    watch.revision()
    statements = reads(library)
    watch.revision()
    assert statements == []


def test_another_file_in_its_place_is_seen(library: Library, tmp_path: Path) -> None:
    """A database that is restored from a copy counts, although nothing was committed."""
    put(library, "a")
    library.engine.dispose()
    shutil.copy(tmp_path / "db.sqlite", tmp_path / "copy.sqlite")
    put(library, "b")
    watch = ChangeWatch(library)
    later = watch.revision()
    for rest in tmp_path.glob("db.sqlite*"):
        rest.unlink()
    (tmp_path / "copy.sqlite").rename(tmp_path / "db.sqlite")
    assert watch.revision() == library.revision() < later


def test_a_database_in_memory_is_read_each_time() -> None:
    """Its changes are seen too, though there is no file to watch."""
    library = open_library(open_database("sqlite://"), "chat")
    watch = ChangeWatch(library)
    before = watch.revision()
    put(library, "a")
    assert watch.revision() == library.revision() > before


def test_a_database_that_is_gone_is_an_error(library: Library, tmp_path: Path) -> None:
    """The failure is the database's own, in plain words, and no new file is made."""
    watch = ChangeWatch(library)
    watch.revision()
    for rest in tmp_path.glob("db.sqlite*"):
        rest.unlink()
    tmp_path.rmdir()
    with pytest.raises(LibraryError):
        watch.revision()
    assert not tmp_path.exists()
