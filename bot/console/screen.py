"""What a conversation is shown on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.console.opening import Wait

if TYPE_CHECKING:
    from bot.console.text_layout import TextStyle


@dataclass(frozen=True, slots=True)
class Screen:
    """
    How a person sees something.

    *show* gets what they are to read, laid out in the *style* of the moment, because a window
    changes its width; *wait* waits for a future; *page* shows a long text from a line on (counted
    from 1).
    """

    show: Callable[[str], None]
    style: Callable[[], TextStyle]
    wait: Wait
    page: Callable[[str, int], None]
