"""Files that are made to harm: each is read or refused in one line, within the limits."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile_files import HOSTILE

from index.errors import ArticleError
from index.sources.loading import Wanted, load_source
from index.sources.parsing import Parsers
from index.text.readers import ReadArticle

SECRETS = ("root:", "alert(", "Ignore the rules")  # what no article of these may hold


@pytest.fixture(scope="module")
def parsers() -> Iterator[Parsers]:
    """Give a process that reads; what breaks it gets another one."""
    with Parsers(seconds=20) as parsers:
        yield parsers


def read(path: Path, parsers: Parsers) -> list[ReadArticle] | str:
    """The articles of a file, or what is said of it; a file without any has no text."""
    try:
        return list(load_source(str(path), Wanted(), parsers)) or "holds no text"
    except ArticleError as exc:
        return str(exc)


@pytest.mark.parametrize("case", HOSTILE)
def test_a_file_is_read_or_refused(case: str, parsers: Parsers, tmp_path: Path) -> None:
    """Nothing of it runs, nothing else is read, and who added it gets one line at most."""
    name, data, message = HOSTILE[case]
    path = tmp_path / name
    path.write_bytes(data() if callable(data) else data)
    start = time.monotonic()

    result = read(path, parsers)

    assert time.monotonic() - start < 20
    assert isinstance(result, str) == (message is not None) or message == ""
    assert not isinstance(result, str) or (message or "") in result
    assert not isinstance(result, str) or (result.isprintable() and len(result) < 500)
    assert not any(secret in str(result) for secret in SECRETS)
