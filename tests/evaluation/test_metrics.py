"""Metrics with exact numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, replace

import numpy as np
import pytest
from fakes import HashingEncoder, hit_of

from index.datatypes import Answer, Article, Passage, Span
from index.evaluation.metrics import (
    Shares,
    Summary,
    auroc,
    calibration_error,
    evaluate,
    judge,
    shares_at,
    summarise,
    worst_answered,
    worst_missed,
)
from index.evaluation.question_files import Question

ARTICLE = Article("a", "A", "One two. Three four. Five six. Seven eight.")
SPANS = (Span(0, 8), Span(9, 20), Span(21, 30), Span(31, 43))


def ask(*gold: Span, question: str = "q") -> Question:
    """Make a question about the article, answered at *gold*."""
    return Question("a", "1", question, gold, ARTICLE.cut(gold[0]) if gold else "")


def answer(
    *ranking: int, shown: Sequence[Span] = (), confidence: float = 0.9, article: Article = ARTICLE
) -> Answer:
    """Make an answer that ranks the sentences in this order and shows the first, or *shown*."""
    hits = tuple(hit_of(article, SPANS[i], -float(rank)) for rank, i in enumerate(ranking))
    best = SPANS[ranking[0]]
    passages = [Passage(article, span, best, "sentence", 0.0, ()) for span in shown or [best]]
    return Answer("q", confidence >= 0.5, confidence, tuple(passages), hits, 1.0)


# One answer


def test_a_hit_overlaps_the_gold_span() -> None:
    """The rank is that of the first sentence that overlaps the evidence."""
    outcome = judge(ask(Span(25, 27)), answer(0, 2, 1))

    assert (outcome.rank, outcome.best_is_right, outcome.best) == (2, False, "One two.")


def test_touching_is_no_hit() -> None:
    """A sentence that ends where the evidence begins shares no character with it."""
    assert judge(ask(Span(8, 9)), answer(0, 1)).rank is None


def test_any_evidence_makes_a_hit() -> None:
    """Where the evidence is in several places, a sentence at any of them is right."""
    outcome = judge(ask(SPANS[0], SPANS[3]), answer(3, 1))

    assert (outcome.rank, outcome.best_is_right) == (1, True)


def test_ranks_end_at_ten() -> None:
    """What stands further down than the tenth place was not found."""
    assert judge(ask(SPANS[1]), answer(*[0] * 9, 1)).rank == 10
    assert judge(ask(SPANS[1]), answer(*[0] * 10, 1)).rank is None


def test_another_article_is_never_right() -> None:
    """The same offsets in another article are no hit and show no evidence."""
    outcome = judge(ask(SPANS[0]), answer(0, article=replace(ARTICLE, id="b")))

    assert (outcome.article, outcome.rank, outcome.best_is_right) == ("b", None, False)
    assert (outcome.recall, outcome.all_shown) == (0.0, False)


def test_off_topic_is_not_answerable() -> None:
    """Of another article nothing is right, even with evidence in the question's own."""
    outcome = judge(ask(SPANS[0]), answer(0), off_topic=True)

    assert (outcome.off_topic, outcome.answerable, outcome.rank) == (True, False, None)


def test_nothing_found() -> None:
    """An answer without passages is judged too."""
    outcome = judge(ask(SPANS[0]), Answer("q", False, 0.0, (), (), 1.0))

    assert (outcome.article, outcome.best, outcome.rank) == ("", "", None)
    assert (outcome.best_is_right, outcome.recall, outcome.characters) == (False, 0.0, 0)


def test_evidence_is_shown_when_nine_tenths_are() -> None:
    """Nine tenths of every evidence span must lie inside the passages."""
    assert judge(ask(Span(0, 10)), answer(0, shown=[Span(0, 9)])).all_shown
    assert not judge(ask(Span(0, 10)), answer(0, shown=[Span(0, 8)])).all_shown


