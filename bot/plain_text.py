"""
Text that breaks no line and steers no terminal, for whatever is told to a person.

Pure functions, which every way in uses.
"""

from __future__ import annotations

import re

# Every control character but tab and line feed, and the halves of surrogate pairs.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


TOKEN = re.compile(r"\d{3,}:[\w-]{30,}")  # of a Telegram bot


def mask(text: str) -> str:
    """*text* without what looks like a token, which is in the address of each call of Telegram."""
    return TOKEN.sub("<token>", text)


def printable(text: str) -> str:
    """*text* with control characters as U+FFFD; offsets stay as they are."""
    return _CONTROL.sub("\ufffd", text)


def one_line(text: str) -> str:
    """*text* printable and on one line."""
    return " ".join(printable(text).split())


def count(number: int, noun: str) -> str:
    """*number* and *noun*: "1 article", "48 articles"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def describe_failure(exc: BaseException) -> str:
    """Put an exception that nobody expected into one line, with the way to its traceback."""
    said = one_line(str(exc))[:200]
    return (
        f"unexpected {type(exc).__name__}{f' ({said})' if said else ''}; "
        "set ARTICLE_BOT_DEBUG=1 to see where it comes from, and please report it."
    )
