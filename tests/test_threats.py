"""The threat model names a test for each of its lines, and the tests are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LINES = [
    line
    for line in (ROOT / "docs" / "threats.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| they want")
]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def test_there_are_threats() -> None:
    """The page has its tables."""
    assert len(LINES) >= 25


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.split(" | ")[0][2:40])
def test_every_threat_has_tests_that_are_there(line: str) -> None:
    """A line ends with the tests that prove it, each a function of its file."""
    named = NAMED.findall(line)

    assert named
    for path, name in named:
        text = (ROOT / path).read_text(encoding="utf-8")
        assert re.search(rf"^(?:async )?def {name}\(", text, re.MULTILINE), (path, name)
