"""The command that somebody meant who mistyped one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

LEAST_SIMILARITY = 0.5  # of difflib; "/mroe" and "/more" have .8, "/art" and "/article" .67


def nearest_command(name: str, known: Iterable[str]) -> str | None:
    """The one of the *known* commands that is most like *name*, None when none is."""
    return next(iter(get_close_matches(name.lower(), list(known), 1, LEAST_SIMILARITY)), None)
