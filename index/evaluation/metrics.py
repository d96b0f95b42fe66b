"""How good the answers to a question file are: its outcomes, brought into figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from index.datatypes import Tier
from index.evaluation.judging import RANKS, Outcome

CALIBRATION_BINS = 10  # equal widths, as usual for the expected calibration error


@dataclass(frozen=True, slots=True)
class Shares:
    """What a *threshold* would refuse and let through; None where there are no such questions."""

    threshold: float
    answerable_refused: float | None
    impossible_answered: float | None
    off_topic_answered: float | None


@dataclass(frozen=True, slots=True)
class Summary:
    """
    The metrics of one question file; None where it has no questions of the kind.

    Of the *answerable* questions: *hit_at_1* is the share whose first passage's best sentence
    overlaps the evidence, *hit_at_3* the share with such a sentence among the first three of the
    ranking, *mrr* the mean reciprocal rank of the first such sentence (0 beyond the first ten),
    *evidence_recall* the mean share of the evidence's characters inside the passages,
    *evidence_shown* the share of questions of which nine tenths of every evidence span are,
    *characters* the mean length of what is shown, all passages together.

    *auroc* and *calibration_error* are those of the confidence, over the answerable and the
    *impossible* questions. Those that are asked of another article (*off_topic*) are too easy,
    and would flatter both; *auroc_off_topic* is the answerable ones against them alone.
    *auroc_matched* is that of the matched questions, between which wording does not tell.
    *words_f1* is the mean over the answerable questions with a short answer.
    """

    answerable: int
    impossible: int
    off_topic: int
    hit_at_1: float | None
    hit_at_3: float | None
    mrr: float | None
    evidence_recall: float | None
    evidence_shown: float | None
    characters: float | None
    answerable_refused: float | None
    impossible_answered: float | None
    off_topic_answered: float | None
    auroc: float | None
    auroc_matched: float | None
    auroc_off_topic: float | None
    calibration_error: float | None
    words_f1: float | None


@dataclass(frozen=True, slots=True)
class TierRow:
    """
    What is in a *tier*: how many questions of each kind.

    *answerable_right* are the answerable ones whose first passage is right, *right* is their share
    of all in the tier that are not off topic, *share* the share of all answerable questions that
    is in the tier; both are None where there are none.
    """

    tier: Tier
    answerable: int
    answerable_right: int
    impossible: int
    off_topic: int
    right: float | None
    share: float | None


def summarise(outcomes: Sequence[Outcome]) -> Summary:
    """Bring the outcomes of a question file into its metrics."""
    yes, no, off = by_kind(outcomes)
    own = [*yes, *no]
    confidence = np.array([outcome.confidence for outcome in own])
    truth = np.array([outcome.answerable for outcome in own])
    return Summary(
        answerable=len(yes),
        impossible=len(no),
        off_topic=len(off),
        hit_at_1=_mean([outcome.best_is_right for outcome in yes]),
        hit_at_3=_mean([outcome.rank is not None and outcome.rank <= 3 for outcome in yes]),
        mrr=_mean([1 / outcome.rank if outcome.rank else 0.0 for outcome in yes]),
        evidence_recall=_mean([outcome.recall for outcome in yes]),
        evidence_shown=_mean([outcome.all_shown for outcome in yes]),
        characters=_mean([outcome.characters for outcome in yes]),
        answerable_refused=_mean([not outcome.answered for outcome in yes]),
        impossible_answered=_mean([outcome.answered for outcome in no]),
        off_topic_answered=_mean([outcome.answered for outcome in off]),
        auroc=_auroc_of(yes, no),
        auroc_matched=_auroc_of(_matched(yes), _matched(no)),
        auroc_off_topic=_auroc_of(yes, off),
        calibration_error=calibration_error(confidence, truth) if own else None,
        words_f1=_mean([outcome.words_f1 for outcome in yes if outcome.words_f1 is not None]),
    )


def _matched(outcomes: Sequence[Outcome]) -> list[Outcome]:
    return [outcome for outcome in outcomes if outcome.question.matched]


def _auroc_of(yes: Sequence[Outcome], no: Sequence[Outcome]) -> float | None:
    """The AUROC of the confidence between two kinds of questions, None if either is missing."""
    if not yes or not no:
        return None
    confidence = np.array([outcome.confidence for outcome in (*yes, *no)])
    return auroc(confidence, np.arange(len(confidence)) < len(yes))


def tabulate_tiers(outcomes: Sequence[Outcome]) -> tuple[TierRow, ...]:
    """What is in each tier, the surest first."""
    return tuple(_tabulate_tier(tier, outcomes) for tier in get_args(Tier))


def _tabulate_tier(tier: Tier, outcomes: Sequence[Outcome]) -> TierRow:
    yes, no, off = by_kind([outcome for outcome in outcomes if outcome.tier == tier])
    right = [outcome.best_is_right for outcome in (*yes, *no)]
    answerable = [outcome.tier == tier for outcome in outcomes if outcome.answerable]
    return TierRow(
        tier=tier,
        answerable=len(yes),
        answerable_right=sum(right),
        impossible=len(no),
        off_topic=len(off),
        right=_mean(right),
        share=_mean(answerable),
    )


def by_kind(outcomes: Sequence[Outcome]) -> tuple[list[Outcome], list[Outcome], list[Outcome]]:
    """The outcomes that are answerable, impossible, and off topic."""
    return (
        [outcome for outcome in outcomes if outcome.answerable],
        [outcome for outcome in outcomes if not outcome.answerable and not outcome.off_topic],
        [outcome for outcome in outcomes if outcome.off_topic],
    )


def shares_at(threshold: float, outcomes: Sequence[Outcome]) -> Shares:
    """What would be refused and answered if *threshold* were the setting."""
    yes, no, off = by_kind(outcomes)
    return Shares(
        threshold=threshold,
        answerable_refused=_mean([outcome.confidence < threshold for outcome in yes]),
        impossible_answered=_mean([outcome.confidence >= threshold for outcome in no]),
        off_topic_answered=_mean([outcome.confidence >= threshold for outcome in off]),
    )


def worst_missed(outcomes: Sequence[Outcome], count: int) -> list[Outcome]:
    """
    The *count* answerable questions with the worst answers, the worst first.

    The further down the right sentence, the worse; a refusal is as bad as not finding it. Among
    equals the least confident comes first. Those with the right sentence on top are not here.
    """
    missed = [
        outcome
        for outcome in by_kind(outcomes)[0]
        if _depth(outcome) > 1 or not outcome.best_is_right
    ]
    return sorted(missed, key=lambda outcome: (-_depth(outcome), outcome.confidence))[:count]


def _depth(outcome: Outcome) -> int:
    """How far down an answerable question's right sentence is."""
    return outcome.rank if outcome.answered and outcome.rank else RANKS + 1


