"""
Contextual token vectors: the tokens of a sentence as the model sees them among their neighbours.

A paragraph that is encoded as a whole knows who "he" is and what "these areas" are; a sentence
that is encoded alone does not. Windows are made of whole paragraphs where they fit.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from index.datatypes import Article, Sentence
from index.encoding.protocol import Encoder, TokenVectors, Vectors
from index.text.words import words

# Windows that are encoded together. More save no time on a small machine and cost memory:
# a batch of 8 windows of 256 tokens needs about 100 MB while it is encoded.
WINDOWS_PER_BATCH = 8

NEGLIGIBLE = 1e-30  # a vector whose components are all smaller becomes one of length 0
_QUESTION_END = re.compile(r"[?？؟][\s\"'”’»)]*$")


@dataclass(frozen=True, slots=True)
class QuantisedVectors:
    """
    Vectors in a quarter of their memory: *values* (..., t, d) times *scales* (..., t).

    The largest component of a vector becomes 127, so a component of a unit vector of 384
    dimensions is off by some .0005, and a cosine as much. Half precision takes twice the memory,
    and numpy needs 16 times as long to turn it into float32 (tests/benchmarks/token_cache.py
    measures both, and what they cost in answers).
    """

    values: NDArray[np.int8]
    scales: NDArray[np.float32]

    def __len__(self) -> int:
        return int(self.scales.shape[-1])

    def cut(self, first: int, last: int) -> QuantisedVectors:
        """Those of the tokens from *first* on, up to *last*, which is not among them."""
        return QuantisedVectors(self.values[..., first:last, :], self.scales[..., first:last])

    @property
    def nbytes(self) -> int:
        """How much memory the vectors take."""
        return self.values.nbytes + self.scales.nbytes


def quantise(vectors: Vectors) -> QuantisedVectors:
    """Round *vectors* (..., t, d); those of length 0 stay so."""
    largest = np.abs(vectors).max(axis=-1, initial=0.0)
    # What is next to nothing becomes nothing: its scale would be no number that can be divided by.
    scales = (np.where(largest > NEGLIGIBLE, largest, 1) / 127).astype(np.float32)
    return QuantisedVectors(np.rint(vectors / scales[..., None]).astype(np.int8), scales)


@dataclass(frozen=True, slots=True)
class EncodedSentence:
    """
    All that is known of a sentence before any question: computed once, compared with many.

    *words* are its comparable forms (index.text.words) and *is_question* says that it is a question
    itself. *layers* (2, t, d) are the vectors of its t tokens, encoded in their window: those of
    the last layer and of the one before, of length 1 as in TokenVectors.
    """

    text: str
    words: frozenset[str]
    is_question: bool
    layers: QuantisedVectors

    @property
    def nbytes(self) -> int:
        """About how much memory it takes; its words are shared with other sentences."""
        return self.layers.nbytes + sys.getsizeof(self.text) + sys.getsizeof(self.words)


def cut_windows(sentences: Sequence[Sentence], counts: Sequence[int], limit: int) -> list[range]:
    """
    Divide the sentences of an article into windows of at most *limit* tokens.

    *counts* are the tokens of each sentence. A window holds as many whole paragraphs as fit; a
    paragraph that is longer than a window is cut between sentences, and a sentence that is longer
    stands alone (the model does not see its end). Returns ranges of sentence positions.
    """
    windows: list[range] = []
    start, used = 0, 0
    for paragraph in _paragraphs(sentences):
        length = sum(counts[i] for i in paragraph)
        if used and used + length > limit:
            windows.append(range(start, paragraph.start))
            start, used = paragraph.start, 0
        if length <= limit:
            used += length
            continue
        for i in paragraph:
            if used and used + counts[i] > limit:
                windows.append(range(start, i))
                start, used = i, 0
            used += counts[i]
    if start < len(sentences):
        windows.append(range(start, len(sentences)))
    return windows


def encode_windows(
    windows: Sequence[tuple[Article, Sequence[Sentence]]], encoder: Encoder
) -> list[list[EncodedSentence]]:
    """Encode windows, each of neighbouring sentences of an article, into these sentences."""
    texts = [
        article.text[sentences[0].span.start : sentences[-1].span.end]
        for article, sentences in windows
    ]
    encoded: list[TokenVectors] = []
    for start in range(0, len(texts), WINDOWS_PER_BATCH):
        encoded += encoder.encode_tokens(texts[start : start + WINDOWS_PER_BATCH])
    return [
        _cut_tokens(article, sentences, tokens)
        for (article, sentences), tokens in zip(windows, encoded, strict=True)
    ]


def describe_sentence(text: str, language: str, layers: QuantisedVectors) -> EncodedSentence:
    """Describe a sentence in *language* (ISO 639-1) with its token vectors."""
    is_question = _QUESTION_END.search(text) is not None
    return EncodedSentence(text, frozenset(words(text, language)), is_question, layers)


def _paragraphs(sentences: Sequence[Sentence]) -> list[range]:
    groups = groupby(range(len(sentences)), key=lambda i: sentences[i].paragraph)
    return [range(members[0], members[-1] + 1) for members in (list(group) for _, group in groups)]


def _cut_tokens(
    article: Article, sentences: Sequence[Sentence], tokens: TokenVectors
) -> list[EncodedSentence]:
    """Give each sentence the tokens that start inside it."""
    starts = tokens.spans[:, 0] + sentences[0].span.start
    borders = np.searchsorted(starts, [s.span.start for s in sentences] + [sentences[-1].span.end])
    layers = quantise(np.stack([tokens.vectors, tokens.inner]))
    return [
        describe_sentence(article.cut(sentence.span), article.language, layers.cut(first, last))
        for sentence, (first, last) in zip(sentences, pairwise(borders.tolist()), strict=True)
    ]
