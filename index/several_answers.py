"""Answers to several questions of one message, made into one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain, zip_longest
from typing import TypeVar

from index.datatypes import Answer, Hit, LazyPassages, Passage, Span, Tier
from index.text.passages import overlap

T = TypeVar("T")

TIERS: tuple[Tier, ...] = ("not", "may", "says")
MAX_HITS = 10


def no_answer(question: str) -> Answer:
    """The answer of articles without a sentence."""
    return Answer(question, tier="not", confidence=0.0, passages=(), hits=(), elapsed_ms=0.0)


def combine_answers(answers: Sequence[Answer], max_passages: int) -> Answer:
    """Make one answer of those to several questions: what is answered, in turns."""
    if not answers:
        return no_answer("")
    if len(answers) == 1:
        return answers[0]
    shared = [answer for answer in answers if answer.answered] or answers
    passages = _without_overlaps(_interleave([answer.passages for answer in shared]))
    shown = passages[:max_passages]
    return Answer(
        question="",
        tier=max((answer.tier for answer in answers), key=TIERS.index),
        confidence=max(answer.confidence for answer in answers),
        passages=tuple(shown),
        hits=_distinct(_interleave([answer.hits for answer in shared]))[:MAX_HITS],
        elapsed_ms=0.0,
        further=LazyPassages(lambda: _further_passages(passages, shown, shared)),
        unanswered=tuple(answer.question for answer in answers if answer not in shared),
        parts=_share(answers, max_passages),
    )


def _share(answers: Sequence[Answer], max_passages: int) -> tuple[Answer, ...]:
    """*answers* with so many passages together, but at least one each; the first have more."""
    answered = [answer for answer in answers if answer.answered]
    turns = range(max(max_passages, len(answered)))
    numbers = {id(answer): len(turns[i :: len(answered)]) for i, answer in enumerate(answered)}
    return tuple(
        replace(answer, passages=answer.passages[: numbers.get(id(answer), 1)])
        for answer in answers
    )


def _further_passages(
    passages: Sequence[Passage], shown: Sequence[Passage], answers: Iterable[Answer]
) -> list[Passage]:
    """What *answers* have to read on, behind those of *passages* that are *shown*."""
    rest = _interleave([answer.further for answer in answers])
    return _without_overlaps([*passages, *rest])[len(shown) :]


def _distinct(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """*hits* without repetitions; a sentence with two scores, of two questions, counts twice."""
    kept: dict[tuple[str, Span, float], Hit] = {}
    for hit in hits:
        kept.setdefault((hit.article.id, hit.span, hit.score), hit)
    return tuple(kept.values())


def _without_overlaps(passages: Iterable[Passage]) -> list[Passage]:
    """*passages* without those that share text with an earlier one."""
    kept: list[Passage] = []
    for passage in passages:
        if not any(overlap(passage, earlier) for earlier in kept):
            kept.append(passage)
    return kept


def _interleave(rankings: Iterable[Iterable[T]]) -> list[T]:
    """The first of each of *rankings*, then the second of each, and so on."""
    return [item for item in chain.from_iterable(zip_longest(*rankings)) if item is not None]
