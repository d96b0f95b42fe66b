"""A deterministic encoder, for tests in which the model's judgement does not matter, and values."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import cache

import numpy as np

from index.datatypes import Article, Hit, LoadedArticle, Sentence, Span
from index.encoding.protocol import Progress, TokenVectors, Vectors
from index.storage.ingest import add_articles
from index.storage.library import Library
from index.text.readers import ReadArticle


class HashingEncoder:
    """Every word has a fixed random direction; a text points where its words point together."""

    dimension = 32
    max_tokens = 64

    def __init__(self, identity: str = "hashing-1") -> None:
        self.identity = identity
        self.encoded: list[str] = []  # every text that was given to encode(), in order

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self.encoded.extend(texts)
        vectors = np.array([self._tokens(text).pooled for text in texts], dtype=np.float32)
        if progress:
            progress(len(texts), len(texts))
        return vectors.reshape(len(texts), self.dimension)

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        return [self._tokens(text) for text in texts]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(re.findall(r"\w+", text)) for text in texts]

    def _tokens(self, text: str) -> TokenVectors:
        words = list(re.finditer(r"\w+", text))[: self.max_tokens]
        vectors = np.array(
            [direction(word.group().casefold()) for word in words], dtype=np.float32
        ).reshape(len(words), self.dimension)
        pooled = vectors.sum(axis=0) if words else direction("")
        return TokenVectors(
            pooled=(pooled / np.linalg.norm(pooled)).astype(np.float32),
            vectors=vectors,
            inner=-vectors,
            spans=np.array([word.span() for word in words], dtype=np.int32).reshape(-1, 2),
        )


@cache
def direction(word: str) -> Vectors:
    """The unit vector (dimension,) of a word."""
    drawn = np.random.default_rng(hash_of(word)).standard_normal(HashingEncoder.dimension)
    return (drawn / np.linalg.norm(drawn)).astype(np.float32)


def hash_of(word: str) -> int:
    """A hash that is the same in every process, unlike hash()."""
    return int.from_bytes(hashlib.sha256(word.encode()).digest()[:3], "big")


def put_article(library: Library, name: str, text: str, language: str = "en") -> None:
    """Store *text* as the article *name*."""
    article = Article(name, name, text, language=language)
    list(add_articles(library, HashingEncoder, [ReadArticle(article, explicit_id=True)]))


def hit_of(article: Article, span: Span, score: float) -> Hit:
    """Make the hit of the one sentence at *span*."""
    return Hit(LoadedArticle(1, article, [Sentence(span, 1)]), 0, score)


def loaded_article(
    texts: Sequence[str], *, title: str = "", paragraphs: Sequence[int] = ()
) -> LoadedArticle:
    """Make an article of the sentences *texts*, by default in one paragraph."""
    article, sentences, start = Article("a", title, " ".join(texts)), [], 0
    for text, paragraph in zip(texts, paragraphs or [1] * len(texts), strict=True):
        sentences.append(Sentence(Span(start, start + len(text)), paragraph))
        start += len(text) + 1
    return LoadedArticle(0, article, sentences)