def test_recall_is_the_share_of_characters() -> None:
    """Half of the evidence's 20 characters are shown: one of two spans, so not all."""
    outcome = judge(ask(Span(0, 10), Span(31, 41)), answer(0, shown=[Span(0, 10)]))

    assert (outcome.recall, outcome.all_shown) == (0.5, False)


def test_several_passages_show_evidence_together() -> None:
    """Parts of a span in two passages add up, and what both show counts once."""
    halves = judge(ask(Span(0, 10)), answer(0, shown=[Span(0, 5), Span(5, 10)]))
    twice = judge(ask(Span(0, 10)), answer(0, shown=[Span(0, 5), Span(0, 5)]))

    assert (halves.recall, halves.characters) == (1.0, 10)
    assert (twice.recall, twice.characters) == (0.5, 10)


# All of them


def test_summary_counts_each_kind_by_itself() -> None:
    """Ranking counts answerable questions, refusing all three kinds."""
    outcomes = [
        judge(ask(SPANS[0]), answer(0, 1)),
        judge(ask(SPANS[1]), answer(0, 1, confidence=0.4)),
        judge(ask(SPANS[3]), answer(0, 1, 2, 3)),
        judge(ask(SPANS[3]), answer(0, shown=[Span(0, 12)])),
        judge(ask(), answer(0, confidence=0.6)),
        judge(ask(SPANS[0]), answer(0, confidence=0.2), off_topic=True),
        judge(ask(SPANS[0]), answer(0, confidence=0.7), off_topic=True),
    ]

    assert summarise(outcomes) == Summary(
        answerable=4,
        impossible=1,
        off_topic=2,
        hit_at_1=0.25,
        hit_at_3=0.5,
        mrr=pytest.approx((1 + 1 / 2 + 1 / 4 + 0) / 4),
        evidence_recall=0.25,
        evidence_shown=0.25,
        characters=9.0,
        answerable_refused=0.25,
        impossible_answered=1.0,
        off_topic_answered=0.5,
        auroc=0.75,  # .9, .9 and .9 are above .6, and .4 is not
        # Bins of .9 (three, all answerable), .4 (one, answerable), .6 (one that is not).
        calibration_error=pytest.approx(3 / 5 * 0.1 + 1 / 5 * 0.6 + 1 / 5 * 0.6),
    )


def test_what_a_file_lacks_has_no_metric() -> None:
    """Without questions of a kind there is no share of them, rather than zero."""
    empty = summarise([])
    one_kind = summarise([judge(ask(SPANS[0]), answer(0))])

    assert set(astuple(empty)[3:]) == {None}
    assert (one_kind.hit_at_1, one_kind.auroc, one_kind.impossible_answered) == (1.0, None, None)


def test_shares_at_a_threshold() -> None:
    """A question counts as answered when its confidence reaches the threshold."""
    outcomes = [
        *(judge(ask(SPANS[0]), answer(0, confidence=c)) for c in (0.3, 0.5, 0.7, 0.9)),
        *(judge(ask(), answer(0, confidence=c)) for c in (0.1, 0.5)),
    ]

    assert shares_at(0.5, outcomes) == Shares(0.5, 0.25, 0.5, None)
    assert shares_at(0.6, outcomes) == Shares(0.6, 0.5, 0.0, None)


def test_worst_missed_are_those_furthest_down() -> None:
    """Refused and not found are worst, the least confident first; then by rank; right is right."""
    right = judge(ask(SPANS[0]), answer(0))
    refused = judge(ask(SPANS[0]), answer(0, confidence=0.3))
    second = judge(ask(SPANS[1]), answer(0, 1))
    fourth = judge(ask(SPANS[3]), answer(0, 1, 2, 3))
    absent = judge(ask(SPANS[3]), answer(0, confidence=0.8))
    outcomes = [right, second, absent, fourth, refused, judge(ask(), answer(0))]

    assert worst_missed(outcomes, 9) == [refused, absent, fourth, second]
    assert worst_missed(outcomes, 1) == [refused]


