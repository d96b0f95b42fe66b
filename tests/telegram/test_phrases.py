"""The bot's own sentences in its languages."""

from __future__ import annotations

import re
from string import Formatter

import pytest
from fake_telegram.markup import parse_html

from bot.phrases import FALLBACK, language_of, phrase, tables

LANGUAGES = ["en", "es", "de", "ru", "uk"]


def test_the_languages_are_there() -> None:
    """English, Spanish, German, Russian and Ukrainian."""
    assert sorted(tables()) == sorted(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_is_missing(language: str) -> None:
    """Every language has every phrase, and none that English lacks."""
    assert tables()[language].keys() == tables()[FALLBACK].keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_take_the_same_values(language: str) -> None:
    """What is filled into a phrase is the same in every language."""
    for name, words in tables()[language].items():
        fields = {field for _, field, _, _ in Formatter().parse(words) if field}
        english = {field for _, field, _, _ in Formatter().parse(tables()[FALLBACK][name]) if field}
        assert fields == english, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_are_html_that_telegram_reads(language: str) -> None:
    """No phrase breaks a message."""
    for words in tables()[language].values():
        parse_html(re.sub(r"\{\w+\}", "x", words))


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_fit_where_they_are_used(language: str) -> None:
    """Descriptions and the names of commands keep to Telegram's limits."""
    table = tables()[language]

    assert len(table["description"]) <= 512
    assert len(table["short_description"]) <= 120
    for name in ("ask", "articles", "article", "quiet", "help_command"):
        assert 0 < len(table[name]) <= 256
    for name in ("noted", "expired", "not_yours", "unscoped"):
        assert len(table[name]) <= 200


def test_a_missing_phrase_is_said_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """A language that lacks a phrase does not fail."""
    monkeypatch.delitem(tables()["de"], "more")

    assert phrase("more", "de") == "More"


@pytest.mark.parametrize(
    ("code", "language"),
    [("es-419", "es"), ("DE", "de"), ("uk", "uk"), ("ja", "en"), ("", "en"), (None, "en")],
)
def test_a_language_code_names_a_language(code: str | None, language: str) -> None:
    """Regions do not matter, and who speaks something else is spoken to in English."""
    assert language_of(code) == language
