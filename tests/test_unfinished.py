"""What killed processes have left half made goes, and what is being made stays."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from fakes import HashingEncoder, put_article

from index.errors import LibraryError
from index.retrieval.corpus import Corpus
from index.storage.database import MIGRATIONS, open_database
from index.storage.library import Library
from index.storage.transfer import COPY, export_database, import_database
from index.unfinished import SUFFIX, sweep, unfinished_prefix


@pytest.fixture(scope="module")
def gone() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def left_by(process: int, folder: Path, name: str) -> Path:
    """What *process* has left in *folder* when it made *name*."""
    unfinished = folder / f"{name}.{process}-abc{SUFFIX}"
    unfinished.write_bytes(b"half")
    return unfinished


def test_what_a_killed_process_left_goes_at_once(tmp_path: Path, gone: int) -> None:
    """Files, what SQLite puts beside them, and folders; nothing of another name."""
    left_by(gone, tmp_path, "a")
    (tmp_path / f"a.{gone}-abc{SUFFIX}-journal").touch()
    (tmp_path / f"a.{gone}-def{SUFFIX}" / "below").mkdir(parents=True)
    other = left_by(gone, tmp_path, "b")

    sweep(tmp_path, "a")

    assert list(tmp_path.iterdir()) == [other]


def test_what_somebody_makes_stays(tmp_path: Path) -> None:
    """As long as its process lives."""
    mine = tmp_path / f"{unfinished_prefix('a')}abc{SUFFIX}"
    mine.touch()
    others = left_by(os.getppid(), tmp_path, "a")

    sweep(tmp_path, "a")

    assert {*tmp_path.iterdir()} == {mine, others}


def test_an_export_that_was_killed_is_made_again(
    library: Library, tmp_path: Path, gone: int
) -> None:
    """And nothing is beside it then."""
    put_article(library, "a", "Zebras are striped.")
    place = tmp_path / "exports"
    place.mkdir()
    left_by(gone, place, "all.articles")

    number = export_database(library.engine, place / "all.articles", [MIGRATIONS])

    assert number > 0
    assert [file.name for file in place.iterdir()] == ["all.articles"]


def test_an_import_leaves_no_copies_of_killed_ones(
    library: Library, tmp_path: Path, gone: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They hold what people asked."""
    put_article(library, "a", "Zebras are striped.")
    export_database(library.engine, tmp_path / "all.articles", [MIGRATIONS])
    scratch = tmp_path / "tmp"
    (scratch / f"{COPY}.{gone}-abc{SUFFIX}").mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))

    import_database(open_database("sqlite://"), tmp_path / "all.articles", [MIGRATIONS])
    with pytest.raises(LibraryError):
        import_database(open_database("sqlite://"), tmp_path / "nosuch", [MIGRATIONS])

    assert list(scratch.iterdir()) == []


def test_half_written_windows_go_with_the_next_start(
    library: Library, tmp_path: Path, gone: int
) -> None:
    """They may hold what an article says."""
    put_article(library, "a", "Zebras are striped.")
    cache = tmp_path / "cache"
    corpus = Corpus(library, HashingEncoder(), cache=cache)
    folder = cache / "windows" / "00"
    folder.mkdir(parents=True)
    assert corpus._files is not None
    left = left_by(gone, folder, f"{corpus._files.library}-{'0' * 64}-0")

    corpus.refresh()

    assert not left.exists()
