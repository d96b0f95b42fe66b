"""Mistyped words are read as those of the articles; all others stay."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from index.text.spelling import Lexicon, correct_spelling

VOCABULARY = {"conditions": 3, "condition": 1, "afghanistan": 2, "council": 1, "counsel": 5}
ORDINARY = {"weather", "reopen", "capital"}  # words that the model knows whole


def pieces(texts: Sequence[str]) -> list[int]:
    """Count an ordinary word as one piece, every other as two."""
    return [1 if text in ORDINARY else 2 for text in texts]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("what condtions?", "what conditions?"),
        ("what conditoins?", "what conditions?"),
        ("Afganistan", "afghanistan"),
        ("afgahnistn and condtions", "afghanistan and conditions"),
        ("what conditions?", "what conditions?"),
        ("weather in counci", "weather in council"),
    ],
)
def test_a_mistyped_word_is_corrected(typed: str, read: str) -> None:
    """One slip is forgiven, two in a long word; what is right stays."""
    assert correct_spelling(typed, VOCABULARY.__contains__, Lexicon(VOCABULARY), pieces) == read


@pytest.mark.parametrize("typed", ["reopen", "zouncil", "conc", "coxyzil", "c0uncil", "?!", ""])
def test_other_words_are_left_alone(typed: str) -> None:
    """An ordinary word, another first letter, a short word, a far one and a number stay."""
    assert correct_spelling(typed, VOCABULARY.__contains__, Lexicon(VOCABULARY), pieces) == typed


def test_a_question_word_of_another_language_is_no_slip() -> None:
    """The German "warum" (why) is not read as "warm", though the model knows it in pieces only."""
    assert correct_spelling("und warum?", set().__contains__, Lexicon({"warm": 3}), pieces) == (
        "und warum?"
    )


def test_of_two_words_the_more_frequent_was_meant() -> None:
    """With as many slips to each, the articles' more frequent word is taken."""
    assert (
        correct_spelling("counsil", VOCABULARY.__contains__, Lexicon(VOCABULARY), pieces)
        == "counsel"
    )


def test_words_that_come_later_are_known() -> None:
    """The vocabulary may grow after the lexicon was made, and after it was used."""
    counts = {"council": 1}
    lexicon = Lexicon(counts)
    assert lexicon.nearest("counzil") == "council"
    counts["lantern"] = 1
    assert lexicon.nearest("lantrn") == "lantern"
