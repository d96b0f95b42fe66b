"""
How good the answers are: metrics over question files.

The evidence of a question (index.evaluation.question_files), by default its answer alone, is what
a reader needs to see.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.answering import Answerer
from index.datatypes import Answer, Article, Span
from index.encoding.protocol import Encoder, Progress
from index.evaluation.question_files import Question, Questions
from index.ranking.crossencoder import Reranker
from index.retrieval.corpus import Corpus
from index.storage.database import open_database
from index.storage.ingest import add_articles
from index.storage.library import open_library
from index.text.readers import ReadArticle

RANKS = 10  # of the ranking that are looked at; a right sentence further down counts as not found
SHOWN_SHARE = 0.9  # of an evidence span that must be inside the passages to count as shown
CALIBRATION_BINS = 10  # equal widths, as usual for the expected calibration error


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What one question got, judged.

    *off_topic* says that it was asked of another article than its own; it is not *answerable*
    then. *best* is the best sentence of the first passage, and *article* the id of where it
    stands ("" and "" when nothing was found). *rank* is that of the first right sentence, from 1;
    None when it is not among the first ten. *recall* is the share of the evidence's characters
    that the passages show, *characters* how many they show of anything.
    """

    question: Question
    answerable: bool
    off_topic: bool
    answered: bool
    confidence: float
    article: str
    best: str
    best_is_right: bool
    rank: int | None
    recall: float
    all_shown: bool
    characters: int


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
    and would flatter both.
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
    calibration_error: float | None


def evaluate(  # noqa: PLR0913 (what a measurement may vary)
    rows: Questions,
    encoder: Encoder,
    reranker: Reranker | None = None,
    *,
    whole_library: bool = False,
    threshold: float | None = None,
    progress: Progress | None = None,
) -> list[Outcome]:
    """
    Ask every question of its own article, and (off topic) of another one.

    With *whole_library* all articles are asked together, and nothing is off topic. They are kept
    in memory. *progress* counts articles and questions together.
    """
    library = open_library(open_database("sqlite://"), "evaluation")
    trials = _trials(rows, whole_library=whole_library)
    advance = _counter(len(rows) + len(trials), progress)
    first_ids = {}  # a text that occurs twice is found under its first id
    articles = [ReadArticle(article, explicit_id=True) for article, _ in rows]
    for added in add_articles(library, lambda: encoder, articles):
        first_ids[added.id] = added.known_as or added.id
        advance()
    answerer = Answerer(Corpus(library, encoder), reranker, threshold=threshold)
    outcomes = []
    for question, article in trials:
        answer = answerer.answer(question.question, article=article)
        known = replace(question, article=first_ids[question.article])
        outcomes.append(judge(known, answer, off_topic=article not in {None, question.article}))
        advance()
    return outcomes


def _counter(total: int, progress: Progress | None) -> Callable[[], None]:
    """Make a function that tells *progress* that one more of *total* is done."""
    done = itertools.count(1)
    return lambda: progress(next(done), total) if progress else None


def _trials(rows: Questions, *, whole_library: bool) -> list[tuple[Question, str | None]]:
    """Each question with the id of the article that it is asked of, None for all of them."""
    if whole_library:
        return [(question, None) for _, questions in rows for question in questions]
    trials: list[tuple[Question, str | None]] = []
    for number, (article, questions) in enumerate(rows):
        # The next article that is about something else, as far as titles tell.
        behind = (other for other, _ in [*rows[number + 1 :], *rows[:number]])
        strangers = (one.id for one in behind if one.title != article.title)
        asked = [article.id, *itertools.islice(strangers, 1)]
        trials += [(question, id_) for question in questions for id_ in asked]
    return trials


