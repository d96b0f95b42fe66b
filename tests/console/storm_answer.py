"""An article on a storm and an answer from it, for the tests of what is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

from fakes import hit_of

from index.datatypes import Answer, Article, Passage, Span
from index.text.sentences import split_sentences

TEXT = (
    "Storm hits the coast.\n\n"
    "The storm came at night. It broke the pier. Nobody was hurt.\n\n"
    "The mayor asks for:\n\n- sand,\n\n- and hands."
)


ARTICLE = Article("storm", "Storm hits the coast.", TEXT, "storm.txt")


SENTENCES = split_sentences(TEXT)


def span_of(words: str) -> Span:
    """Find where *words* stand in the article."""
    start = TEXT.index(words)
    return Span(start, start + len(words))


PIER = span_of("It broke the pier.")


LEANING = Passage(ARTICLE, span_of("The storm came at night. It broke the pier."), PIER,
                  "sentence", 0.75, SENTENCES)  # fmt: skip


HURT = Passage(
    ARTICLE, span_of("Nobody was hurt."), span_of("Nobody was hurt."), "sentence", 0.5, SENTENCES
)


LIST = Passage(ARTICLE, span_of("The mayor asks for:\n\n- sand,\n\n- and hands."),
               span_of("- sand,"), "list", 0.25, SENTENCES)  # fmt: skip


# It is known which words answer.
KNOWN = replace(LEANING, answer=span_of("the pier"))


ANSWER = Answer(
    "what broke?", "may", 0.7, (LEANING, HURT), (hit_of(ARTICLE, PIER, 0.75),), elapsed_ms=12.3456
)


def info(id: str, title: str, characters: int) -> SimpleNamespace:  # noqa: A002
    """Make a row of the library's listing."""
    return SimpleNamespace(
        id=id, title=title, characters=characters, paragraphs=2, sentences=15, source=None,
        language="en", added_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), other_ids=("b",),
    )  # fmt: skip