def test_worst_answered_are_the_most_confident() -> None:
    """Of unanswerable questions, on the topic or off it, those answered with most confidence."""
    sure = judge(ask(), answer(0, confidence=0.9))
    off = judge(ask(SPANS[0]), answer(0, confidence=0.95), off_topic=True)
    refused = judge(ask(), answer(0, confidence=0.4))

    assert worst_answered([sure, refused, off, judge(ask(SPANS[0]), answer(0))], 9) == [off, sure]


# Exact numbers of the two curves


def test_auroc_counts_pairs_in_the_right_order() -> None:
    """Three of four pairs in order, and a tie as half."""
    truth = np.array([True, True, False, False])
    assert auroc(np.array([0.9, 0.4, 0.5, 0.1]), truth) == 0.75
    assert auroc(np.array([0.9, 0.5, 0.5, 0.1]), truth) == 0.875


def test_calibration_bins_are_half_open() -> None:
    """.1 falls into the second of ten bins, and 1 into the last."""
    confidence = np.array([0.0, 0.1, 1.0, 0.95])
    truth = np.array([True, False, False, True])
    assert calibration_error(confidence, truth) == pytest.approx((1.0 + 0.1 + 2 * 0.475) / 4)


def test_calibration_error_is_the_gap_weighted_by_bin() -> None:
    """One bin of .75 that is right half of the time, one of 1.0 that is always right."""
    confidence = np.array([0.75, 0.75, 1.0, 1.0])
    truth = np.array([True, False, True, True])
    assert calibration_error(confidence, truth) == pytest.approx(0.125)


# Asking


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

    assert [(one.question.article, one.article, one.off_topic) for one in outcomes] == [
        ("storm", "storm", False),
        ("storm", "baker", True),
        ("baker", "baker", False),
        ("baker", "storm", True),
        ("baker", "baker", False),
        ("baker", "storm", True),
    ]
    assert [one.rank for one in outcomes] == [1, None, 1, None, None, None]


def test_another_article_has_another_title() -> None:
    """An article of the same title is about the same thing, so none is off topic."""
    rows = [(replace(article, title="T"), questions) for article, questions in ROWS]

    assert not any(one.off_topic for one in evaluate(rows, HashingEncoder()))


def test_the_whole_library_is_asked_at_once() -> None:
    """With whole_library each question is asked once, and sentences of all articles are ranked."""
    outcomes = evaluate(ROWS, HashingEncoder(), whole_library=True)

    assert [(one.question.id, one.article) for one in outcomes][:2] == [
        ("the old pier", "storm"), ("bread", "baker"),
    ]  # fmt: skip
    assert not any(one.off_topic for one in outcomes)
    assert len(outcomes) == 3


def test_a_text_that_stands_twice_in_the_file() -> None:
    """Questions about the second copy of a text are judged like those about the first."""
    copy = replace(STORM, id="copy")
    rows = [*ROWS, (copy, [about(copy, "the old pier", "what broke the old pier?")])]

    for whole_library in (False, True):
        outcomes = evaluate(rows, HashingEncoder(), whole_library=whole_library)
        [last] = [one for one in outcomes if one.answerable][2:]
        assert (last.question.article, last.rank, last.all_shown) == ("storm", 1, True)


@pytest.mark.parametrize(("threshold", "answered"), [(0.0, True), (1.0, False)])
def test_the_threshold_decides(threshold: float, answered: bool) -> None:
    """The given threshold is used for every question."""
    outcomes = evaluate(ROWS, HashingEncoder(), threshold=threshold)

    assert {one.answered for one in outcomes if one.confidence} == {answered}


def test_progress_counts_articles_and_questions() -> None:
    """Two articles and six trials are eight steps."""
    steps: list[tuple[int, int]] = []

    evaluate(ROWS, HashingEncoder(), progress=lambda *step: steps.append(step))

    assert steps == [(done, 8) for done in range(1, 9)]
