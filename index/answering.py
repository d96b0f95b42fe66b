"""From a message to an answer: the pipeline, readable from top to bottom."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from index.datatypes import Answer, Hit, LazyPassages, Passage, Span, Tier
from index.ranking.answer_types import packaged_answer_types
from index.ranking.block_scores import pass_on, row_confidence, row_scores
from index.ranking.candidate_sentences import Candidates, Query
from index.ranking.ranker import Ranking, rank
from index.reading.fused_ranking import FusedRanking, Reader, judge_candidates
from index.retrieval.corpus import Corpus
from index.text.followups import question_variants
from index.text.messages import check_question, read_message
from index.text.passages import build_passages, further_passages, gather_passages, overlap
from index.text.summary import summary_sentences
from index.text.surrogates import replace_surrogates

if TYPE_CHECKING:
    from index.ranking.crossencoder import Reranker
    from index.storage.library import Library

T = TypeVar("T")

TIERS: tuple[Tier, ...] = ("not", "may", "says")
MAX_HITS = 10
OWN_WORDS_WEIGHT = 2.0  # weight of a follow-up's own words beside the question that it completes
UNSURE_CONFIDENCE = 0.5  # below this, the best passage more likely than not does not answer
# Hits that passages are built of; what stands further down is never shown.
PASSAGE_DEPTH = 50


@dataclass(frozen=True, slots=True)
class Answerer:
    """
    What answers questions from a *corpus*, whoever asks; several threads may use one.

    *reader* reads question and text together, None for none; *threshold* is the confidence from
    which a question counts as answered, None for the calibrated one.
    """

    corpus: Corpus
    reranker: Reranker | None = None
    max_passages: int = 3
    threshold: float | None = None
    reader: Reader | None = None

    @property
    def library(self) -> Library:
        """The articles that are asked."""
        return self.corpus.library

    def answer(
        self, question: str, *, article: str | None = None, history: Sequence[str] = ()
    ) -> Answer:
        """
        Answer *question* with passages of the library, or of the *article* with that id only.

        *history* holds the earlier questions of the conversation, the oldest first.

        1. Follow the database. 2. Read the message: what is asked, what it leans on, what is
        mistyped. 3. Look each question up. 4. Make one answer of theirs.

        Raises QuestionError for a blank or overlong question, NotFoundError for an unknown article,
        LibraryError when the database fails.
        """
        started = time.perf_counter()
        check_question(question)
        question = replace_surrogates(question)
        self.corpus.refresh()
        keys = None if article is None else [self.corpus.key_of(article)]
        message = read_message(question)
        earlier = [past for turn in history for past in _questions_of(turn)]
        answers = []
        for asked in message.questions:
            variants = [self.corpus.spell(text) for text in question_variants(asked, earlier)]
            answers.append(replace(self._answer_one(variants, keys), question=asked))
            earlier.append(asked)
        if message.kind == "summary":
            chosen = keys or self.corpus.newest(self.max_passages)
            answers = [_summarise(self.corpus, chosen, message.sentences or self.max_passages)]
        return replace(
            _combine(answers, self.max_passages),
            question=question,
            kind=message.kind,
            elapsed_ms=(time.perf_counter() - started) * 1000,
        )

    def count_articles(self, article: str | None = None) -> int:
        """How many articles a question is answered from."""
        return 1 if article is not None else self.library.count()

    def _answer_one(self, variants: Sequence[str], keys: Sequence[int] | None) -> Answer:
        """
        Answer one question, given in one or two variants, from the articles *keys*, None for all.

        1. Encode. 2. Find candidates. 3. Rank them by what matches, and say how sure that is.
        4. Read the best of them together with the question. 5. Quote.
        """
        encoded = self.corpus.encoder.encode_tokens(variants)
        queries = [Query(text, tokens) for text, tokens in zip(variants, encoded, strict=True)]
        candidates = self.corpus.find(queries[0], keys)
        if not len(candidates):
            return _nothing(variants[0])
        rankings = self._rank(queries, candidates)
        articles = self.corpus.count(keys)
        judged = judge_candidates(self.reader, queries, candidates, rankings, articles)
        rows = row_scores(queries[0].text, candidates)
        scores = pass_on(candidates, judged.scores + rows)
        judged = replace(
            judged,
            scores=scores,
            matched=pass_on(candidates, judged.matched + rows),
            confidence=max(judged.confidence, row_confidence(rows, scores)),
        )
        order, beside = judged.order[:MAX_HITS], judged.order_beside[:PASSAGE_DEPTH]
        near = [candidates.hit(i, float(judged.matched[i])) for i in beside]
        unsure = judged.confidence < UNSURE_CONFIDENCE
        passages = build_passages(variants[0], near, self.max_passages, unsure=unsure)
        places = {candidates.place(i): i for i in beside}
        return Answer(
            question=variants[0],
            tier=judged.tier(self.threshold),
            confidence=judged.confidence,
            passages=_as_judged(passages, judged, places),
            hits=tuple(candidates.hit(i, float(judged.scores[i])) for i in order),
            elapsed_ms=0.0,
            further=LazyPassages(
                lambda: _as_judged(further_passages(near, passages), judged, places)
            ),
        )

    def _rank(self, queries: Sequence[Query], candidates: Candidates) -> list[Ranking]:
        """Rank *candidates* for each variant of a question; all rankings have the same scores."""
        types = packaged_answer_types(self.corpus.encoder.identity)
        rankings = [rank(query, candidates, answer_types=types) for query in queries]
        scores = rankings[0].scores
        for ranking in rankings[1:]:
            both = (scores + OWN_WORDS_WEIGHT * ranking.scores) / (1 + OWN_WORDS_WEIGHT)
            scores = np.asarray(both, np.float32)
        if self.reranker is not None:
            texts = [sentence.text for sentence in candidates.sentences]
            scores = self.reranker(queries[0].text, texts, scores)
        return [replace(ranking, scores=scores) for ranking in rankings]


def _nothing(question: str) -> Answer:
    """The answer of articles without a sentence."""
    return Answer(question, tier="not", confidence=0.0, passages=(), hits=(), elapsed_ms=0.0)


def _as_judged(
    passages: Iterable[Passage], judged: FusedRanking, places: Mapping[tuple[str, Span], int]
) -> tuple[Passage, ...]:
    """*passages* with the scores and the answering words of their best sentences, at *places*."""
    found = ((passage, places[passage.article.id, passage.best]) for passage in passages)
    return tuple(
        replace(passage, score=float(judged.scores[i]), answer=judged.words.get(i))
        for passage, i in found
    )


def _questions_of(message: str) -> Sequence[str]:
    """The questions of an earlier *message*."""
    return read_message(replace_surrogates(message)).questions


def _summarise(corpus: Corpus, keys: Sequence[int], number: int) -> Answer:
    """Quote the central sentences of the articles *keys*, one each when there are several."""
    hits: list[Hit] = []
    for loaded, vectors in corpus.read(keys):
        if len(vectors):
            share = number if len(keys) == 1 else 1
            chosen = summary_sentences(loaded, vectors, share)
            hits += [Hit(loaded, position, 0.0) for position in chosen]
    passages = gather_passages(hits, max(number, len(keys)))
    found = bool(passages)
    return Answer("", "says" if found else "not", float(found), passages, tuple(hits), 0.0)


def _combine(answers: Sequence[Answer], max_passages: int) -> Answer:
    """Make one answer of those to several questions: what is answered, in turns."""
    if not answers:
        return _nothing("")
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
