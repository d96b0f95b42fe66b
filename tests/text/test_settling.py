"""Words that settle a question in languages that the model does not know."""

from __future__ import annotations

import pytest

from index.text.settling import settles


@pytest.mark.parametrize(
    ("language", "question", "sentence", "settled"),
    [
        ("es", "¿Cuándo llegó la tormenta?", "La tormenta llegó el 3 de marzo de 2024.", True),
        ("es", "¿Cuándo llegó la tormenta?", "La tormenta llegó de noche.", False),
        ("es", "¿Quién dirige el museo nuevo?", "Dirige el museo nuevo la doctora Ana Ruiz.", True),
        ("es", "¿Quién dirige el museo nuevo?", "El museo nuevo abre mañana.", False),
        ("es", "¿Por qué cerró el museo nuevo?", "El museo nuevo cerró en 2020.", False),
        ("de", "Wann wurde die Brücke gesperrt?", "Die Brücke wurde am 4. Mai gesperrt.", True),
        ("de", "Wer hat die Brücke gesperrt?", "Die Brücke hat der Rat gesperrt.", False),
        ("ru", "Когда закрыли мост?", "Мост закрыли 4 мая.", True),
        ("uk", "Скільки коштує квиток?", "Квиток коштує 40 гривень.", True),
        ("ja", "いつ?", "2024", False),
    ],
)
def test_words_settle_a_date_a_number_or_a_name(
    language: str, question: str, sentence: str, settled: bool
) -> None:
    """All words of the question stand there, and beside them exactly what is asked for."""
    assert settles(question, sentence, language) is settled
