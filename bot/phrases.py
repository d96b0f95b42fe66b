"""The bot's own few sentences, in the languages of phrases.toml."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

FALLBACK = "en"


@lru_cache(maxsize=1)
def tables() -> dict[str, dict[str, str]]:
    """Read all phrases: by language, then by name."""
    path = Path(__file__).with_name("phrases.toml")
    tables: dict[str, dict[str, str]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return tables


def language_of(code: str | None) -> str:
    """The language to speak with a user whose *code* is an IETF tag like "es-419", or unknown."""
    language = (code or "").partition("-")[0].lower()
    return language if language in tables() else FALLBACK


def phrase(name: str, language: str = FALLBACK, **values: object) -> str:
    """
    The phrase *name* in *language*, or in English, with *values* filled in.

    It is HTML as Telegram reads it; values are put in as they are, so escape them first.
    """
    spoken = tables()[FALLBACK] | tables().get(language, {})
    return spoken[name].format(**values)
