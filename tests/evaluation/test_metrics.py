"""Metrics with exact numbers."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest
from judged_questions import SPANS, answer, ask

from index.datatypes import Span
from index.evaluation.judging import judge
from index.evaluation.metrics import (
    Shares,
    Summary,
    TierRow,
    auroc,
    calibration_error,
    shares_at,
    summarise,
    tabulate_tiers,
    worst_answered,
    worst_missed,
)


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
        auroc_matched=None,
        auroc_off_topic=0.875,  # .4 is above .2, and not above .7
        # Bins of .9 (three, all answerable), .4 (one, answerable), .6 (one that is not).
        calibration_error=pytest.approx(3 / 5 * 0.1 + 1 / 5 * 0.6 + 1 / 5 * 0.6),
        words_f1=None,
    )


def test_matched_questions_have_an_auroc_of_their_own() -> None:
    """Only the questions of matched pairs count: .9 is above .6, and .4 is not."""
    outcomes = [
        judge(ask(SPANS[0], matched=True), answer(0)),
        judge(ask(SPANS[0], matched=True), answer(0, confidence=0.4)),
        judge(ask(SPANS[0]), answer(0)),
        judge(ask(matched=True), answer(0, confidence=0.6)),
        judge(ask(), answer(0, confidence=0.1)),
        judge(ask(SPANS[0], matched=True), answer(0, confidence=0.3), off_topic=True),
    ]

    assert summarise(outcomes).auroc_matched == 0.5


def test_answer_words_are_averaged_where_they_are_compared() -> None:
    """Two thirds and none, and a question with a long answer, which does not count."""
    outcomes = [
        judge(ask(Span(4, 7), short=True), answer(0)),
        judge(ask(Span(4, 7), short=True), answer(1)),
        judge(ask(SPANS[0]), answer(0)),
    ]

    assert summarise(outcomes).words_f1 == pytest.approx(1 / 3)


def test_tiers_count_each_kind_by_itself() -> None:
    """What it shows is right when an answerable question's first passage is, off topic apart."""
    outcomes = [
        judge(ask(SPANS[0]), answer(0, confidence=0.99)),
        judge(ask(SPANS[0]), answer(0, confidence=0.6)),
        judge(ask(SPANS[1]), answer(0, 1, confidence=0.6)),
        judge(ask(SPANS[0]), answer(0, confidence=0.4)),
        *[judge(ask(), answer(0, confidence=0.6))] * 2,
        judge(ask(SPANS[0]), answer(0, confidence=0.7), off_topic=True),
    ]

    assert tabulate_tiers(outcomes) == (
        TierRow("says", 1, 1, 0, 0, right=1.0, share=0.25),
        TierRow("may", 2, 1, 2, 1, right=0.25, share=0.5),
        TierRow("not", 1, 1, 0, 0, right=1.0, share=0.25),
    )


def test_a_tier_with_nothing_in_it_is_neither_right_nor_wrong() -> None:
    """Its share of the answerable is none, and without answerable questions not known."""
    off_topic = judge(ask(SPANS[0]), answer(0), off_topic=True)
    right = judge(ask(SPANS[0]), answer(0))

    assert tabulate_tiers([off_topic])[1] == TierRow("may", 0, 0, 0, 1, None, None)
    assert tabulate_tiers([right])[0] == TierRow("says", 0, 0, 0, 0, None, 0.0)


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
