"""The README keeps to what the product does."""

from __future__ import annotations

import re
import shlex
from dataclasses import fields
from pathlib import Path

import pytest

from bot.cli import main
from bot.commands import article_bot
from bot.config import PREFIX, Settings
from index.encoding.protocol import Encoder

README = Path(__file__).parents[1].joinpath("README.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"```console\n\$ article-bot (.+)\n((?:.*\n)+?)```")


@pytest.mark.parametrize(("command", "printed"), EXAMPLE.findall(README))
def test_an_example_is_what_is_printed(
    command: str,
    printed: str,
    encoder: Encoder,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The answers in the README are the real ones, word for word."""
    database = f"sqlite:///{tmp_path}/db.sqlite"
    main(["--database", database, *shlex.split(command)], load_encoder=lambda _: encoder)
    assert capsys.readouterr().out == printed


def test_the_first_example_is_surely_answered() -> None:
    """A newcomer sees an answer of the first tier before one of the second."""
    assert EXAMPLE.search(README)[2].startswith("The article says:\n")


def test_the_first_example_stands_on_the_first_screen() -> None:
    """A newcomer sees a question with its quoted answer in the first 25 lines."""
    assert README[: EXAMPLE.search(README).end()].count("\n") <= 25


def test_the_test_command_is_found_by_ci() -> None:
    """`.ci/run` runs the line of the README that sets up and calls pytest: there is just one."""
    assert len(re.findall(r"^python3 -m venv .*pytest.*$", README, re.MULTILINE)) == 1


@pytest.mark.parametrize("command", sorted(article_bot.commands))
def test_every_command_is_described(command: str) -> None:
    """Each subcommand stands in the README."""
    described = re.search(rf"`?article-bot {command}\b", README)
    assert described, f"README.md does not mention `article-bot {command}`"


@pytest.mark.parametrize("name", sorted(setting.name for setting in fields(Settings)))
def test_every_setting_is_described(name: str) -> None:
    """Each environment variable stands in the README."""
    assert f"`{PREFIX}{name.upper()}`" in README
