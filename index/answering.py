"""From a message to an answer: the pipeline, readable from top to bottom."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain, zip_longest
from typing import TypeVar

import numpy as np

from index.datatypes import Answer, Hit, Later, Passage
from index.encoding.protocol import Vectors
from index.errors import QuestionError
from index.ranking.answer_types import packaged_kinds
from index.ranking.confidence import NO_ANSWER_THRESHOLD, confidence
from index.ranking.features import Candidates, Query
from index.ranking.ranker import rank
from index.retrieval.corpus import Corpus, Found, LoadedArticle
from index.text.followups import readings
from index.text.messages import read_message
from index.text.passages import (
    RankedSentence,
    build_passages,
    further_passages,
    gather_passages,
    overlap,
)
from index.text.summary import central_sentences

T = TypeVar("T")

MAX_QUESTION = 2_000  # characters; the default model reads about 1,000 of them
HITS = 10
OWN_WORDS = 2.0  # weight of a follow-up's own words beside the question that it completes
UNSURE = 0.5  # below this confidence it is more likely that the best passage does not answer
# Hits that passages are built of; what stands further down is never shown.
DEPTH = 50


def answer_question(  # noqa: PLR0913 (what a request may say)
    question: str,
    corpus: Corpus,
    *,
    article: str | None = None,
    history: Sequence[str] = (),
    max_passages: int = 3,
    threshold: float | None = None,
) -> Answer:
    """
    Answer *question* with passages of the library, or of the *article* with that id only.

    *history* holds the earlier questions of the conversation, the oldest first. *threshold*
    (default: the calibrated one) is the confidence from which the question counts as answered.
    Raises QuestionError for a blank or overlong question, NotFoundError for an unknown article,
    LibraryError when the database fails.
    """
    started = time.perf_counter()
    check_question(question)
    corpus.refresh()
    keys = None if article is None else [corpus.key_of(article)]
    message = read_message(question)
    earlier = [asked for one in history for asked in read_message(one).questions]
    answers = []
    for asked in message.questions:
        texts = [corpus.spell(one) for one in readings(asked, earlier)]
        answer = _look_up(texts, corpus, keys, max_passages, _default(threshold))
        answers.append(replace(answer, question=asked))
        earlier.append(asked)
    if message.kind == "summary":
        answers = [_summarise(corpus, keys or corpus.newest(max_passages), max_passages)]
    return replace(
        _combine(answers, max_passages),
        question=question,
        kind=message.kind,
        elapsed_ms=(time.perf_counter() - started) * 1000,
    )


def check_question(question: str) -> None:
    """Raise QuestionError when there is nothing to answer, or more than a question."""
    if not question.strip():
        raise QuestionError("the question is empty; ask something.")
    if len(question) > MAX_QUESTION:
        raise QuestionError(
            f"the question has {len(question):,} characters and may have {MAX_QUESTION:,}; "
            "ask in fewer words."
        )


def _look_up(
    texts: Sequence[str],
    corpus: Corpus,
    keys: Sequence[int] | None,
    max_passages: int,
    threshold: float,
) -> Answer:
    """Answer one question, given in one or two readings: retrieve, rerank, judge, quote."""
    encoded = corpus.encoder.encode_tokens(texts)
    queries = [Query(text, tokens) for text, tokens in zip(texts, encoded, strict=True)]
    text, query = texts[0], queries[0]
    found = corpus.find(query, keys)
    candidates = _columns(found)
    kinds = packaged_kinds(corpus.encoder.identity)
    rankings = [rank(one, candidates, kinds=kinds) for one in queries]
    scores = rankings[0].scores
    for own in rankings[1:]:
        both = (scores + OWN_WORDS * own.scores) / (1 + OWN_WORDS)
        scores = np.asarray(both, np.float32)
    if corpus.reranker is not None:
        scores = corpus.reranker(text, [one.text for one in found.sentences], scores)
    rankings = [replace(one, scores=scores) for one in rankings]
    judged = zip(queries, rankings, strict=True)
    asked = max(corpus.count(keys), 1)
    sureness = max(confidence(one, candidates, ranking, asked) for one, ranking in judged)
    order = rankings[0].order[:DEPTH]
    ranked = [_ranked(found, i, float(scores[i])) for i in order]
    passages = build_passages(text, ranked, max_passages, unsure=sureness < UNSURE)
    return Answer(
        question=text,
        answered=len(found) > 0 and sureness >= threshold,
        confidence=sureness,
        passages=passages,
        hits=tuple(Hit(one.article, one.span, one.score) for one in ranked[:HITS]),
        elapsed_ms=0.0,
        further=Later(lambda: further_passages(ranked, passages)),
    )


def _summarise(corpus: Corpus, keys: Sequence[int], number: int) -> Answer:
    """Quote the central sentences of the articles *keys*, one each when there are several."""
    quoted: list[RankedSentence] = []
    for loaded, vectors in corpus.read(keys):
        if len(vectors):
            quoted += _central(loaded, vectors, number if len(keys) == 1 else 1)
    passages = gather_passages(quoted, number)
    hits = tuple(Hit(one.article, one.span, one.score) for one in quoted)
    return Answer("", bool(passages), float(bool(passages)), passages, hits, 0.0)


def _central(loaded: LoadedArticle, vectors: Vectors, number: int) -> list[RankedSentence]:
    article, sentences = loaded.stored.article, loaded.stored.sentences
    texts = [article.cut(sentence.span) for sentence in sentences]
    body = texts[0].strip("# ") == article.title and len(texts) > 1  # the title is known already
    chosen = [i + body for i in central_sentences(texts[body:], vectors[body:], number)]
    return [RankedSentence(article, sentences, loaded.lists, i, 0.0) for i in chosen]


def _combine(answers: Sequence[Answer], max_passages: int) -> Answer:
    """Make one answer of those to several questions: what is answered, in turns."""
    if not answers:
        return Answer("", answered=False, confidence=0.0, passages=(), hits=(), elapsed_ms=0.0)
    if len(answers) == 1:
        return answers[0]
    told = [one for one in answers if one.answered] or answers
    passages = _apart(_in_turns([one.passages for one in told]))
    shown = passages[:max_passages]
    return Answer(
        question="",
        answered=any(one.answered for one in answers),
        confidence=max(one.confidence for one in answers),
        passages=tuple(shown),
        hits=tuple(dict.fromkeys(_in_turns([one.hits for one in told])))[:HITS],
        elapsed_ms=0.0,
        further=Later(lambda: _further(passages, shown, told)),
        unanswered=tuple(one.question for one in answers if one not in told),
    )


def _further(
    passages: Sequence[Passage], shown: Sequence[Passage], told: Iterable[Answer]
) -> list[Passage]:
    """What *told* has to read on, behind those of *passages* that are *shown*."""
    rest = _in_turns([one.further for one in told])
    return _apart([*passages, *rest])[len(shown) :]


def _apart(passages: Iterable[Passage]) -> list[Passage]:
    """*passages* without those that share text with an earlier one."""
    kept: list[Passage] = []
    for passage in passages:
        if not any(overlap(passage, other) for other in kept):
            kept.append(passage)
    return kept


def _in_turns(rankings: Iterable[Iterable[T]]) -> list[T]:
    """The first of each of *rankings*, then the second of each, and so on."""
    return [one for one in chain.from_iterable(zip_longest(*rankings)) if one is not None]


def _default(threshold: float | None) -> float:
    return NO_ANSWER_THRESHOLD if threshold is None else threshold


def _columns(found: Found) -> Candidates:
    """Turn the sentences that were *found* into the columns that are ranked."""
    placed = list(zip(found.articles, found.positions, strict=True))
    return Candidates(
        sentences=found.sentences,
        titles=[one.stored.article.title for one in found.articles],
        cosines=found.cosines,
        articles=np.array([one.stored.key for one in found.articles], np.int64),
        positions=np.array(found.positions, np.int64),
        paragraphs=np.array([one.stored.sentences[i].paragraph for one, i in placed], np.int64),
        languages=[one.stored.article.language for one in found.articles],
    )


def _ranked(found: Found, i: int, score: float) -> RankedSentence:
    one = found.articles[i]
    return RankedSentence(
        one.stored.article, one.stored.sentences, one.lists, found.positions[i], score, one.shapes
    )
