"""Questions and sentences in four dimensions, so that features and scores are exact numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from fakes import loaded_article

from index.encoding.protocol import TokenVectors
from index.encoding.token_windows import EncodedSentence, describe_sentence, quantise
from index.ranking.candidate_sentences import Candidates, Query
from index.ranking.features import PAIR_FEATURES, TOKEN_FEATURES
from index.ranking.ranker import Head

AXES = {"cat": 0, "cats": 0, "dog": 1, "rome": 2}


def vectors_of(text: str) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors of four dimensions and spans: known words on an axis, others on the last."""
    found = list(re.finditer(r"\w+|[^\w\s]", text))
    vectors = np.zeros((len(found), 4), np.float32)
    for row, word in zip(vectors, found, strict=True):
        row[AXES.get(word.group().casefold(), 3)] = 1
    return vectors, np.array([word.span() for word in found], np.int32).reshape(-1, 2)


def query_of(text: str) -> Query:
    """Encode *text* with those vectors."""
    vectors, spans = vectors_of(text)
    return Query(
        text, TokenVectors(np.eye(4, dtype=np.float32)[0], vectors, vectors[:, ::-1], spans)
    )


def sentence_of(text: str, language: str = "en") -> EncodedSentence:
    """Encode *text* with those vectors."""
    vectors, _ = vectors_of(text)
    return describe_sentence(text, language, quantise(np.stack([vectors, vectors[:, ::-1]])))


def candidates_of(
    *texts: str, title: str = "", paragraphs: Sequence[int] = (), positions: Sequence[int] = ()
) -> Candidates:
    """Sentences of one article; cosines fall by a tenth from 1."""
    count = len(texts)
    order = positions or range(count)
    placed: dict[int, tuple[str, int]] = dict.fromkeys(range(max(order, default=-1) + 1), ("", 0))
    placed |= dict(zip(order, zip(texts, paragraphs or [1] * count, strict=True), strict=True))
    source = loaded_article(
        [text for text, _ in placed.values()],
        title=title,
        paragraphs=[paragraph for _, paragraph in placed.values()],
    )
    return Candidates(
        sources=[source] * count,
        positions=order,
        cosines=1 - np.arange(count, dtype=np.float32) / 10,
        sentences=[sentence_of(text) for text in texts],
    )


def plain_head(**weights: float) -> Head:
    """Weigh every token the same, and only the features that are named."""
    return Head(
        token=np.zeros(len(TOKEN_FEATURES), np.float32),
        token_bias=np.float32(0),
        pair=np.array([weights.get(name, 0) for name in PAIR_FEATURES], np.float32),
        hidden=np.zeros((1, len(PAIR_FEATURES)), np.float32),
        hidden_bias=np.zeros(1, np.float32),
        hidden_out=np.zeros(1, np.float32),
        sentence=np.array([weights.get("cosine", 0), 0, 0, 0], np.float32),
    )
