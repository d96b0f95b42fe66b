"""Opening the database: what is made, and what is said when it cannot be used."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, func, make_url, select

from index.errors import LibraryError
from index.storage import schema, sqlite
from index.storage.database import MIGRATIONS, open_database, seed_articles
from index.storage.engine import writing
from index.storage.library import open_library
from index.text.sentences import split_sentences

HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
"""

# Everything is imported before the rights go: another user may not read the interpreter's files.
READ_ONLY = """
import os, sys
from index.storage.database import open_database
from index.errors import LibraryError
from index.storage.library import open_library
open_library(open_database("sqlite://"), None).listing()
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
library = open_library(open_database(sys.argv[1]), None)
print([info.id for info in library.listing()])
try:
    library.remove([library.listing()[0].id])
except LibraryError as error:
    print(error)
print([info.id for info in library.listing()])
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a test may put its database."""
    return tmp_path / "articles.sqlite"


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """Give a folder that any user may enter: pytest's own belong to one user."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def url_of(path: Path) -> str:
    """Write *path* as the URL of a database."""
    return f"sqlite:///{path}"


def count(engine: Engine, table: str) -> int:
    """Count the rows of *table*."""
    with engine.connect() as connection:
        query = select(func.count()).select_from(schema.metadata.tables[table])
        return connection.execute(query).scalar_one()


def store(engine: Engine, *texts: str) -> None:
    """Write *texts* somewhere, in one transaction."""
    rows = [{"key": str(number), "value": text} for number, text in enumerate(texts)]
    with writing(engine) as connection:
        connection.execute(schema.meta.insert(), rows)


def failure(url: str, **options: float) -> str:
    """Say why the database at *url* cannot be opened."""
    with pytest.raises(LibraryError) as caught:
        open_database(url, **options)
    return str(caught.value)


def test_new_database_starts_with_the_seeds(path):
    """The shared library of a new database holds the seed articles, whole and not encoded yet."""
    library = open_library(open_database(url_of(path)), None)

    loaded = list(library.load(library.keys()).values())

    assert [stored.article for stored in loaded] == seed_articles()
    assert [list(stored.sentences) for stored in loaded] == [
        split_sentences(article.text) for article in seed_articles()
    ]
    assert library.missing_vectors("any model") == library.keys()


def test_seed_articles_are_named_by_their_files():
    """A seed's id is its file's name, and the list of sources is no seed."""
    files = sorted(path.name for path in (Path(__file__).parents[2] / "seeds").glob("*"))

    assert "SOURCES.md" in files
    assert [(seed.id, seed.source) for seed in seed_articles()] == [
        (name.rsplit(".", 1)[0], f"seeds/{name}") for name in files if name != "SOURCES.md"
    ]


def test_reopening_changes_nothing(path):
    """Opening a database again adds no seeds, not even those that were removed."""
    open_library(open_database(url_of(path)), None).remove([seed.id for seed in seed_articles()])

    assert open_library(open_database(url_of(path)), None).listing() == []


def test_missing_folders_are_made(tmp_path):
    """The folders of a new database's file need not be there."""
    open_database(url_of(tmp_path / "a" / "b" / "articles.sqlite"))

    assert (tmp_path / "a" / "b" / "articles.sqlite").is_file()


def test_home_is_understood_inside_of_a_url(tmp_path, monkeypatch):
    """The ~ of a URL, which no shell expands, is the user's folder."""
    monkeypatch.setenv("HOME", str(tmp_path))

    open_database("sqlite:///~/articles.sqlite")

    assert (tmp_path / "articles.sqlite").is_file()


def test_nothing_but_the_file_stays_behind(path):
    """After a command the folder holds one file, which can be copied."""
    store(open_database(url_of(path)), "text")

    assert [found.name for found in path.parent.iterdir()] == ["articles.sqlite"]


def test_database_in_memory_is_shared_by_threads():
    """A database in memory is one for all threads."""
    engine = open_database("sqlite://")
    found: list[int] = []

    thread = threading.Thread(target=lambda: found.append(count(engine, "articles")))
    thread.start()
    thread.join()

    assert found == [len(seed_articles())]


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (
            "articles.sqlite",
            "'articles.sqlite' is not a database URL; write a file as sqlite:///articles.sqlite.",
        ),
        (
            "/home/me/x.sqlite",
            "'/home/me/x.sqlite' is not a database URL; "
            "write a file as sqlite:////home/me/x.sqlite.",
        ),
        (
            "sqlite://x.sqlite",
            "'sqlite://x.sqlite' is not a database URL; write a file as sqlite:///x.sqlite.",
        ),
        (
            "postgresql://me:secret@host:port/x",
            "'postgresql://me:***@host:port/x' is not a database URL; "
            "write a file as sqlite:///PATH.",
        ),
        ("", "'' is not a database URL; write a file as sqlite:///PATH."),
        (
            "mongo://host/x",
            "no kind of database is called 'mongo'; "
            "write sqlite:///PATH or postgresql://USER@HOST/NAME.",
        ),
    ],
)
def test_bad_urls_are_explained(url, message):
    """A URL that names no database is refused with the way to write it."""
    assert failure(url) == message


def test_missing_driver_names_what_to_install():
    """A kind of database whose driver is not installed says which package it needs."""
    assert failure("mssql+pymssql://host/x") == (
        "databases of the kind 'mssql+pymssql' need the Python package pymssql; "
        "install it with `pip install 'pymssql'`."
    )


