"""
What only SQLite needs: how it connects, begins a transaction, and names its failures.

The rest of the product speaks SQLAlchemy and runs on any database it knows.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool, QueuePool

from index.errors import LibraryError

HEADER = b"SQLite format 3\0"
# The execution options of a transaction that will write, how many seconds it waits for a lock, and
# whether it may drop tables that others refer to.
WRITES, WAIT, RESHAPES = "article_bot_writes", "article_bot_wait", "article_bot_reshapes"

_MESSAGES = {
    sqlite3.SQLITE_BUSY: (
        "the database {name} is locked by another process (waited {wait:g} s); "
        "wait until that is done, or close the program that holds it."
    ),
    sqlite3.SQLITE_READONLY: (
        "the database {name} is read-only; "
        "allow writing to the file and its folder, or name another with --database."
    ),
    sqlite3.SQLITE_FULL: (
        "the disk that holds the database {name} is full; "
        "nothing was stored, make room and try again."
    ),
    sqlite3.SQLITE_CORRUPT: (
        "the database {name} is damaged ({reason}); "
        "restore it from a copy, or move it away and add the articles again."
    ),
    sqlite3.SQLITE_NOTADB: "{name} is not a database; name another file with --database.",
    sqlite3.SQLITE_CANTOPEN: (
        "the database {name} cannot be opened; "
        "check the path, and that you may read and write there."
    ),
}
_OTHER = "the database {name} cannot be used ({reason}); check the disk, or name another."


def make_engine(url: URL, busy_timeout: float) -> Engine:
    """Make the engine of a SQLite *url*; a lock is waited for *busy_timeout* seconds."""
    # A file is opened anew for each transaction (.3 ms): the files of its write-ahead log never
    # outlive a command, and a read-only view (see _connect) never outlives a transaction.
    # A database in memory lives only as long as its one connection.
    pool: dict[str, Any] = (
        {"poolclass": NullPool}
        if file_of(url)
        else {"poolclass": QueuePool, "pool_size": 1, "max_overflow": 0}
    )
    arguments = {"timeout": busy_timeout, "isolation_level": None, "check_same_thread": False}
    engine = create_engine(url, connect_args=arguments, **pool)

    @event.listens_for(engine, "do_connect")
    def connect(
        _dialect: object, _record: object, args: tuple[str], options: dict[str, Any]
    ) -> sqlite3.Connection:
        return _connect(*args, **options)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # Python's driver begins late and never for reading, so it is switched off (its isolation
        # level is None). Who will write says so at once: two readers that both want to write
        # later would dead-lock.
        options = connection.get_execution_options()
        if (wait := options.get(WAIT)) is not None:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {round(1000 * wait)}")
        if options.get(RESHAPES):
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(WRITES) else "BEGIN")

    return engine


def file_of(url: URL) -> Path | None:
    """The file of a SQLite *url*, None for a database in memory."""
    database = (url.database or "").removeprefix("file:").partition("?")[0]
    if database in {"", ":memory:"} or url.query.get("mode") == "memory":
        return None
    return Path(database)


def prepare_folder(url: URL) -> None:
    """Make the folder of the file of *url*; raise LibraryError when there can be no such file."""
    path = file_of(url)
    if path is None:
        return
    if path.is_dir():
        raise LibraryError(
            f"{path} is a folder; name a file in it, as sqlite:///{path / 'articles.sqlite'}."
        )
    try:
        path.parent.parent.mkdir(parents=True, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)
    except OSError as exc:
        raise LibraryError(
            f"the folder {path.parent} of the database cannot be made ({exc.strerror}); "
            "name another place with --database."
        ) from exc
    if path.is_file() and not _may_be_database(path):
        raise LibraryError(_MESSAGES[sqlite3.SQLITE_NOTADB].format(name=path))
    if "mode" not in url.query:
        _keep_private(path)


def _keep_private(path: Path) -> None:
    """
    Let the database be read by its owner only: what people ask is in it.

    SQLite gives the files beside it the same mode. One that an older version made for all to read
    is closed; what somebody has opened to a group stays so.
    """
    with suppress(OSError):  # SQLite says why it cannot be used
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            files = (path, *(Path(f"{path}{end}") for end in ("-wal", "-shm", "-journal")))
            for file in filter(Path.exists, files):
                if file.stat().st_mode & stat.S_IROTH:
                    file.chmod(0o600)


def use_write_ahead_log(engine: Engine) -> None:
    """
    Let readers go on while another process writes.

    The file remembers it. Where it cannot be (a read-only database, one in use just now, a
    network drive) everything works all the same, with more waiting.
    """
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        try:  # straight on the driver: the mode cannot change inside a transaction
            if driver.execute("PRAGMA journal_mode").fetchone() == ("delete",):
                driver.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            return


def wait_for_locks(connection: Connection, wait: float) -> None:
    """Let *connection* wait for a lock of another process for so many seconds."""
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA busy_timeout = {round(1000 * wait)}")


def wait_for_disk(connection: Connection, wait: bool) -> None:
    """
    Whether the next transactions of *connection* end when the disk has them, or a moment before.

    What a process has committed outlives it either way; a failure of the power may take the last
    moment back. With a write-ahead log the database stays whole.
    """
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA synchronous = {'FULL' if wait else 'NORMAL'}")


def explain(error: sqlite3.Error, url: URL, busy_timeout: float) -> LibraryError:
    """One sentence about *error* of the database at *url*."""
    code = getattr(error, "sqlite_errorcode", 0)
    if code == sqlite3.SQLITE_IOERR_SHMSIZE:  # no room for the index of the write-ahead log
        code = sqlite3.SQLITE_FULL
    primary = code & 0xFF  # the rest are details of the code
    message = _MESSAGES.get(primary, _OTHER)
    return LibraryError(
        message.format(name=file_of(url) or "in memory", wait=busy_timeout, reason=error)
    )


def _may_be_database(path: Path) -> bool:
    """Whether SQLite may look at the file: it takes one of a few bytes for empty, and fills it."""
    try:
        with path.open("rb") as file:
            return file.read(len(HEADER)) in {b"", HEADER}
    except OSError:
        return True  # SQLite says why it cannot be read


def _connect(path: str, **options: Any) -> sqlite3.Connection:  # noqa: ANN401 (the driver's)
    try:
        return _open(path, **options)
    except sqlite3.OperationalError as exc:
        # Reading a database with a write-ahead log writes into its folder. Where that is
        # forbidden, SQLite must be told that nobody changes the file; it is then complete as
        # long as no log lies beside it.
        file = path.removeprefix("file:").partition("?")[0]
        if not _is_folder_closed(exc, Path(file)) or Path(f"{file}-wal").exists():
            raise
    return _open(f"file:{quote(file)}?immutable=1", **{**options, "uri": True})


def _is_folder_closed(error: sqlite3.OperationalError, file: Path) -> bool:
    """Whether opening *file* failed because nothing may be written into its folder."""
    if error.sqlite_errorname == "SQLITE_CANTOPEN":  # so on a disk that is mounted read-only
        return file.is_file() and not os.access(file.parent, os.W_OK)
    return error.sqlite_errorname == "SQLITE_READONLY_DIRECTORY"


def _open(path: str, **options: Any) -> sqlite3.Connection:  # noqa: ANN401
    connection: sqlite3.Connection = sqlite3.connect(path, **options)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("SELECT count(*) FROM sqlite_master")  # the first read of the file
    except sqlite3.Error:
        connection.close()
        raise
    return connection
