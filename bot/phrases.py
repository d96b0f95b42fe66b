"""
The bot's own few sentences, which the console and Telegram share.

Each language has a table, phrase_tables/LANGUAGE.json: the phrases by name, several lines as a
list. English has every phrase; what another language lacks is said in English. Words in braces
are filled in. They are HTML as Telegram reads it; those that the console shows too have no markup.

JSON, because `ask` reads English: .1 ms, where TOML, which Python parses in Python, took 3.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.datatypes import Tier

FALLBACK = "en"

# The kinds of messages that get a friendly line and no passage, each with its phrase.
POLITE = {"greeting": "hello", "thanks": "welcome"}

_TABLES = Path(__file__).with_name("phrase_tables")


@cache
def languages() -> tuple[str, ...]:
    """The languages that there is a table of, as ISO 639-1 codes."""
    return tuple(sorted(path.stem for path in _TABLES.glob("*.json")))


@cache
def table(language: str) -> dict[str, str]:
    """Read the phrases of *language*, by name; there are none of one that has no table."""
    try:
        text = (_TABLES / f"{language}.json").read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    lines: dict[str, str | list[str]] = json.loads(text)
    return {
        name: said if isinstance(said, str) else "\n".join(said) for name, said in lines.items()
    }


def language_of(code: str | None) -> str:
    """The language to speak with a user whose *code* is an IETF tag like "es-419", or unknown."""
    language = (code or "").partition("-")[0].lower()
    return language if language in languages() else FALLBACK


def phrase(name: str, language: str = FALLBACK, **values: object) -> str:
    """
    The phrase *name* in *language*, or in English, with *values* filled in.

    They are put in as they are, so where the phrase becomes HTML escape them first.
    """
    return table(language).get(name, table(FALLBACK)[name]).format(**values)


def refusal(articles: int, language: str = FALLBACK) -> str:
    """Say that none of the *articles* that were searched answers."""
    if articles == 1:
        return phrase("refusal_one", language)
    return phrase("refusal_many", language, count=numeral(articles, language))


def numeral(number: int, language: str = FALLBACK) -> str:
    """Write *number* with what *language* puts between the thousands, in German "1.234"."""
    return f"{number:,}".replace(",", phrase("thousands", language))


def certainty(tier: Tier, language: str = FALLBACK) -> str:
    """How sure an answer of this *tier* is, in words; of what is no answer nothing is said."""
    return "" if tier == "not" else phrase(tier, language)


def polite(kind: str, language: str = FALLBACK) -> str:
    """Answer a message of one of the POLITE kinds."""
    return phrase(POLITE[kind], language)


def paragraph_range(first: int, last: int, language: str = FALLBACK) -> str:
    """Name the paragraphs that a passage stands in, "paragraph 5" or "paragraphs 3–5"."""
    name = "paragraph" if first == last else "paragraphs"
    return phrase(name, language, first=first, last=last)
