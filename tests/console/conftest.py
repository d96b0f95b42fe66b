"""What the tests of the console share: a place of their own, and commands run in it."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import STORM, Result, Run
from fakes import HashingEncoder

from bot.cli import main
from index.encoding.protocol import Encoder


@pytest.fixture(autouse=True)
def clean_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder, on a database there, without anybody's settings."""
    for name in ("MODEL", "READER", "THRESHOLD", "DEBUG"):
        monkeypatch.delenv(f"ARTICLE_BOT_{name}", raising=False)
    monkeypatch.setenv("ARTICLE_BOT_DATABASE", f"sqlite:///{tmp_path / 'db.sqlite'}")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Give a function that runs a command in this process, with a model that loads at once."""

    def command(
        *arguments: str,
        stdin: bytes = b"",
        load: Callable[[str | None], Encoder] = lambda _: HashingEncoder(),
    ) -> Result:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = main(arguments, load_encoder=load)
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return command


@pytest.fixture
def storm() -> Path:
    """Write an article about a storm."""
    path = Path("storm.txt")
    path.write_text(STORM, encoding="utf-8")
    return path