def judge(question: Question, answer: Answer, *, off_topic: bool = False) -> Outcome:
    """Compare one answer with the gold spans."""
    gold = () if off_topic else question.evidence
    right = [_is_gold(question, gold, hit.article, hit.span) for hit in answer.hits[:RANKS]]
    first = answer.passages[0] if answer.passages else None
    shown = places(one.span for one in answer.passages if one.article.id == question.article)
    return Outcome(
        question=question,
        answerable=bool(gold),
        off_topic=off_topic,
        answered=answer.answered,
        confidence=answer.confidence,
        article=first.article.id if first else "",
        best=first.article.cut(first.best) if first else "",
        best_is_right=first is not None and _is_gold(question, gold, first.article, first.best),
        rank=right.index(True) + 1 if any(right) else None,
        recall=covered(gold, shown),
        all_shown=all(covered([span], shown) >= SHOWN_SHARE for span in gold),
        characters=sum(len(passage.span) for passage in answer.passages),
    )


def _is_gold(question: Question, gold: Sequence[Span], article: Article, span: Span) -> bool:
    return article.id == question.article and any(one.overlaps(span) for one in gold)


def places(spans: Iterable[Span]) -> set[int]:
    """The offsets inside any of *spans*, which may overlap."""
    return {place for span in spans for place in range(span.start, span.end)}


def covered(gold: Sequence[Span], shown: set[int]) -> float:
    """The share of the characters of *gold* that are *shown*."""
    wanted = places(gold)
    return len(wanted & shown) / max(len(wanted), 1)


def summarise(outcomes: Sequence[Outcome]) -> Summary:
    """Bring the outcomes of a question file into its metrics."""
    yes, no, off = by_kind(outcomes)
    own = [*yes, *no]
    confidence = np.array([one.confidence for one in own])
    truth = np.array([one.answerable for one in own])
    return Summary(
        answerable=len(yes),
        impossible=len(no),
        off_topic=len(off),
        hit_at_1=_mean([one.best_is_right for one in yes]),
        hit_at_3=_mean([one.rank is not None and one.rank <= 3 for one in yes]),
        mrr=_mean([1 / one.rank if one.rank else 0.0 for one in yes]),
        evidence_recall=_mean([one.recall for one in yes]),
        evidence_shown=_mean([one.all_shown for one in yes]),
        characters=_mean([one.characters for one in yes]),
        answerable_refused=_mean([not one.answered for one in yes]),
        impossible_answered=_mean([one.answered for one in no]),
        off_topic_answered=_mean([one.answered for one in off]),
        auroc=auroc(confidence, truth) if yes and no else None,
        calibration_error=calibration_error(confidence, truth) if own else None,
    )


def by_kind(outcomes: Sequence[Outcome]) -> tuple[list[Outcome], list[Outcome], list[Outcome]]:
    """The outcomes that are answerable, impossible, and off topic."""
    return (
        [one for one in outcomes if one.answerable],
        [one for one in outcomes if not one.answerable and not one.off_topic],
        [one for one in outcomes if one.off_topic],
    )


def shares_at(threshold: float, outcomes: Sequence[Outcome]) -> Shares:
    """What would be refused and answered if *threshold* were the setting."""
    yes, no, off = by_kind(outcomes)
    return Shares(
        threshold=threshold,
        answerable_refused=_mean([one.confidence < threshold for one in yes]),
        impossible_answered=_mean([one.confidence >= threshold for one in no]),
        off_topic_answered=_mean([one.confidence >= threshold for one in off]),
    )


def worst_missed(outcomes: Sequence[Outcome], count: int) -> list[Outcome]:
    """
    The *count* answerable questions with the worst answers, the worst first.

    The further down the right sentence, the worse; a refusal is as bad as not finding it. Among
    equals the least confident comes first. Those with the right sentence on top are not here.
    """
    missed = [one for one in by_kind(outcomes)[0] if _depth(one) > 1 or not one.best_is_right]
    return sorted(missed, key=lambda one: (-_depth(one), one.confidence))[:count]


def _depth(outcome: Outcome) -> int:
    """How far down an answerable question's right sentence is."""
    return outcome.rank if outcome.answered and outcome.rank else RANKS + 1


def worst_answered(outcomes: Sequence[Outcome], count: int) -> list[Outcome]:
    """The *count* unanswerable questions that were answered with the highest confidence."""
    answered = [one for one in outcomes if not one.answerable and one.answered]
    return sorted(answered, key=lambda one: -one.confidence)[:count]


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
