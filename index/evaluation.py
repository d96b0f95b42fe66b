"""
How good the answers are: metrics over question files.

A question file has one article a line, ``{"id", "title", "text", "questions": [{"id", "question",
"answer", "start", "evidence"?: [[start, end], …], "impossible"?: bool}]}``; offsets are code points
of the text. The metrics are those of the field: hit@k (the best sentence, or one of the first k
of the ranking, overlaps a gold span), MRR over the first ten, AUROC and expected calibration error
of the confidence.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.adding import add_articles
from index.corpus import Corpus
from index.database import open_database
from index.datatypes import Answer, Article, Span
from index.encoder import Encoder, Progress
from index.errors import ArticleError
from index.library import open_library
from index.loaders import Loaded
from index.qa import answer_question

SHOWN_SHARE = 0.9  # of an evidence span that must be inside the passages to count as shown
CALIBRATION_BINS = 10  # equal widths, as usual for the expected calibration error


@dataclass(frozen=True, slots=True)
class Question:
    """A judged question about an *article*; no *evidence* when that does not answer it."""

    article: str
    id: str
    question: str
    evidence: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one question got, judged; *off_topic* when it was asked of another article."""

    question: Question
    article: str
    best: str
    answerable: bool
    off_topic: bool
    answered: bool
    confidence: float
    rank: int | None  # of the first right sentence among the first ten, from 1
    best_is_right: bool
    all_shown: bool
    characters: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The metrics of one question file; None where a file has no such questions."""

    answerable: int
    impossible: int
    off_topic: int
    hit_at_1: float | None
    hit_at_3: float | None
    mrr: float | None
    evidence_shown: float | None
    characters: float | None
    answerable_refused: float | None
    impossible_answered: float | None
    off_topic_answered: float | None
    auroc: float | None
    calibration_error: float


def read_questions(path: Path) -> Iterator[tuple[Article, list[Question]]]:
    """
    Read the articles of a question file with their questions.

    Texts are taken as they are, not normalised, so that their offsets hold. Raises ArticleError
    with file and line for a line that is no such article or whose answer does not stand where
    the line says.
    """
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                row = json.loads(line)
                article = Article(row["id"], row["title"], row["text"])
                questions = [_read_question(article, one) for one in row["questions"]]
            except (ValueError, KeyError, TypeError) as exc:
                raise ArticleError(
                    f"line {number} of {path} is no article with questions "
                    f"({type(exc).__name__}: {exc}); see the README for the form."
                ) from exc
            yield article, questions


def _read_question(article: Article, row: dict[str, Any]) -> Question:
    identity, question = str(row["id"]), str(row["question"])
    if row.get("impossible"):
        return Question(article.id, identity, question, ())
    start, answer = row["start"], row["answer"]
    if not isinstance(start, int) or not isinstance(answer, str):
        raise TypeError(f"question {identity!r} needs a text and a number as answer and start")
    if article.text[start : start + len(answer)] != answer:
        raise ValueError(f"the answer of question {identity!r} does not stand at {start}")
    spans: Any = row.get("evidence") or [[start, start + len(answer)]]
    return Question(article.id, identity, question, tuple(Span(*span) for span in spans))


def evaluate(
    path: Path,
    encoder: Encoder,
    *,
    whole_library: bool = False,
    threshold: float | None = None,
    progress: Progress | None = None,
) -> list[Outcome]:
    """
    Ask every question of a file, of its own article and (off topic) of another one.

    With *whole_library* the search is not narrowed to the article, and nothing is off topic. The
    articles are kept in memory. Raises ArticleError for a file that cannot be used.
    """
    rows = list(read_questions(path))
    library = open_library(open_database("sqlite://"), "evaluation")
    articles = [Loaded(article, explicit_id=True) for article, _ in rows]
    for done, _ in enumerate(add_articles(library, lambda: encoder, articles), start=1):
        if progress:
            progress(done, len(rows))
    corpus = Corpus(library, encoder)
    trials = _trials(rows, whole_library=whole_library)
    outcomes = []
    for done, (question, article) in enumerate(trials, start=1):
        answer = answer_question(question.question, corpus, article=article, threshold=threshold)
        outcomes.append(judge(question, answer, off_topic=article not in {None, question.article}))
        if progress:
            progress(done, len(trials))
    return outcomes


def _trials(
    rows: Sequence[tuple[Article, Sequence[Question]]], *, whole_library: bool
) -> list[tuple[Question, str | None]]:
    """Each question with the id of the article that it is asked of, None for all of them."""
    trials: list[tuple[Question, str | None]] = []
    for number, (article, questions) in enumerate(rows):
        # The next article that is about something else, as far as titles tell.
        behind = (other for other, _ in [*rows[number + 1 :], *rows[:number]])
        other = next((one.id for one in behind if one.title != article.title), None)
        for question in questions:
            trials.append((question, None if whole_library else article.id))
            if other is not None and not whole_library:
                trials.append((question, other))
    return trials


def judge(question: Question, answer: Answer, *, off_topic: bool = False) -> Outcome:
    """Compare one answer with the gold spans."""
    gold = () if off_topic else question.evidence
    right = [_is_gold(question, gold, hit.article, hit.span) for hit in answer.hits[:10]]
    first = answer.passages[0] if answer.passages else None
    shown = [one.span for one in answer.passages if one.article.id == question.article]
    return Outcome(
        question=question,
        article=first.article.id if first else "",
        best=first.article.cut(first.best) if first else "",
        answerable=bool(gold),
        off_topic=off_topic,
        answered=answer.answered,
        confidence=answer.confidence,
        rank=right.index(True) + 1 if any(right) else None,
        best_is_right=first is not None and _is_gold(question, gold, first.article, first.best),
        all_shown=all(_covered(span, shown) >= SHOWN_SHARE for span in gold),
        characters=sum(len(passage.span) for passage in answer.passages),
    )


def _is_gold(question: Question, gold: Sequence[Span], article: Article, span: Span) -> bool:
    return article.id == question.article and any(one.overlaps(span) for one in gold)


def _covered(gold: Span, shown: Sequence[Span]) -> float:
    """The share of *gold* that lies inside the passages, which never overlap."""
    inside = sum(max(0, min(gold.end, span.end) - max(gold.start, span.start)) for span in shown)
    return inside / max(len(gold), 1)


def summarise(outcomes: Sequence[Outcome]) -> Summary:
    """
    Bring the outcomes of a question file into its metrics.

    AUROC and the calibration error are over the file's own questions: those that are asked of
    another article are too easy, and would flatter both.
    """
    off = [one for one in outcomes if one.off_topic]
    own = [one for one in outcomes if not one.off_topic]
    yes = [one for one in own if one.answerable]
    no = [one for one in own if not one.answerable]
    confidence = np.array([one.confidence for one in own])
    truth = np.array([one.answerable for one in own])
    return Summary(
        answerable=len(yes),
        impossible=len(no),
        off_topic=len(off),
        hit_at_1=_mean([one.best_is_right for one in yes]),
        hit_at_3=_mean([one.rank is not None and one.rank <= 3 for one in yes]),
        mrr=_mean([1 / one.rank if one.rank else 0.0 for one in yes]),
        evidence_shown=_mean([one.all_shown for one in yes]),
        characters=_mean([one.characters for one in yes]),
        answerable_refused=_mean([not one.answered for one in yes]),
        impossible_answered=_mean([one.answered for one in no]),
        off_topic_answered=_mean([one.answered for one in off]),
        auroc=auroc(confidence, truth) if yes and no else None,
        calibration_error=calibration_error(confidence, truth),
    )


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
