"""When it is said that the model knows English only."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from answerers import PASSAGES

from bot.language_note import deserves_language_note
from index.datatypes import Answer


@pytest.mark.parametrize(
    ("language", "english_only", "kind", "expected"),
    [
        ("de", True, "answer", True),
        ("en", True, "answer", False),
        ("de", False, "answer", False),
        ("de", True, "summary", False),
    ],
)
def test_an_answer_in_another_language_deserves_a_note(
    language: str, english_only: bool, kind: str, expected: bool
) -> None:
    """Where the packaged model quotes what it cannot read; a summary needs no reading."""
    passage = replace(PASSAGES[0], article=replace(PASSAGES[0].article, language=language))
    answer = Answer("?", "may", 0.5, (passage,), (), 1.0, kind=kind)  # type: ignore[arg-type]
    answerer = SimpleNamespace(knows_english_only=english_only)

    assert deserves_language_note(answerer, answer) is expected  # type: ignore[arg-type]
