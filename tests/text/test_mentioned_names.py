"""Names and terms of an article."""

from __future__ import annotations

import pytest

from index.text.mentioned_names import mentioned_names, quoted_terms, repeated_terms


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("es", "Su hija Ana Ruiz vive en Valdemora.", ["Ana Ruiz"]),
        ("es", "El Mar Abierto brilla.", ["Mar Abierto"]),
        ("fr", "L'Étoile Bleue brille.", ["Étoile Bleue"]),
        ("de", "Grüner Tee schmeckt. Kalter Kaffee nicht. Ann Lee kam, und Ann Lee ging.", None),
        ("ru", "Музей построил инженер Павел Дроздов.", ["Павел Дроздов"]),
    ],
)
def test_a_name_has_two_capitals(language: str, text: str, names: list[str] | None) -> None:
    """In German, where nouns have one, it must come twice, once inside of a sentence."""
    assert mentioned_names(text.split(". "), language) == (names or ["Ann Lee"])


def test_names_that_come_often_are_first() -> None:
    """A role before a name is no part of it."""
    said = ["Vino Eva Paz.", "Habló Luz Mar.", "La Doctora Luz Mar calló."]

    assert mentioned_names(said, "es") == ["Luz Mar", "Eva Paz"]


def test_quoted_terms_are_no_sentences() -> None:
    """What is quoted keeps its marks; what somebody said is no term."""
    said = ["El libro «Noches de sal» se vende.", "Dijo: «No, gracias.»", "看“听雨轩”和《红楼梦》"]

    assert quoted_terms(said) == ["«Noches de sal»", "“听雨轩”", "《红楼梦》"]


def test_terms_are_repeated_words_as_they_stand() -> None:
    """Words without a topic are none, nor is what has no spaces; in German they are nouns."""
    assert repeated_terms(["Das Museum öffnet.", "Das öffnet ein Museum."], "de") == ["Museum"]
    assert repeated_terms(["le musée", "un jardin", "le jardin", "musée, jardin"], "fr") == [
        "musée",
        "jardin",
    ]
    assert repeated_terms(["青石镇的茶馆", "青石镇的茶馆"], "zh") == []
