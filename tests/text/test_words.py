"""Words as they are compared, in several scripts, and how rare they are."""

from __future__ import annotations

import math

import pytest

from index.text.words import (
    DocumentFrequencies,
    Word,
    find_words,
    form_of,
    is_question_word,
    is_stop_word,
    lexical_shares,
    words,
)


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


def test_document_frequencies_count_sentences_not_occurrences() -> None:
    """A word twice in one sentence counts once."""
    assert DocumentFrequencies.of([["a", "a", "b"], ["b"]]) == DocumentFrequencies(
        2, {"a": 1, "b": 2}
    )


def test_idf_is_one_for_an_absent_word() -> None:
    """The rarest word is one that occurs nowhere."""
    assert DocumentFrequencies.of([["a"], ["b"]]).idf("c") == 1.0


def test_idf_falls_with_frequency() -> None:
    """The value is BM25's, divided by its largest."""
    frequencies = DocumentFrequencies.of([["a", "b"], ["b"], ["b"]])
    expected = [math.log(1 + 2.5 / 1.5) / math.log(8), math.log(1 + 0.5 / 3.5) / math.log(8)]
    assert [frequencies.idf("a"), frequencies.idf("b")] == pytest.approx(expected)


def test_idf_without_sentences() -> None:
    """Over nothing every word is absent."""
    assert DocumentFrequencies.of([]).idf("a") == 1.0


def test_lexical_share_is_of_the_idf_mass() -> None:
    """A rare word weighs more than one that stands in every sentence."""
    sentences = [["a", "b"], ["b"]]
    frequencies = DocumentFrequencies.of(sentences)
    rare, common = frequencies.idf("a"), frequencies.idf("b")
    shares = lexical_shares(["a", "b"], sentences, frequencies)
    assert shares == pytest.approx([1.0, common / (rare + common)])


def test_lexical_share_of_a_question_without_words() -> None:
    """Nothing asked, nothing found."""
    assert lexical_shares([], [["a"]], DocumentFrequencies.of([["a"]])) == [0.0]
