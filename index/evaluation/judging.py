"""
What one question got: its answer, compared with its evidence.

The evidence of a question (index.evaluation.question_files), by default its answer alone, is what
a reader needs to see.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.datatypes import Answer, Article, Passage, Span, Tier
from index.evaluation.question_files import Question
from index.evaluation.squad_f1 import words_f1

RANKS = 10  # of the ranking that are looked at; a right sentence further down counts as not found
SHOWN_SHARE = 0.9  # of an evidence span that must be inside the passages to count as shown


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What one question got, judged.

    *off_topic* says that it was asked of another article than its own; it is not *answerable*
    then. *best* is the best sentence of the first passage, and *article* the id of where it
    stands ("" and "" when nothing was found). *rank* is that of the first right sentence, from 1;
    None when it is not among the first ten. *recall* is the share of the evidence's characters
    that the passages show, *characters* how many they show of anything. *words_f1* compares the
    words that the first passage answers with (all of its best sentence when it names none) with
    those of an answerable question's short answer; None without either.
    """

    question: Question
    answerable: bool
    off_topic: bool
    tier: Tier
    confidence: float
    article: str
    best: str
    best_is_right: bool
    rank: int | None
    recall: float
    all_shown: bool
    characters: int
    words_f1: float | None

    @property
    def answered(self) -> bool:
        """Whether the articles answer, or may."""
        return self.tier != "not"


def judge(question: Question, answer: Answer, *, off_topic: bool = False) -> Outcome:
    """Compare one answer with the gold spans."""
    gold = () if off_topic else question.evidence
    right = [_is_gold(question, gold, hit.article, hit.span) for hit in answer.hits[:RANKS]]
    first = answer.passages[0] if answer.passages else None
    own = (passage for passage in answer.passages if passage.article.id == question.article)
    shown = offsets_of(passage.span for passage in own)
    return Outcome(
        question=question,
        answerable=bool(gold),
        off_topic=off_topic,
        tier=answer.tier,
        confidence=answer.confidence,
        article=first.article.id if first else "",
        best=first.article.cut(first.best) if first else "",
        best_is_right=first is not None and _is_gold(question, gold, first.article, first.best),
        rank=right.index(True) + 1 if any(right) else None,
        recall=covered_share(gold, shown),
        all_shown=all(covered_share([span], shown) >= SHOWN_SHARE for span in gold),
        characters=sum(len(passage.span) for passage in answer.passages),
        words_f1=_words_f1(question, first) if gold and question.short and first else None,
    )


def _words_f1(question: Question, passage: Passage) -> float:
    said = passage.article.cut(passage.answer or passage.best)
    return words_f1(said, question.answer)


def _is_gold(question: Question, gold: Sequence[Span], article: Article, span: Span) -> bool:
    return article.id == question.article and any(evidence.overlaps(span) for evidence in gold)


def offsets_of(spans: Iterable[Span]) -> set[int]:
    """The offsets inside any of *spans*, which may overlap."""
    return {offset for span in spans for offset in range(span.start, span.end)}


def covered_share(gold: Sequence[Span], shown: set[int]) -> float:
    """The share of the characters of *gold* that are *shown*."""
    wanted = offsets_of(gold)
    return len(wanted & shown) / max(len(wanted), 1)
