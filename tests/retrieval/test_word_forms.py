"""Kept words are not used by a program that makes other forms of them."""

from __future__ import annotations

from typing import Any

import pytest

from index.retrieval import word_forms
from index.retrieval.word_forms import FUNCTION_WORDS, QUESTION_WORDS, STEMMERS, key_of_forms


@pytest.mark.parametrize("table", [STEMMERS, FUNCTION_WORDS, QUESTION_WORDS])
@pytest.mark.parametrize("language", ["es", "xx"])
def test_the_key_changes_with_each_table(
    monkeypatch: pytest.MonkeyPatch, table: dict[str, str], language: str
) -> None:
    """An entry that is changed, or added, makes another key."""
    before = key_of_forms()
    monkeypatch.setitem(table, language, f"{table.get(language, '')} word")
    assert key_of_forms() != before


@pytest.mark.parametrize(
    ("name", "value"), [("VERSION", 0), ("version", lambda name: f"0 of {name}")]
)
def test_the_key_changes_with_the_versions(
    monkeypatch: pytest.MonkeyPatch, name: str, value: Any
) -> None:
    """The rules have a version of their own, and the stemmer has one."""
    before = key_of_forms()
    monkeypatch.setattr(word_forms, name, value)
    assert key_of_forms() != before


def test_the_key_is_the_same_each_time() -> None:
    """The order in which languages were written down does not matter."""
    assert key_of_forms() == key_of_forms()