@pytest.mark.parametrize("size", [1, 99, 5000])
def test_text_file_is_refused_and_kept(path, size):
    """A file that is no database stays as it is, however short."""
    path.write_text("x" * size)

    message = failure(url_of(path))

    assert message == f"{path} is not a database; name another file with --database."
    assert path.read_text() == "x" * size


def test_folder_is_refused(tmp_path):
    """A folder is no database; the message proposes a file in it."""
    assert failure(url_of(tmp_path)) == (
        f"{tmp_path} is a folder; name a file in it, as sqlite:///{tmp_path}/articles.sqlite."
    )


def test_file_in_the_place_of_the_folder_is_refused(path):
    """A folder that cannot be made is named with the reason."""
    path.write_text("x")

    assert failure(url_of(path / "articles.sqlite")) == (
        f"the folder {path} of the database cannot be made (File exists); "
        "name another place with --database."
    )


@pytest.mark.parametrize("table", ["notes (x)", "meta (x)", "meta (key, value)"])
def test_database_of_another_program_is_refused_and_kept(path, table):
    """Not a byte is written into a database that is not ours, even one with a table like ours."""
    with sqlite3.connect(path) as connection:
        connection.execute(f"CREATE TABLE {table}")
    connection.close()
    before = path.read_bytes()

    message = failure(url_of(path))

    assert message == (
        f"the database {path} belongs to another program (it has the table "
        f"{table.split()[0]!r}); name another with --database."
    )
    assert path.read_bytes() == before


def test_newer_schema_is_refused(path):
    """A database of a newer version is refused with both numbers."""
    known = MIGRATIONS.version
    with writing(open_database(url_of(path))) as connection:
        connection.execute(schema.meta.update().values(value=str(known + 6)))

    assert failure(url_of(path)) == (
        f"the database {path} was made by a newer article-bot (schema {known + 6}, this one knows "
        f"{known}); upgrade article-bot, or name another database with --database."
    )


def test_damaged_database_is_explained(path):
    """Damage that is found while reading is told as such."""
    store(open_database(url_of(path)), "x" * 100_000)
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (size - 4096))

    assert failure(url_of(path)) == (
        f"the database {path} is damaged (database disk image is malformed); "
        "restore it from a copy, or move it away and add the articles again."
    )


def test_read_only_url_reads_but_does_not_write(path):
    """With mode=ro articles are read, and a change is refused."""
    open_database(url_of(path))
    engine = open_database(f"sqlite:///file:{path}?mode=ro&uri=true")

    assert count(engine, "articles") == len(seed_articles())
    with pytest.raises(LibraryError) as caught:
        store(engine, "x")
    assert str(caught.value) == (
        f"the database {path} is read-only; "
        "allow writing to the file and its folder, or name another with --database."
    )


def test_read_only_folder_reads_but_does_not_write(public_folder):
    """A user who may write neither the file nor its folder can still ask."""
    path = public_folder / "a #1.sqlite"
    url = url_of(path)
    open_database(url)
    path.chmod(0o444)
    public_folder.chmod(0o555)

    done = subprocess.run(
        [sys.executable, "-c", READ_ONLY, url], capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines() == [
        str([seed.id for seed in seed_articles()]),
        f"the database {path} is read-only; allow writing to the file and its folder, or name "
        "another with --database.",
        str([seed.id for seed in seed_articles()]),
    ]


def test_locked_database_is_read_but_not_written(path):
    """While another process holds the lock, reading goes on and writing says who is in the way."""
    engine = open_database(url_of(path), busy_timeout=0.1)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        read = count(engine, "articles")
        with pytest.raises(LibraryError) as caught:
            store(engine, "x")
        holder.communicate()

    assert read == len(seed_articles())
    assert str(caught.value) == (
        f"the database {path} is locked by another process (waited 0.1 s); "
        "wait until that is done, or close the program that holds it."
    )


def test_new_database_locked_by_another_process_is_left_alone(path):
    """A file that another process has locked before our tables are in it stays empty."""
    path.touch()
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        message = failure(url_of(path), busy_timeout=0.1)
        holder.communicate()

    assert message.startswith(f"the database {path} is locked by another process")
    assert path.read_bytes() == b""


def test_full_disk_stores_nothing(path):
    """When the disk is full, the articles of the transaction are all gone and the rest stays."""
    engine = open_database(url_of(path))
    pages = -(-path.stat().st_size // 4096)

    @event.listens_for(engine, "connect")
    def fill(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages + 3}")

    with pytest.raises(LibraryError) as caught:
        store(engine, *("x" * 4096 for _ in range(100)))

    assert str(caught.value) == (
        f"the disk that holds the database {path} is full; "
        "nothing was stored, make room and try again."
    )
    assert count(engine, "meta") == 1


def test_disk_too_full_for_the_write_ahead_log(path):
    """A disk without room for the files beside the database is full, and that is what is said."""
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE

    assert str(sqlite.explain(error, make_url(url_of(path)), 10)) == (
        f"the disk that holds the database {path} is full; "
        "nothing was stored, make room and try again."
    )


def test_foreign_keys_are_enforced(path):
    """A sentence cannot belong to an article that is not there."""
    engine = open_database(url_of(path))
    row = {"library": 1, "article": 999, "position": 0, "start": 0, "end": 1, "paragraph": 1}

    with pytest.raises(Exception, match="FOREIGN KEY"), writing(engine) as connection:
        connection.execute(schema.sentences.insert(), row)


def test_empty_file_becomes_a_database(path):
    """An empty file is a new database."""
    path.touch()

    assert count(open_database(url_of(path)), "articles") == len(seed_articles())
