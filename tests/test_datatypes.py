"""Tests of the values that travel through the product."""

from __future__ import annotations

from index.datatypes import Article, LazyPassages, Passage, Span


def test_later_passages_are_made_once_and_only_when_read() -> None:
    """Nothing is made before somebody reads them, and the same ones are there the next time."""
    span = Span(0, 4)
    passage = Passage(Article("a", "A", "Rain."), span, span, "sentence", 1.0, ())
    made: list[Passage] = []

    def make() -> list[Passage]:
        made.append(passage)
        return made

    later = LazyPassages(make)
    assert made == []
    assert [*later] == [*later] == [passage]
