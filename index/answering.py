"""From a message to an answer: the pipeline, readable from top to bottom."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from index.datatypes import Answer, Hit, LazyPassages, Passage, Span, Turn
from index.ranking.answer_types import packaged_answer_types
from index.ranking.candidate_sentences import Candidates, Query
from index.ranking.ranker import Ranking, rank
from index.reading.fused_ranking import FusedRanking, Reader, judge_candidates
from index.reading.weighing import weigh
from index.retrieval.corpus import Corpus
from index.several_answers import MAX_HITS, combine_answers, no_answer
from index.stage_clock import Observe, StageClock, ignore
from index.text.as_addressed import as_addressed
from index.text.followup_proof import speaks_of
from index.text.followups import read_question
from index.text.messages import check_question, read_message
from index.text.passages import build_passages, further_passages, gather_passages
from index.text.summary import summary_sentences
from index.text.surrogates import replace_surrogates

if TYPE_CHECKING:
    from index.ranking.crossencoder import Reranker
    from index.storage.library import Library

OWN_WORDS_WEIGHT = 2.0  # weight of a follow-up's own words beside the question that it completes
UNSURE_CONFIDENCE = 0.5  # below this, the best passage more likely than not does not answer
# Hits that passages are built of; what stands further down is never shown.
PASSAGE_DEPTH = 50


@dataclass(frozen=True, slots=True)
class Answerer:
    """
    What answers questions from a *corpus*, whoever asks; several threads may use one.

    *reader* reads question and text together, None for none; *threshold* is the confidence from
    which a question counts as answered, None for the calibrated one; *observe* hears how long each
    stage takes.
    """

    corpus: Corpus
    reranker: Reranker | None = None
    max_passages: int = 3
    threshold: float | None = None
    reader: Reader | None = None
    observe: Observe = ignore

    @property
    def knows_english_only(self) -> bool:
        """Whether the packaged model answers, which knows no other language."""
        return packaged_answer_types(self.corpus.encoder.identity) is not None

    @property
    def library(self) -> Library:
        """The articles that are asked."""
        return self.corpus.library

    def answer(
        self, question: str, *, article: str | None = None, history: Sequence[str | Turn] = ()
    ) -> Answer:
        """
        Answer *question* with passages of the library, or of the *article* with that id only.

        *history* holds the earlier questions of the conversation, the oldest first, with what was
        shown for them where it is known.

        1. Follow the database. 2. Read the message: what is asked, what it leans on, what is
        mistyped. 3. Look each question up. 4. Make one answer of theirs.

        Raises QuestionError for a blank or overlong question, NotFoundError for an unknown article,
        LibraryError when the database fails.
        """
        started = time.perf_counter()
        check_question(question)
        question = replace_surrogates(question)
        clock = StageClock(self.observe)
        self.corpus.refresh()
        clock.lap("refresh")
        keys = None if article is None else [self.corpus.key_of(article)]
        message = read_message(question)
        turns = _turns(history)
        answers = []
        for asked in message.questions:
            reading = read_question(asked, turns)
            variants = [self.corpus.spell(text) for text in reading.variants]
            answer = self._answer_one(variants, keys, reading.new)
            if reading.variants != (asked,) and not _stands(
                answer, self.corpus.spell(asked), turns
            ):
                answer = replace(answer, tier="may")
            answers.append(replace(answer, question=asked, about=reading.about))
            turns.append(answers[-1].turn)
        if message.kind == "summary":
            chosen = keys or self.corpus.newest(self.max_passages)
            answers = [_summarise(self.corpus, chosen, message.sentences or self.max_passages)]
        return replace(
            combine_answers(answers, self.max_passages),
            question=question,
            kind=message.kind,
            elapsed_ms=(time.perf_counter() - started) * 1000,
        )

    def count_articles(self, article: str | None = None) -> int:
        """How many articles a question is answered from."""
        return 1 if article is not None else self.library.count()

    def _answer_one(
        self,
        variants: Sequence[str],
        keys: Sequence[int] | None,
        new: frozenset[str] = frozenset(),
    ) -> Answer:
        """
        Answer one question, given in its variants, from the articles *keys*, None for all.

        *new* are the forms that a fragment brings. 1. Encode. 2. Find candidates. 3. Rank them by
        what matches, and say how sure that is. 4. Read the best of them together with the question.
        5. Hear what blocks and single words say. 6. Quote.
        """
        clock = StageClock(self.observe)
        queries = self._encode(variants)
        clock.lap("encode")
        candidates = self.corpus.find(queries[0], keys)
        clock.lap("find")
        if not len(candidates):
            return no_answer(variants[0])
        rankings = self._rank(queries, candidates)
        clock.lap("rank")
        number = self.corpus.count(keys)
        judged = judge_candidates(self.reader, queries, candidates, rankings, number)
        judged = weigh(variants, candidates, judged, new)
        clock.lap("read")
        order, beside = judged.order[:MAX_HITS], judged.order_beside[:PASSAGE_DEPTH]
        near = [candidates.hit(i, float(judged.matched[i])) for i in beside]
        unsure = judged.confidence < UNSURE_CONFIDENCE
        passages = build_passages(variants[0], near, self.max_passages, unsure=unsure)
        places = {candidates.place(i): i for i in beside}
        clock.lap("quote")
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

    def _encode(self, variants: Sequence[str]) -> list[Query]:
        """Encode a question, given in one or more variants, as an article would put it."""
        texts = [as_addressed(text) for text in variants]
        encoded = self.corpus.encoder.encode_tokens(texts)
        return [Query(text, tokens) for text, tokens in zip(texts, encoded, strict=True)]

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


def _stands(answer: Answer, question: str, turns: Sequence[Turn]) -> bool:
    """Whether an *answer* to the follow-up *question* after *turns* may keep the first tier."""
    if answer.tier != "says":
        return True
    sure = answer.confidence >= UNSURE_CONFIDENCE
    return sure and speaks_of(question, answer.hits[0], turns)


def _as_judged(
    passages: Iterable[Passage], judged: FusedRanking, places: Mapping[tuple[str, Span], int]
) -> tuple[Passage, ...]:
    """*passages* with the scores and the answering words of their best sentences, at *places*."""
    found = ((passage, places[passage.article.id, passage.best]) for passage in passages)
    return tuple(
        replace(passage, score=float(judged.scores[i]), answer=judged.words.get(i))
        for passage, i in found
    )


def _turns(history: Iterable[str | Turn]) -> list[Turn]:
    """The turns of *history*, one for each question of a message; the last knows what was shown."""
    turns: list[Turn] = []
    for turn in history:
        past = turn if isinstance(turn, Turn) else Turn(turn)
        questions = read_message(replace_surrogates(past.question)).questions
        turns += [replace(past, question=question) for question in questions]
    return turns


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
