"""What is known of a source beside its bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hints:
    """
    What a parser is told of a source.

    *name* is what messages call it: a file's name or an address; *charset* what a server says
    its text is in; *progress* hears how many pages are read, and of how many.
    """

    name: str
    charset: str | None = None
    progress: Callable[[int, int], None] = lambda _done, _total: None
