"""
Words that are no questions: "help", "ok", "that is wrong", "show me more", "the second one".

What people write is in wish_tables/LANGUAGE.json, whole messages by what they wish. All languages
are understood at once, whatever somebody's own one is; what no table has is a question. One that
ends with "?" in its table is meant only where somebody asks it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast, get_args

WishKind = Literal[
    "leave", "help", "who", "agree", "deny", "wrong", "good", "bad", "greeting", "thanks",
    "more", "where", "short", "first", "second", "third",
]  # fmt: skip

# Those that are about the last answer, and mean nothing without one.
ABOUT_ANSWER: frozenset[WishKind] = frozenset(
    {"wrong", "good", "bad", "more", "where", "short", "first", "second", "third"}
)
# Which passage of the last answer is meant, counted from 0.
ORDINALS: dict[WishKind, int] = {"first": 0, "second": 1, "third": 2}
# The phrase that answers a wish, where it is all that is to be done.
SAID: dict[WishKind, str] = {
    "who": "description", "agree": "all_right", "deny": "all_right", "leave": "farewell",
    "greeting": "hello", "thanks": "welcome",
}  # fmt: skip

_TABLES = Path(__file__).with_name("wish_tables")
_PLEASE = re.compile(r"^(?:please|pls|bitte|por favor|пожалуйста|будь ласка) | "
                     r"(?:please|pls|bitte|por favor|пожалуйста|будь ласка|bot)$")  # fmt: skip
# What changes an emoji's looks only: the skin, and that it is no letter.
_LOOKS = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f\u200d]")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a message wishes that asks nothing, and the *language* (ISO 639-1) that it is in."""

    kind: WishKind
    language: str


def read_wish(text: str) -> Wish | None:
    """What *text* wishes, None when it is a question; marks, case and "please" do not matter."""
    core = _bare(text)
    if not core:
        return Wish("help", "en") if text.strip(" ¿") and set(text) <= set("?¿？ ") else None
    asked = _wishes().get(f"{core}?") if _asks(text) else None
    return asked or _wishes().get(core) or _wishes().get(_PLEASE.sub("", core))


@cache
def _wishes() -> dict[str, Wish]:
    """All that is understood; words of two languages count as those of the first."""
    found: dict[str, Wish] = {}
    tables = sorted(_TABLES.glob("*.json"), key=lambda path: (path.stem != "en", path.stem))
    for path in tables:
        for kind, messages in json.loads(path.read_text(encoding="utf-8")).items():
            if kind not in get_args(WishKind):
                raise ValueError(f"{path.name} has no wish {kind!r}")
            for message in messages:
                wish = Wish(cast("WishKind", kind), path.stem)
                mark = "?" if _asks(message) else ""
                found.setdefault((_bare(message) or message) + mark, wish)
    return found


def _asks(text: str) -> bool:
    """Whether a mark says that *text* asks: "right?" wants to be told more, "right" does not."""
    return text.rstrip(" !.…").endswith(("?", "？"))


def _bare(text: str) -> str:
    """*text* as it is compared: small letters without marks; of an emoji that is repeated, one."""
    folded = _LOOKS.sub("", text.casefold().replace("’", "'"))
    kept = (char if _tells(char) else " " for char in folded)
    words = " ".join("".join(kept).split())
    return (
        words[0]
        if words and set(words.replace(" ", "")) == {words[0]} and _is_sign(words[0])
        else words
    )


def _tells(char: str) -> bool:
    """Whether *char* is a letter, a digit, an apostrophe, or an emoji."""
    return char.isalnum() or char == "'" or _is_sign(char) or unicodedata.combining(char) > 0


def _is_sign(char: str) -> bool:
    return unicodedata.category(char) == "So"
