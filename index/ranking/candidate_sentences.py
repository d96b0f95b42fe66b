"""What is ranked: a question, and the sentences of articles that may answer it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.datatypes import Hit, LoadedArticle, Span
from index.encoding.protocol import TokenVectors
from index.encoding.token_windows import EncodedSentence

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Query:
    """A question after its one forward pass."""

    text: str
    tokens: TokenVectors


@dataclass(frozen=True, slots=True)
class Candidates:
    """
    The n sentences that may answer, as columns, in the order of their articles.

    Each is the one at its position of its source; *cosines* (n,) are those of the pooled vectors
    with the question's. A sentence whose neighbour is not among the candidates has none, so those
    from a library should bring theirs along.
    """

    sources: Sequence[LoadedArticle]
    positions: Sequence[int]
    cosines: Floats
    sentences: Sequence[EncodedSentence]

    def __len__(self) -> int:
        return len(self.positions)

    @property
    def keys(self) -> list[int]:
        """The keys of the articles."""
        return [source.key for source in self.sources]

    @property
    def paragraphs(self) -> list[int]:
        """The paragraph of each, counted from 1 in its article."""
        placed = zip(self.sources, self.positions, strict=True)
        return [source.sentences[position].paragraph for source, position in placed]

    @property
    def titles(self) -> list[str]:
        """The titles of the articles."""
        return [source.article.title for source in self.sources]

    @property
    def languages(self) -> list[str]:
        """The languages of the articles (ISO 639-1)."""
        return [source.article.language for source in self.sources]

    def place(self, i: int) -> tuple[str, Span]:
        """Where the candidate number *i* stands: the article's id, and its span."""
        source = self.sources[i]
        return source.article.id, source.sentences[self.positions[i]].span

    def hit(self, i: int, score: float) -> Hit:
        """The candidate number *i* with its *score*."""
        return Hit(self.sources[i], self.positions[i], score)
