"""
The databases that the tests of the storage open.

Those on PostgreSQL run where there is a server (see ../conftest.py).
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url

OLD_DATABASES = Path(__file__).parent / "old_databases"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of an empty database, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/articles.sqlite"
    url: str = request.getfixturevalue("postgresql_url")
    return url


@pytest.fixture
def old_url(empty_url: str) -> str:
    """Give the URL of a database as the first version made it, with an article of each table."""
    url = make_url(empty_url)
    kind = url.get_backend_name()
    statements = (OLD_DATABASES / f"version_1.{kind}.sql").read_text(encoding="utf-8")
    if kind == "sqlite":
        with closing(sqlite3.connect(str(url.database))) as database:
            database.executescript(statements)
        return empty_url
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(statements)
    engine.dispose()
    return empty_url
