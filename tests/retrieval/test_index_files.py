"""Files that keep what took long to make: whole, private, and believed only when they fit."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from index import unfinished as unfinished_files
from index.retrieval import index_files
from index.retrieval.index_files import IndexFile, Reader, Writer
from index.retrieval.row_map import RowMap
from index.storage.library import Library, open_library

ARRAY = np.arange(1000)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep files in a folder that is not there yet."""
    monkeypatch.setattr(index_files, "user_cache", lambda: tmp_path / "cache")
    return tmp_path / "cache" / "libraries"


def file_of(library: Library, header: str = "one") -> IndexFile:
    """Give the file of some kind of index."""
    return IndexFile(library, "kind", None, lambda: {"header": header})


def save(library: Library, header: str = "one") -> None:
    """Keep an array."""
    file_of(library, header).save((), lambda file: file.put("array", ARRAY))


def load(library: Library, header: str = "one") -> np.ndarray | None:
    """Give the array that was kept."""
    return file_of(library, header).load(lambda file: file.get("array"))


def test_what_was_kept_is_given_back(library, folder):
    """The array comes back as it was, for the library and the header it was kept for only."""
    save(library)

    np.testing.assert_array_equal(load(library), ARRAY)
    assert load(open_library(library.engine, "another chat")) is None
    assert load(library, "two") is None


def test_nobody_else_may_read_it(library, folder):
    """It holds what is said in a private chat."""
    save(library)

    [file] = folder.iterdir()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert file.stat().st_mode & 0o777 == 0o600


def test_an_interrupted_write_keeps_the_old_file(library, folder):
    """What fails half-way leaves what was there, and nothing beside it."""
    save(library)

    def fail(file: Writer) -> None:
        file.put("array", ARRAY + 1)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        file_of(library).save((), fail)

    assert len(list(folder.iterdir())) == 1
    np.testing.assert_array_equal(load(library), ARRAY)


def test_what_a_killed_process_left_is_deleted(library, folder):
    """A half-written file goes when it is old; a young one may still be written by somebody."""
    save(library)
    [file] = folder.iterdir()
    old, young = folder / f"{file.name}.1.tmp", folder / f"{file.name}.2.tmp"
    for unfinished in (old, young):
        unfinished.write_bytes(b"half")
    long_ago = time.time() - 2 * unfinished_files.ABANDONED
    os.utime(old, (long_ago, long_ago))

    save(library)

    assert set(folder.iterdir()) == {file, young}


@pytest.mark.parametrize("change", ["another header", "damage", "another library"])
def test_a_file_that_does_not_fit_is_deleted(library, folder, change):
    """Nobody would take out of it what is removed."""
    save(library)
    [file] = folder.iterdir()
    if change == "damage":
        file.write_bytes(file.read_bytes()[:-50])

    def read(_: Reader) -> None:
        raise ValueError("most of its articles are not those of the library")

    if change == "another library":
        file_of(library).load(read)
    else:
        load(library, "two" if change == "another header" else "one")

    assert not file.exists()


def test_a_full_disk_leaves_no_old_file(library, folder, monkeypatch):
    """What could not be written anew may hold what is removed."""
    save(library)

    def fail(path: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    save(library)

    assert list(folder.iterdir()) == []


@given(at=st.integers(0, 10**6), bit=st.integers(0, 7))
@example(at=234357, bit=3)  # what is packed cannot be unpacked
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


def test_rows_of_mostly_other_articles_are_refused(library, folder):
    """A file of another copy of the database, with the same keys, does not fit."""
    row_map = RowMap()
    for key in (1, 2, 3):
        row_map.add(key, 2)
    stamps = {1: 10, 2: 20, 3: 30}
    file_of(library).save((), lambda file: file.put_rows(row_map, stamps))

    def read(stamps: dict[int, int]) -> list[int] | None:
        return file_of(library).load(lambda file: file.get_rows(stamps)[1])

    assert read(stamps) == []
    assert read({1: 10, 2: 20, 3: 31}) == [3]
    assert read({1: 11, 2: 21, 3: 30}) is None
