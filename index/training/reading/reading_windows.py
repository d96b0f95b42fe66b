"""
Windows: what is read together with a question.

A window is [CLS] title [SEP] sentences [SEP], the sentences consecutive and of one text. Training
and measuring cut windows with the functions of this module.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.training.reading.tokenised_texts import CLS, SEP, ReadText

MAX_WINDOW = 128  # tokens with title and special tokens
SPECIAL = 3  # tokens of a window that are of neither title nor sentences


@dataclass(frozen=True, slots=True)
class ReadingWindow:
    """The sentences at *positions* of a text, in order (a gap where one was taken out)."""

    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WindowTokens:
    """
    A window as tokens: ids, and for each the index of its sentence in the window (-1: none).

    *places* holds the code points of each token in the text, (-1, -1) for others.
    """

    ids: tuple[int, ...]
    owner: tuple[int, ...]
    places: tuple[tuple[int, int], ...]


def tokenise_window(text: ReadText, window: ReadingWindow, limit: int = MAX_WINDOW) -> WindowTokens:
    """The tokens of *window*, cut at *limit* (only a single long sentence is longer)."""
    ids = [CLS, *text.title, SEP]
    owner = [-1] * len(ids)
    places = [(-1, -1)] * len(ids)
    for number, position in enumerate(window.positions):
        sentence = text.sentences[position]
        room = max(limit - 1 - len(ids), 0)
        ids += sentence.ids[:room]
        owner += [number] * len(sentence.ids[:room])
        places += sentence.places[:room]
    return WindowTokens((*ids, SEP), (*owner, -1), (*places, (-1, -1)))


def tile_text(text: ReadText, budget: int, first: int = 0) -> list[ReadingWindow]:
    """
    Cut the whole *text* into windows of at most *budget* tokens (a longer sentence stands alone).

    One window ends before sentence *first* if that is not 0, so that cuts can be moved.
    """
    room = _room(text, budget)
    windows: list[list[int]] = [[]]
    used = 0
    for position, sentence in enumerate(text.sentences):
        if windows[-1] and (used + len(sentence.ids) > room or position == first):
            windows.append([])
            used = 0
        windows[-1].append(position)
        used += len(sentence.ids)
    return [ReadingWindow(tuple(positions)) for positions in windows if positions]


def window_around(text: ReadText, position: int, budget: int) -> ReadingWindow:
    """
    The window around the sentence at *position*, of at most *budget* tokens.

    Sentences are added before and after by turns, the one before first: what a sentence refers to
    stands before it.
    """
    low = high = position
    left = _room(text, budget) - len(text.sentences[position].ids)
    grown = True
    while grown:
        grown = False
        for step in (-1, 1):
            at = low - 1 if step < 0 else high + 1
            if 0 <= at < len(text.sentences) and len(text.sentences[at].ids) <= left:
                left -= len(text.sentences[at].ids)
                low, high = min(low, at), max(high, at)
                grown = True
    return ReadingWindow(tuple(range(low, high + 1)))


def choose_windows(
    text: ReadText, ranked: Sequence[tuple[int, float]], count: int, budget: int
) -> list[ReadingWindow]:
    """At most *count* windows, each around the best-ranked sentence that no earlier one holds."""
    windows: list[ReadingWindow] = []
    for position, _ in ranked:
        if len(windows) == count:
            break
        if not any(position in window.positions for window in windows):
            windows.append(window_around(text, position, budget))
    return windows


def _room(text: ReadText, budget: int) -> int:
    """The tokens that are left for sentences."""
    return budget - len(text.title) - SPECIAL
