"""The pager, with programs that write down what they get."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.console.pager import show_in_pager


def make_pager(folder: Path, name: str) -> Path:
    """Make a program *name* that writes its arguments and its input beside itself."""
    program = folder / name
    program.write_text(f'#!/bin/sh\necho "$@" > "{folder}/args"\ncat > "{folder}/input"\n')
    program.chmod(0o755)
    return program


@pytest.mark.parametrize(("name", "arguments"), [("less", "-i +3"), ("bat", "-i")])
def test_the_pager_begins_at_the_line(
    name: str, arguments: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """$PAGER gets the text, and the line if it is one that takes it."""
    monkeypatch.setenv("PAGER", f"{make_pager(tmp_path, name)} -i")

    show_in_pager("a\nb\nc\n", 3)

    assert (tmp_path / "args").read_text() == f"{arguments}\n"
    assert (tmp_path / "input").read_text() == "a\nb\nc\n"


def test_without_a_pager_the_text_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where there is no such program, nothing is lost."""
    monkeypatch.setenv("PAGER", "no-such-pager")

    show_in_pager("text", 1)

    assert capsys.readouterr().out == "text\n"
