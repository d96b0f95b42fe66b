"""Quotations, found from a sentence inside of them."""

from __future__ import annotations

import pytest

from index.datatypes import Article
from index.text.quotations import QUOTATION_REACH, find_quotation
from index.text.sentences import split_sentences


def quotation_at(text: str, start: str) -> str | None:
    """The quotation of the sentence that begins with *start*, verbatim; None without one."""
    article, sentences = Article("a", "A", text), split_sentences(text)
    texts = [article.cut(sentence.span) for sentence in sentences]
    [position] = [i for i, sentence in enumerate(texts) if sentence.startswith(start)]
    found = find_quotation(article, sentences, position)
    return None if found is None else " ".join(texts[i] for i in found)


@pytest.mark.parametrize("marks", ["“”", '""', "«»"])
def test_a_quotation_goes_back_to_its_speaker(marks: str) -> None:
    """Whatever its marks are, it begins with the words that say who spoke."""
    first, last = marks
    quotation = (
        f"{first}We had no choice,{last} the mayor said. {first}It was old. It had to go.{last}"
    )
    assert quotation_at(f"The council met. {quotation} Work begins in May.", "It had") == quotation


def test_a_sentence_outside_of_quotation_marks_has_none() -> None:
    """It says by itself who speaks."""
    assert quotation_at("The mayor came. “We had no choice,” he said.", "The mayor") is None


def test_without_a_speaker_nothing_is_brought() -> None:
    """What stands before in a quotation of nobody adds nothing."""
    text = "“It was old. It had to go. It went.”"
    assert quotation_at(text, "It had") == "It had to go. It went.”"


@pytest.mark.parametrize(("before", "found"), [(1, True), (QUOTATION_REACH + 1, False)])
def test_marks_that_stand_far_away_do_not_count(before: int, found: bool) -> None:
    """A paragraph may be endless: only the sentences within reach are looked at."""
    text = "“It began. " + "It went on. " * (before - 1) + "It had to go.”"
    assert (quotation_at(text, "It had") is not None) == found
