"""Words as they are compared, in several scripts, and how rare they are."""

from __future__ import annotations

import math

import pytest

from index.languages.registry import STEMMERS
from index.text.words import (
    Word,
    find_words,
    form_of,
    inverse_frequency,
    is_question_word,
    is_stop_word,
    words,
)

# An inflected word of each language that has a stemmer, and its form.
INFLECTED = {
    "ar": ("الكتاب", "كتاب"), "ca": ("cases", "case"), "cs": ("domy", "dom"),
    "da": ("husene", "hus"), "de": ("Häuser", "haus"), "el": ("δρόμους", "δρομ"),
    "en": ("houses", "hous"), "eo": ("domojn", "dom"), "es": ("casas", "cas"),
    "et": ("majades", "maja"), "eu": ("etxeak", "etxe"), "fa": ("کتابها", "کتاب"),
    "fi": ("talossa", "talo"), "fr": ("maisons", "maison"), "ga": ("gcailín", "cailin"),
    "hi": ("किताबें", "किताब"), "hu": ("házakban", "haz"), "hy": ("տներում", "տներ"),
    "id": ("rumahnya", "rumah"), "it": ("case", "cas"), "lt": ("namuose", "nam"),
    "nb": ("husene", "hus"), "ne": ("घरहरू", "घर"), "nl": ("huizen", "huis"),
    "nn": ("husa", "hus"), "no": ("husene", "hus"), "pl": ("domami", "dom"),
    "pt": ("casas", "cas"), "ro": ("casele", "cas"), "ru": ("домами", "дом"),
    "sr": ("kućama", "kuc"), "st": ("batho", "tho"), "sv": ("husen", "hus"),
    "ta": ("வீடுகள்", "வீடு"), "tr": ("evlerde", "ev"), "yi": ("הייזער", "הײז"),
}  # fmt: skip


def test_words_are_folded_and_stemmed() -> None:
    """Case and endings do not tell words apart."""
    assert words("Recognising RECOGNISED") == ["recognis", "recognis"]


def test_accents_are_optional() -> None:
    """People type "Zurich" for "Zürich"."""
    assert words("Zürich café") == words("Zurich cafe")


def test_decomposed_letters_are_the_same_words() -> None:
    """A letter and its combining accent make one word."""
    assert words("Zu\u0308rich") == words("Zürich")


def test_words_know_where_they_stand() -> None:
    """Offsets count code points of the text."""
    assert find_words("😀 the Taliban’s") == [
        Word("the", 2, 5),
        Word("taliban", 6, 13),
        Word("s", 14, 15),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,000,000 men", ["1000000", "men"]),
        ("2.5 or 6½", ["2.5", "or", "6", "½"]),
        ("G20 in 1999.", ["g20", "in", "1999"]),
        ("1,2,3", ["1,2,3"]),
    ],
)
def test_numbers_stay_whole(text: str, expected: list[str]) -> None:
    """Thousands lose their commas, decimals keep their point."""
    assert words(text) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("es", "las condiciones", ["las", "condicion"]),
        ("de", "die Häuser", ["die", "haus"]),
        ("ru", "условия признания", ["услов", "признан"]),
        ("tlh", "batlhs", ["batlhs"]),
    ],
)
def test_stemming_follows_the_language(language: str, text: str, expected: list[str]) -> None:
    """Each language has its stemmer; one without is not stemmed."""
    assert words(text, language) == expected


def test_each_language_has_a_sample_here() -> None:
    """Who adds a stemmer shows a word that it stems."""
    assert list(INFLECTED) == list(STEMMERS)


@pytest.mark.parametrize("language", STEMMERS)
def test_each_stemmer_is_there(language: str) -> None:
    """The installed stemmers know each language of the table."""
    word, form = INFLECTED[language]
    assert words(word, language) == [form]


def test_function_words_are_not_stemmed() -> None:
    """Spanish "como" (how) is another word than "comida" (food), with its accent or without."""
    assert words("¿Cómo? como comida", "es") == ["como", "como", "com"]


def test_scripts_without_spaces_are_cut_into_pairs() -> None:
    """A question in Chinese shares pairs of characters with the sentence, not whole runs."""
    assert words("iPhone在中国。") == ["iphon", "在中", "中国"]


def test_a_single_character_is_a_word() -> None:
    """A run of one character has no pair."""
    assert words("A 国 b") == ["a", "国", "b"]


def test_marks_do_not_cut_words() -> None:
    """Vowel signs of Hindi and of Arabic belong to their words."""
    assert [len(words(text)) for text in ("हिन्दी भाषा", "كِتَاب جَدِيد")] == [2, 2]


def test_no_words_in_emoji() -> None:
    """Emoji and punctuation are no words."""
    assert words("🤔 … !?") == []


def test_stop_words_and_question_words() -> None:
    """Both are recognised by their comparable forms."""
    forms = [form_of(word) for word in ("During", "Who", "Taliban")]
    assert [(is_stop_word(form), is_question_word(form)) for form in forms] == [
        (True, False),
        (True, True),
        (False, False),
    ]


@pytest.mark.parametrize(
    ("language", "question", "told"),
    [
        ("es", "¿Cuántos años tiene el puente?", ["anos", "puent"]),
        ("de", "Wie lange dauerte der Umbau?", ["dauert", "umbau"]),
        ("ru", "Когда и где открылся музей?", ["откр", "муз"]),
        ("zh", "什么时候开放", ["候开", "开放"]),
        ("tlh", "nuq DaneH", ["nuq", "daneh"]),
    ],
)
def test_stop_words_follow_the_language(language: str, question: str, told: list[str]) -> None:
    """What is left of a question are the words that carry its topic."""
    forms = words(question, language)
    assert [
        form
        for form in forms
        if not is_stop_word(form, language) and not is_question_word(form, language)
    ] == told


def test_a_word_that_no_sentence_has_tells_most() -> None:
    """The rarest word is one that occurs nowhere, however many sentences there are."""
    assert [inverse_frequency(0, number) for number in (0, 2, 100)] == [1.0, 1.0, 1.0]


def test_a_word_tells_less_the_more_sentences_have_it() -> None:
    """The value is BM25's, divided by its largest."""
    expected = [math.log(1 + 2.5 / 1.5) / math.log(8), math.log(1 + 0.5 / 3.5) / math.log(8)]
    assert [inverse_frequency(count, 3) for count in (1, 3)] == pytest.approx(expected)
