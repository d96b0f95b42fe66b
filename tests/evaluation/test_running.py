"""Which articles a question is asked of."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fakes import HashingEncoder

from index.datatypes import Article, Span
from index.evaluation.question_files import Question
from index.evaluation.running import evaluate

STORM = Article("storm", "Storm", "The storm broke the old pier. Nobody was hurt.")
BAKER = Article("baker", "Baker", "The baker sells bread. His shop opens at six.")


def about(article: Article, words: str, text: str) -> Question:
    """Make a question about *article*, answered by *words*."""
    start = article.text.index(words)
    return Question(article.id, words, text, (Span(start, start + len(words)),), words)


ROWS = [
    (STORM, [about(STORM, "the old pier", "what broke the old pier?")]),
    (
        BAKER,
        [about(BAKER, "bread", "what bread sells the baker?"), Question("baker", "no", "why?")],
    ),
]


def test_questions_are_asked_of_their_article_and_of_another() -> None:
    """Each question has two outcomes; the articles themselves are in order."""
    outcomes = evaluate(ROWS, HashingEncoder())

    assert [
        (outcome.question.article, outcome.article, outcome.off_topic) for outcome in outcomes
    ] == [
        ("storm", "storm", False),
        ("storm", "baker", True),
        ("baker", "baker", False),
        ("baker", "storm", True),
        ("baker", "baker", False),
        ("baker", "storm", True),
    ]
    assert [outcome.rank for outcome in outcomes] == [1, None, 1, None, None, None]


def test_another_article_has_another_title() -> None:
    """An article of the same title is about the same thing, so none is off topic."""
    rows = [(replace(article, title="T"), questions) for article, questions in ROWS]

    assert not any(outcome.off_topic for outcome in evaluate(rows, HashingEncoder()))


def test_the_whole_library_is_asked_at_once() -> None:
    """With whole_library each question is asked once, and sentences of all articles are ranked."""
    outcomes = evaluate(ROWS, HashingEncoder(), whole_library=True)

    assert [(outcome.question.id, outcome.article) for outcome in outcomes][:2] == [
        ("the old pier", "storm"), ("bread", "baker"),
    ]  # fmt: skip
    assert not any(outcome.off_topic for outcome in outcomes)
    assert len(outcomes) == 3


def test_a_text_that_stands_twice_in_the_file() -> None:
    """Questions about the second copy of a text are judged like those about the first."""
    copy = replace(STORM, id="copy")
    rows = [*ROWS, (copy, [about(copy, "the old pier", "what broke the old pier?")])]

    for whole_library in (False, True):
        outcomes = evaluate(rows, HashingEncoder(), whole_library=whole_library)
        [last] = [outcome for outcome in outcomes if outcome.answerable][2:]
        assert (last.question.article, last.rank, last.all_shown) == ("storm", 1, True)


@pytest.mark.parametrize(("threshold", "answered"), [(0.0, True), (1.0, False)])
def test_the_threshold_decides(threshold: float, answered: bool) -> None:
    """The given threshold is used for every question."""
    outcomes = evaluate(ROWS, HashingEncoder(), threshold=threshold)

    assert {outcome.answered for outcome in outcomes if outcome.confidence} == {answered}


def test_progress_counts_articles_and_questions() -> None:
    """Two articles and six trials are eight steps."""
    steps: list[tuple[int, int]] = []

    evaluate(ROWS, HashingEncoder(), progress=lambda *step: steps.append(step))

    assert steps == [(done, 8) for done in range(1, 9)]
