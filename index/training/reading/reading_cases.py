"""A judged question with what the first ranking and the reader said."""

from __future__ import annotations

from dataclasses import dataclass

from index.reading.window_reading import WindowReading


@dataclass(frozen=True, slots=True)
class ReadingCase:
    """
    A trial: what the first ranking said, and the reader.

    *gold*: whether each sentence of the text answers; *ranked*: positions and scores of the first
    ranking, best first; *signals*: those of its confidence (index.ranking.signals).
    """

    file: str
    article: str
    id: str
    question: str
    matched: bool
    answerable: bool
    off_topic: bool
    gold: tuple[bool, ...]
    answer: str
    words: tuple[int, int] | None
    confidence: float
    signals: tuple[float, ...]
    ranked: tuple[tuple[int, float], ...]
    sentences: tuple[tuple[int, int], ...]
    readings: tuple[WindowReading, ...]
    text: str

    @property
    def best(self) -> int | None:
        """The position that the first ranking has first, None for nothing."""
        return self.ranked[0][0] if self.ranked else None
