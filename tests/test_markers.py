"""What is left when the tests of a mark are left out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent


@pytest.fixture(scope="module")
def collected() -> list[str]:
    """Let pytest say, in one run, how many tests of which files are left."""
    command = [sys.executable, "-m", "pytest", "-p", "no:randomly", "-p", "no:cacheprovider"]
    command += ["--collect-only", "-qq", "-m", "not telegram and not model"]
    command += [str(TESTS / folder) for folder in ("fake_telegram/test_api_markup.py", "gate")]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=TESTS.parent)
    return [line.removeprefix("tests/") for line in ran.stdout.splitlines() if ": " in line]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("folder", "left"),
    [
        pytest.param("fake_telegram", [], id="telegram"),
        pytest.param("gate", ["gate/test_gate.py: 11"], id="model"),
    ],
)
def test_a_mark_is_left_out(folder: str, left: list[str], collected: list[str]) -> None:
    """Tests are marked before they are chosen: by their folder, and by what they are given."""
    assert [line for line in collected if line.startswith(folder)] == left
