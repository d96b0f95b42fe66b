"""Windows of tokenised texts: tiles to learn from, and those that would be read when serving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.reading.reading_windows import positions_around
from index.reading.window_tokens import MAX_WINDOW, SPECIAL, WindowTokens, join_window
from index.training.reading.tokenised_texts import ReadText


@dataclass(frozen=True, slots=True)
class ReadingWindow:
    """The sentences at *positions* of a text, in order (a gap where one was taken out)."""

    positions: tuple[int, ...]


def tokenise_window(text: ReadText, window: ReadingWindow, limit: int = MAX_WINDOW) -> WindowTokens:
    """The tokens of *window*, cut at *limit* (only a single long sentence is longer)."""
    return join_window(text.title, [text.sentences[i] for i in window.positions], limit)


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


def choose_text_windows(
    text: ReadText, ranked: Sequence[tuple[int, float]], count: int, room: int
) -> list[ReadingWindow]:
    """What index.reading.reading_windows.choose_windows chooses, of a tokenised text."""
    counts = [len(sentence.ids) for sentence in text.sentences]
    windows: list[ReadingWindow] = []
    for position, _ in ranked:
        if len(windows) == count:
            break
        if not any(position in window.positions for window in windows):
            windows.append(ReadingWindow(tuple(positions_around(counts, position, room))))
    return windows


def _room(text: ReadText, budget: int) -> int:
    """The tokens that are left for sentences."""
    return budget - len(text.title) - SPECIAL
