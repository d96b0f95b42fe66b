"""The bot's own sentences in its languages."""

from __future__ import annotations

import re
from string import Formatter

import pytest
from fake_telegram.markup import parse_html

from bot.phrases import (
    FALLBACK,
    certainty,
    language_of,
    languages,
    numeral,
    paragraph_range,
    phrase,
    polite,
    refusal,
    table,
)
from index.datatypes import Tier

LANGUAGES = ["ar", "de", "en", "es", "hi", "id", "pt", "ru", "tr", "uk"]

# What the console prints too, where HTML would be seen.
WITHOUT_MARKUP = (
    *("refusal_one", "refusal_many", "nearest", "paragraph", "paragraphs"),
    *("says", "may", "hello", "welcome", "description", "all_right", "farewell", "corrected"),
    *("noted", "nothing_yet", "nothing_more", "about", "english_only", "page", "items_left"),
)


def test_the_languages_are_there() -> None:
    """Ten: those of the countries where most people use Telegram."""
    assert sorted(languages()) == sorted(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_is_missing(language: str) -> None:
    """Every language has every phrase, and none that English lacks."""
    own, english = table(language).keys(), table(FALLBACK).keys()
    assert own == english, f"phrase_tables/{language}.json: {sorted(own ^ english)}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_take_the_same_values(language: str) -> None:
    """What is filled into a phrase is the same in every language."""
    for name, words in table(language).items():
        fields = {field for _, field, _, _ in Formatter().parse(words) if field}
        english = {field for _, field, _, _ in Formatter().parse(table(FALLBACK)[name]) if field}
        assert fields == english, f"phrase_tables/{language}.json: {name}"


def tags_of(html: str) -> list[str]:
    """The tags of a phrase, in the order of the alphabet."""
    return sorted(re.findall(r"</?\w+", html))


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_have_the_same_markup(language: str) -> None:
    """What is bold or code in English is so in every language."""
    for name, words in table(language).items():
        tags, english = (
            sorted(re.findall(r"</?\w+", text)) for text in (words, table(FALLBACK)[name])
        )
        assert tags == english, f"phrase_tables/{language}.json: {name}"


@pytest.mark.parametrize("language", ["ar", "ru", "uk"])
def test_no_noun_follows_a_number(language: str) -> None:
    """Where nouns change with their number, it stands behind a colon, or in brackets."""
    for name, words in table(language).items():
        assert not re.search(r"\{(count|limit)\} ?(?!МБ|ميغا)\w", words), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_quotation_marks_are_those_of_the_language(language: str) -> None:
    """Titles are quoted as the language quotes."""
    marks = {"de": "„“", "ar": "«»", "es": "«»", "ru": "«»", "uk": "«»"}.get(language, "“”")
    for name, words in table(language).items():
        assert set(words) & set('„“”«»"') <= set(marks), name


@pytest.mark.parametrize(
    ("language", "said"), [("en", "1,234"), ("de", "1.234"), ("ru", "1\u00a0234"), ("ja", "1,234")]
)
def test_thousands_are_parted_as_the_language_does(language: str, said: str) -> None:
    """A comma that English puts between thousands is a decimal one elsewhere."""
    assert numeral(1234, language) == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_are_html_that_telegram_reads(language: str) -> None:
    """No phrase breaks a message."""
    for words in table(language).values():
        parse_html(re.sub(r"\{\w+\}", "x", words))


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_of_the_console_have_no_markup(language: str) -> None:
    """What the console prints too reads the same without an HTML parser."""
    for name in WITHOUT_MARKUP:
        assert not set("<>&") & set(table(language)[name]), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_fit_where_they_are_used(language: str) -> None:
    """Descriptions and the names of commands keep to Telegram's limits."""
    phrases = table(language)

    assert len(phrases["description"]) <= 512
    assert len(phrases["short_description"]) <= 120
    for name in ("ask", "articles", "article", "quiet", "help_command", "add_command"):
        assert 0 < len(phrases[name]) <= 256
    for name in ("use_command", "remove_command", "rename_command", "forget_command"):
        assert 0 < len(phrases[name]) <= 256
    for name in ("noted", "expired", "not_yours", "unscoped"):
        assert len(phrases[name]) <= 200


def test_a_missing_phrase_is_said_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """A language that lacks a phrase does not fail."""
    monkeypatch.delitem(table("de"), "more")

    assert phrase("more", "de") == "More"


def test_a_language_without_a_table_is_spoken_to_in_english() -> None:
    """A language that nobody has translated the phrases into does not fail."""
    assert phrase("more", "ja") == "More"


def test_only_the_language_that_is_spoken_is_read() -> None:
    """Who speaks English waits for no other table."""
    table.cache_clear()

    phrase("more")

    assert table.cache_info().currsize == 1


def test_lines_of_a_phrase_are_put_together() -> None:
    """A phrase that its table has as a list of lines is one text."""
    first, second, *_ = phrase("help").split("\n")

    assert (first[:14], second[:4]) == ("Ask in your ow", "/ask")


@pytest.mark.parametrize(
    ("code", "language"),
    [("es-419", "es"), ("DE", "de"), ("uk", "uk"), ("ja", "en"), ("", "en"), (None, "en")],
)
def test_a_language_code_names_a_language(code: str | None, language: str) -> None:
    """Regions do not matter, and who speaks something else is spoken to in English."""
    assert language_of(code) == language


@pytest.mark.parametrize(
    ("tier", "language", "words"),
    [
        ("says", "en", "The article says:"),
        ("may", "en", "The article may say this:"),
        ("not", "en", ""),
        ("says", "de", "Der Artikel sagt:"),
        ("may", "uk", "Можливо, у статті про це сказано так:"),
    ],
)
def test_certainty_in_words(tier: Tier, language: str, words: str) -> None:
    """Each tier of an answer has its words, and what is no answer has none."""
    assert certainty(tier, language) == words


@pytest.mark.parametrize(
    ("articles", "language", "said"),
    [
        (1, "en", "The article does not say this."),
        (48, "en", "None of the 48 articles says this."),
        (1234, "de", "Keiner der 1.234 Artikel sagt das."),
    ],
)
def test_refusal_says_how_many_were_asked(articles: int, language: str, said: str) -> None:
    """A single article is named as such, several are counted."""
    assert refusal(articles, language) == said


@pytest.mark.parametrize(
    ("kind", "said"), [("greeting", "¡Hola! Pregunta"), ("thanks", "De nada.")]
)
def test_polite_messages_are_answered_in_kind(kind: str, said: str) -> None:
    """A greeting is greeted, and thanks are taken."""
    assert polite(kind, "es").startswith(said)


def test_paragraphs_are_named_by_their_numbers() -> None:
    """One paragraph is named, several are named from the first to the last."""
    assert paragraph_range(5, 5) == "paragraph 5"
    assert paragraph_range(3, 5) == "paragraphs 3–5"
