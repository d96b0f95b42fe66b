"""Halves of surrogate pairs: they reach a program in broken input, and no model reads them."""

from __future__ import annotations

import re

_SURROGATE = re.compile(r"[\ud800-\udfff]")


def replace_surrogates(text: str) -> str:
    """*text* with each lone surrogate as U+FFFD; offsets stay as they are."""
    return _SURROGATE.sub("\ufffd", text)
