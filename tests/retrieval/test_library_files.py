"""Files that keep what took long to make: whole, private, and believed only when they fit."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.retrieval import library_files
from index.retrieval.library_files import Writer
from index.retrieval.row_map import Places
from index.storage.database import open_database
from index.storage.library import Library, open_library

ARRAY = np.arange(1000)
SHELF = library_files.Shelf("kind")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep files in a folder that is not there yet."""
    monkeypatch.setattr(library_files, "user_cache", lambda: tmp_path / "cache")
    return tmp_path / "cache" / "libraries"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Open a chat's library."""
    return open_library(open_database(f"sqlite:///{tmp_path / 'db.sqlite'}"), "chat")


def save(library: Library, header: str = "one") -> None:
    """Keep an array."""
    write = lambda file: file.put("array", ARRAY)  # noqa: E731
    library_files.save(library, SHELF, lambda: {"header": header}, write)


def load(library: Library, header: str = "one") -> np.ndarray | None:
    """Give the array that was kept."""
    return library_files.load(
        library, SHELF, lambda: {"header": header}, lambda file: file.get("array")
    )


def test_what_was_kept_is_given_back(library, folder):
    """The array comes back as it was, for the library and the header it was kept for only."""
    save(library)

    np.testing.assert_array_equal(load(library), ARRAY)
    assert load(library, "two") is None
    assert load(open_library(library.engine, "another chat")) is None


def test_nobody_else_may_read_it(library, folder):
    """It holds what is said in a private chat."""
    save(library)

    [file] = folder.iterdir()
    assert file.stat().st_mode & 0o077 == 0


def test_an_interrupted_write_keeps_the_old_file(library, folder):
    """What fails half-way leaves what was there, and nothing beside it."""
    save(library)

    def fail(file: Writer) -> None:
        file.put("array", ARRAY + 1)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library_files.save(library, SHELF, lambda: {"header": "one"}, fail)

    assert len(list(folder.iterdir())) == 1
    np.testing.assert_array_equal(load(library), ARRAY)


def test_what_a_killed_process_left_is_deleted(library, folder):
    """A half-written file goes when it is old; a young one may still be written by somebody."""
    save(library)
    [file] = folder.iterdir()
    old, young = folder / f"{file.name}.1.tmp", folder / f"{file.name}.2.tmp"
    for one in (old, young):
        one.write_bytes(b"half")
    long_ago = time.time() - 2 * library_files.ABANDONED
    os.utime(old, (long_ago, long_ago))

    save(library)

    assert set(folder.iterdir()) == {file, young}


@given(at=st.integers(0, 10**6), bit=st.integers(0, 7))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_wrong_bit_never_gives_a_wrong_array(library, folder, at, bit):
    """Wherever a file is damaged, it is as good as none, or gives what was kept."""
    save(library)
    [file] = folder.iterdir()
    content = bytearray(file.read_bytes())
    content[at % len(content)] ^= 1 << bit
    file.write_bytes(content)

    found = load(library)

    assert found is None or np.array_equal(found, ARRAY)


def test_places_of_mostly_other_articles_are_refused(library, folder):
    """A file of another copy of the database, with the same keys, does not fit."""
    places = Places()
    for key in (1, 2, 3):
        places.add(key, 2)
    stamps = {1: 10, 2: 20, 3: 30}
    library_files.save(library, SHELF, dict, lambda file: file.put_places(places, stamps))

    def read(stamps: dict[int, int]) -> list[int] | None:
        get = lambda file: file.get_places(stamps)[1]  # noqa: E731
        return library_files.load(library, SHELF, dict, get)

    assert read(stamps) == []
    assert read({1: 10, 2: 20, 3: 31}) == [3]
    assert read({1: 11, 2: 21, 3: 30}) is None
