"""
The databases that the tests of the storage open.

Those on PostgreSQL run where there is a server (see ../conftest.py).
"""

from __future__ import annotations

from pathlib import Path

import pytest
from killed_databases import make_old


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
    make_old(empty_url)
    return empty_url
