"""A judged question with what the first ranking and the reader said."""

from __future__ import annotations

from dataclasses import dataclass

from index.training.reading.window_reading import WindowReading


@dataclass(frozen=True, slots=True)
class ReadingCase:
    """
    A trial: what the first ranking said, and the reader.

    *gold*: whether each sentence of the text answers; *ranked*: positions and scores of the first
    ranking, best first; *best*: the position that the product shows first, None for nothing.
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
    ranked: tuple[tuple[int, float], ...]
    best: int | None
    sentences: tuple[tuple[int, int], ...]
    readings: tuple[WindowReading, ...]
    text: str
