"""From a question to an answer: the pipeline, readable from top to bottom."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from index.calibration import NO_ANSWER_THRESHOLD, confidence
from index.corpus import Corpus, Found
from index.datatypes import Answer, Hit
from index.errors import QuestionError
from index.followups import in_context
from index.matching import Candidates, Query
from index.passages import RankedSentence, build_passages, further_passages
from index.rerank import rank

MAX_QUESTION = 2_000  # characters; the default model reads about 1,000 of them
HITS = 10
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
    keys = None if article is None else [corpus.library.get(article).key]
    text = in_context(question, history)
    query = Query(text, corpus.encoder.encode_tokens([text])[0])
    found = corpus.find(query.tokens.pooled, keys)
    candidates = _columns(found)
    ranking = rank(query, candidates)
    sureness = confidence(query, candidates, ranking)
    ranked = [_ranked(found[i], float(ranking.scores[i])) for i in ranking.order[:DEPTH]]
    passages = build_passages(text, ranked, max_passages)
    return Answer(
        question=question,
        answered=bool(found) and sureness >= _default(threshold),
        confidence=sureness,
        passages=passages,
        hits=tuple(Hit(one.article, one.span, one.score) for one in ranked[:HITS]),
        elapsed_ms=(time.perf_counter() - started) * 1000,
        further=further_passages(ranked, passages),
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


def _default(threshold: float | None) -> float:
    return NO_ANSWER_THRESHOLD if threshold is None else threshold


def _columns(found: Sequence[Found]) -> Candidates:
    """Turn the sentences that were *found* into the columns that are ranked."""
    return Candidates(
        texts=[one.article.cut(one.sentence.span) for one in found],
        titles=[one.article.title for one in found],
        tokens=[one.tokens for one in found],
        cosines=np.array([one.cosine for one in found], np.float32),
        articles=np.array([one.key for one in found], np.int64),
        positions=np.array([one.position for one in found], np.int64),
        paragraphs=np.array([one.sentence.paragraph for one in found], np.int64),
        languages=[one.article.language for one in found],
    )


def _ranked(one: Found, score: float) -> RankedSentence:
    return RankedSentence(one.article, one.sentences, one.lists, one.position, score)
