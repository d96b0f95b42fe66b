"""What a start leaves out, so that the bot is there again soon after it has ended."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# httpx imports its command line with itself, where the packages for that are installed: a twentieth
# of the start. Without them it does without.
_COMMAND_LINE = "httpx._main"


@contextmanager
def starting() -> Iterator[None]:
    """
    Look for no garbage until ``started``, and import no command line of others.

    What is imported stays, so to look through it several times is a twentieth of the start, too.
    """
    gc.disable()
    if _COMMAND_LINE not in sys.modules:
        sys.modules[_COMMAND_LINE] = None  # type: ignore[assignment] # makes its import fail
    try:
        yield
    finally:
        gc.enable()
        if sys.modules.get(_COMMAND_LINE, "") is None:
            del sys.modules[_COMMAND_LINE]


def started() -> None:
    """Look for garbage from now on, and not among all that is there already."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
