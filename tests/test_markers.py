"""What is left when the tests of a mark are left out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mark", "folder", "left"),
    [
        ("telegram", "fake_telegram/test_api_markup.py", ""),
        ("model", "gate", "gate/test_gate.py: 8"),
    ],
)
def test_a_mark_is_left_out(mark: str, folder: str, left: str) -> None:
    """Tests are marked before they are chosen: by their folder, and by what they are given."""
    command = [sys.executable, "-m", "pytest", "-p", "no:randomly", "-p", "no:cacheprovider"]
    command += ["--collect-only", "-qq", "-m", f"not {mark}", str(TESTS / folder)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=TESTS.parent)
    lines = [line.removeprefix("tests/") for line in ran.stdout.splitlines() if ": " in line]
    assert "\n".join(lines) == left
