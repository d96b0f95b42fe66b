"""Articles to read of, and what a reader might say of their sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from fakes import loaded_article

from index.datatypes import LoadedArticle
from index.encoding.token_windows import describe_sentence, quantise
from index.ranking.candidate_sentences import Candidates
from index.reading.reading_windows import ArticleWindow
from index.reading.window_reading import WindowReading


def source_of(
    texts: Sequence[str],
    counts: Sequence[int] = (),
    *,
    key: int = 0,
    title: str = "",
    language: str = "en",
) -> LoadedArticle:
    """Make an article of the sentences *texts*, with *counts* of tokens, by default of words."""
    loaded = loaded_article(texts, title=title)
    article = replace(loaded.article, id=str(key), language=language)
    words = [len(text.split()) for text in texts]
    return replace(loaded, key=key, article=article, counts=counts or words)


def candidates_of(*sources: LoadedArticle, first: int | None = None) -> Candidates:
    """All sentences of *sources*, or the *first* few, as candidates without vectors."""
    placed = [(source, at) for source in sources for at in range(len(source.sentences))][:first]
    nothing = quantise(np.zeros((2, 0, 4), np.float32))
    sentences = [
        describe_sentence(source.article.cut(source.sentences[at].span), "en", nothing)
        for source, at in placed
    ]
    return Candidates(
        [source for source, _ in placed],
        [at for _, at in placed],
        np.zeros(len(placed), np.float32),
        sentences,
    )


def reading_of(
    positions: Sequence[int], scores: Sequence[float], null: float = 0.0, sure: float = 0.0
) -> WindowReading:
    """A window that says so much for its sentences, whose words begin at tens of code points."""
    words = np.array([(10 * at, 10 * at + 5) for at in positions], np.int64).reshape(-1, 2)
    sureness = np.full(len(positions), sure, np.float32)
    return WindowReading(tuple(positions), np.array(scores, np.float32), null, words, sureness)


@dataclass
class WordReader:
    """
    It is sure of sentences that hold *word*, and of nothing else, and remembers what it has read.

    The word is what answers; *sure* is the log probability that it is.
    """

    word: str
    sure: float = 0.0
    read_texts: list[tuple[str, list[str]]] = field(default_factory=list)

    def read(self, question: str, windows: Sequence[ArticleWindow]) -> list[WindowReading]:
        self.read_texts.append((question, [window.text for window in windows]))
        return [self._read_window(window) for window in windows]

    def _read_window(self, window: ArticleWindow) -> WindowReading:
        texts = [window.source.article.cut(span) for span in window.spans]
        starts = [
            span.start + max(text.find(self.word), 0)
            for span, text in zip(window.spans, texts, strict=True)
        ]
        return WindowReading(
            tuple(window.positions),
            np.array([9.0 if self.word in text else -9.0 for text in texts], np.float32),
            0.0,
            np.array([(start, start + len(self.word)) for start in starts], np.int64),
            np.full(len(texts), self.sure, np.float32),
        )
