"""Passages as the bot stores them, in this version's form and in earlier ones."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.telegram.store.quoted_passages import QuotedPassage, from_fields, to_fields
from index.datatypes import Span

QUOTED = QuotedPassage("guests", "990fad53", Span(0, 33), Span(19, 33), "quote")


@pytest.mark.parametrize("answer", [None, Span(24, 28)])
def test_a_stored_passage_is_read_as_it_was(answer: Span | None) -> None:
    """Its place, its best sentence and the words that answer, known or not, survive JSON."""
    quoted = replace(QUOTED, answer=answer)

    assert from_fields(json.loads(json.dumps(to_fields(quoted)))) == quoted


@pytest.mark.parametrize("paragraph", [[], [2]])
def test_an_older_passage_has_no_answering_words(paragraph: list[int]) -> None:
    """Earlier versions stored none; the first of them had the paragraph at the end."""
    older = ["guests", "990fad53", 0, 33, 19, 33, "quote", *paragraph]

    assert from_fields(older) == QUOTED