def worst_answered(outcomes: Sequence[Outcome], count: int) -> list[Outcome]:
    """The *count* unanswerable questions that were answered with the highest confidence."""
    answered = [outcome for outcome in outcomes if not outcome.answerable and outcome.answered]
    return sorted(answered, key=lambda outcome: -outcome.confidence)[:count]


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None


def auroc(confidence: NDArray[np.float64], truth: NDArray[np.bool_]) -> float:
    """
    The probability that an answerable question is more confident than an unanswerable one.

    Mann-Whitney's U over the number of pairs; a tie counts half. Both arrays have shape (n,), and
    both kinds of question must occur.
    """
    yes, no = confidence[truth], confidence[~truth]
    above = np.searchsorted(np.sort(no), yes, side="left").sum()
    not_below = np.searchsorted(np.sort(no), yes, side="right").sum()
    return float((above + not_below) / 2 / (len(yes) * len(no)))


def calibration_error(confidence: NDArray[np.float64], truth: NDArray[np.bool_]) -> float:
    """
    Expected calibration error: how far confidence lies from the share that is answerable.

    The mean over bins of equal width, weighted by how many questions fall into each (Naeini et
    al. 2015). Both arrays have shape (n,).
    """
    bins = np.minimum((confidence * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    gaps = [
        abs(confidence[bins == i].mean() - truth[bins == i].mean()) * (bins == i).mean()
        for i in range(CALIBRATION_BINS)
        if (bins == i).any()
    ]
    return float(sum(gaps))
