"""Offsets in UTF-16 code units, and the entities that Telegram finds in a text by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

Entity = dict[str, Any]

# What Telegram marks without being asked, in the order of precedence. A mention needs a letter
# first and five characters, as usernames do.
FOUND = (
    ("url", re.compile(r"(?<![\w@])https?://[^\s<>\"]*[\w/]", re.IGNORECASE)),
    ("email", re.compile(r"(?<![\w.@])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b", re.IGNORECASE)),
    ("bot_command", re.compile(r"(?<![\w/<>])/\w{1,64}(?:@\w{3,32})?(?![\w/<>])", re.ASCII)),
    ("mention", re.compile(r"(?<!\w)@[a-z]\w{4,31}\b", re.IGNORECASE | re.ASCII)),
    ("hashtag", re.compile(r"(?<!\w)#\w*[^\W\d]\w*")),
)
OPAQUE = frozenset({"code", "pre", "text_link", "text_mention"})  # nothing is found inside these
KINDS = OPAQUE | {
    *("mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"),
    *("bold", "italic", "underline", "strikethrough", "spoiler", "custom_emoji", "date_time"),
    *("blockquote", "expandable_blockquote"),
}


def units(text: str) -> int:
    """Count the UTF-16 code units of *text*."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, offset: int, length: int) -> str:
    """Give the *length* UTF-16 units of *text* from *offset*."""
    raw = text.encode("utf-16-le", "surrogatepass")
    return raw[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")


def marked(text: str, entity: Entity) -> str:
    """Give the part of *text* that *entity* marks."""
    return cut(text, entity["offset"], entity["length"])


def ordered(entities: list[Entity]) -> list[Entity]:
    """Sort as Telegram does: by start, the outer before the inner."""
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def detect(text: str, given: Sequence[Entity] = ()) -> list[Entity]:
    """Give the *given* entities of *text* together with those that Telegram finds by itself."""
    taken = [_ends(entity) for entity in given if entity["type"] in OPAQUE]
    found = []
    for kind, pattern in FOUND:
        for match in pattern.finditer(text):
            start = units(text[: match.start()])
            ends = (start, start + units(match.group()))
            if all(ends[1] <= span[0] or span[1] <= ends[0] for span in taken):
                taken.append(ends)
                found.append({"type": kind, "offset": start, "length": ends[1] - start})
    return ordered([*given, *found])


def strip(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Take off the white space around *text*, as Telegram does, and clip the entities to it."""
    shown = text.strip()
    left = units(text[: len(text) - len(text.lstrip())])
    clipped = []
    for entity in entities:
        start = max(entity["offset"] - left, 0)
        end = min(entity["offset"] + entity["length"] - left, units(shown))
        if start < end:
            clipped.append({**entity, "offset": start, "length": end - start})
    return shown, ordered(clipped)


def _ends(entity: Entity) -> tuple[int, int]:
    return entity["offset"], entity["offset"] + entity["length"]
