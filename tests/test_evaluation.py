"""Metrics with exact numbers, and question files that are checked when they are read."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from index.datatypes import Answer, Article, Hit, Passage, Span
from index.errors import ArticleError
from index.evaluation import (
    Question,
    auroc,
    calibration_error,
    judge,
    read_questions,
    summarise,
)

ARTICLE = Article("a", "A", "One two. Three four. Five six. Seven eight.")
SPANS = (Span(0, 8), Span(9, 20), Span(21, 30), Span(31, 43))


def answer(*ranking: int, shown: Span | None = None, confidence: float = 0.9) -> Answer:
    """Make an answer that ranks the sentences in this order and shows the first."""
    hits = tuple(Hit(ARTICLE, SPANS[i], -float(rank)) for rank, i in enumerate(ranking))
    best = SPANS[ranking[0]]
    passage = Passage(ARTICLE, shown or best, best, "sentence", 0.0, 1)
    return Answer("q", confidence >= 0.5, confidence, (passage,), hits, 1.0)


def test_a_hit_overlaps_the_gold_span() -> None:
    """The rank is that of the first sentence that overlaps the evidence."""
    outcome = judge(Question("a", "1", "q", (Span(25, 27),)), answer(0, 2, 1))
    assert (outcome.rank, outcome.best_is_right) == (2, False)


def test_evidence_is_shown_when_nine_tenths_are() -> None:
    """Nine tenths of every evidence span must lie inside the passages."""
    gold = (Span(0, 10),)
    assert judge(Question("a", "1", "q", gold), answer(0, shown=Span(0, 9))).all_shown
    assert not judge(Question("a", "1", "q", gold), answer(0, shown=Span(0, 8))).all_shown


def test_summary_counts_each_kind_by_itself() -> None:
    """Ranking counts answerable questions, refusing both kinds."""
    outcomes = [
        judge(Question("a", "1", "q", (SPANS[0],)), answer(0, 1)),
        judge(Question("a", "2", "q", (SPANS[1],)), answer(0, 1, confidence=0.4)),
        judge(Question("a", "3", "q", ()), answer(0, confidence=0.6)),
    ]
    summary = summarise(outcomes)

    assert (summary.answerable, summary.impossible) == (2, 1)
    assert (summary.hit_at_1, summary.hit_at_3, summary.mrr) == (0.5, 1.0, 0.75)
    assert (summary.answerable_refused, summary.impossible_answered) == (0.5, 1.0)
    assert summary.auroc == 0.5
    assert summary.characters == 8.0


def test_auroc_counts_pairs_in_the_right_order() -> None:
    """Three of four pairs in order, and a tie as half."""
    truth = np.array([True, True, False, False])
    assert auroc(np.array([0.9, 0.4, 0.5, 0.1]), truth) == 0.75
    assert auroc(np.array([0.9, 0.5, 0.5, 0.1]), truth) == 0.875


def test_calibration_error_is_the_gap_weighted_by_bin() -> None:
    """One bin of .75 that is right half of the time, one of 1.0 that is always right."""
    confidence = np.array([0.75, 0.75, 1.0, 1.0])
    truth = np.array([True, False, True, True])
    assert calibration_error(confidence, truth) == pytest.approx(0.125)


def write(path: Path, **changes: object) -> Path:
    """Write a question file of one article, with *changes* to its question."""
    question = {"id": "q1", "question": "what?", "answer": "two", "start": 4, **changes}
    row = {"id": "a", "title": "A", "text": ARTICLE.text, "questions": [question]}
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    return path


def test_questions_are_read_with_their_spans(tmp_path: Path) -> None:
    """The answer is the evidence unless the file gives spans of its own."""
    [(article, questions)] = read_questions(write(tmp_path / "q.jsonl"))
    assert (article, questions) == (ARTICLE, [Question("a", "q1", "what?", (Span(4, 7),))])

    path = write(tmp_path / "e.jsonl", evidence=[[0, 8], [9, 20]])
    [(_, [question])] = read_questions(path)
    assert question.evidence == (Span(0, 8), Span(9, 20))


def test_a_misplaced_answer_is_refused(tmp_path: Path) -> None:
    """An offset that does not hold its answer names file and line."""
    path = write(tmp_path / "q.jsonl", start=5)
    with pytest.raises(ArticleError) as error:
        list(read_questions(path))
    assert str(error.value) == (
        f"line 1 of {path} is no article with questions (ValueError: the answer of question "
        "'q1' does not stand at 5); see the README for the form."
    )
