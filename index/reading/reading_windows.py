"""
Windows: which sentences of an article are read together with a question.

A window holds some consecutive sentences, around one that the first ranking has near the top.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.datatypes import Hit, LoadedArticle, Span
from index.reading.window_tokens import MAX_TITLE, SPECIAL

# Of 112 tokens, what title and special tokens leave. Two such windows take a question 21 ms on two
# cores, three 32; hit@1 of the held-out written questions is .752 with one, .791 with two and .799
# with three, and AUROC the same with two and three (index/training/README.md).
ROOM = 112 - MAX_TITLE - SPECIAL
WINDOWS = 2  # that are read for a question


@dataclass(frozen=True, slots=True)
class ArticleWindow:
    """The sentences of *source* at *positions*."""

    source: LoadedArticle
    positions: range

    @property
    def spans(self) -> Sequence[Span]:
        """Where its sentences stand in the article."""
        return [self.source.sentences[position].span for position in self.positions]

    @property
    def text(self) -> str:
        """All of it."""
        spans = self.spans
        return self.source.article.text[spans[0].start : spans[-1].end]

    def holds(self, hit: Hit) -> bool:
        """Whether the sentence of *hit* is among them."""
        return hit.source.key == self.source.key and hit.position in self.positions


def choose_windows(
    hits: Iterable[Hit], count: int = WINDOWS, room: int = ROOM
) -> list[ArticleWindow]:
    """At most *count* windows, each around the first of *hits* that no earlier one holds."""
    windows: list[ArticleWindow] = []
    for hit in hits:
        if len(windows) == count:
            break
        if not any(window.holds(hit) for window in windows):
            around = positions_around(hit.source.counts, hit.position, room)
            windows.append(ArticleWindow(hit.source, around))
    return windows


def positions_around(counts: Sequence[int], position: int, room: int) -> range:
    """
    The positions of sentences around *position*, of at most *room* tokens together.

    *counts* are the tokens of each sentence. Sentences are added before and after by turns, the
    one before first: what a sentence refers to stands before it.
    """
    low = high = position
    left = room - counts[position]
    grown = True
    while grown:
        grown = False
        for step in (-1, 1):
            at = low - 1 if step < 0 else high + 1
            if 0 <= at < len(counts) and counts[at] <= left:
                left -= counts[at]
                low, high = min(low, at), max(high, at)
                grown = True
    return range(low, high + 1)
