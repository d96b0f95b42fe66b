"""The command that somebody meant."""

from __future__ import annotations

import pytest

from bot.nearest_command import nearest_command

COMMANDS = ("/more", "/context", "/articles", "/article", "/help", "/quit")


@pytest.mark.parametrize(
    ("name", "near"),
    [
        *(
            ("/mroe", "/more"),
            ("/HLEP", "/help"),
            ("/contxt", "/context"),
            ("/artikel", "/article"),
        ),
        *(("/zzz", None), ("/", None)),
    ],
)
def test_the_nearest_command_is_named(name: str, near: str | None) -> None:
    """Letters that are missing, or stand in each other's place, do not hide what was meant."""
    assert nearest_command(name, COMMANDS) == near
