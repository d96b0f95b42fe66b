"""Who may read the files of a database."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from index.storage.database import open_database
from index.storage.engine import writing
from index.storage.schema import meta

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")


def modes(folder: Path) -> dict[str, str]:
    """The modes of the files in *folder*, by their names, and of itself as "."."""
    found = {path.name: path for path in folder.iterdir()} | {".": folder}
    return {name: oct(path.stat().st_mode & 0o777) for name, path in found.items()}


def test_a_new_database_is_its_owners_alone(tmp_path: Path) -> None:
    """It, the files beside it while it is used, and the folder that is made for it."""
    mask = os.umask(0)
    try:
        engine = open_database(f"sqlite:///{tmp_path / 'new' / 'a.sqlite'}")
        with writing(engine) as connection:
            connection.execute(meta.insert(), {"key": "a", "value": "b"})
            found = modes(tmp_path / "new")
    finally:
        os.umask(mask)
    engine.dispose()

    private = {"a.sqlite": "0o600", "a.sqlite-wal": "0o600", "a.sqlite-shm": "0o600"}
    assert found == {**private, ".": "0o700"}


@pytest.mark.parametrize(("before", "after"), [(0o644, "0o600"), (0o660, "0o660")])
def test_an_older_database_is_closed_to_all_but_a_group(
    tmp_path: Path, before: int, after: str
) -> None:
    """What the system's habit opened is closed, what somebody has decided stays."""
    path = tmp_path / "a.sqlite"
    open_database(f"sqlite:///{path}").dispose()
    path.chmod(before)

    open_database(f"sqlite:///{path}").dispose()

    assert modes(tmp_path)["a.sqlite"] == after
