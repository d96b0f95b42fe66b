"""
The reader as it serves: two graphs in onnxruntime, without torch.

The lower graph encodes a question, or a window, alone; the upper one reads the two together. What
the lower one makes of a window depends on nothing else, so it is kept.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.encoding.onnx_session import open_session
from index.reading.reading_windows import ArticleWindow
from index.reading.window_reading import Floats, WindowLogits, WindowReading, make_reading
from index.reading.window_tokens import (
    WindowTokens,
    join_window,
    tokenise_question,
    tokenise_sentences,
    tokenise_title,
)

WindowKey = tuple[str, str, tuple[int, ...]]  # its title, its text, where its sentences begin

LOWER, UPPER = "lower.onnx", "upper.onnx"
# "who came?" and "the ship sank." between their special tokens
KNOWN_QUESTION, KNOWN_WINDOW = (101, 2040, 2234, 1029, 102), (101, 1996, 2911, 7569, 1012, 102)
THREADS = 2  # of one pass, as for the encoder
# A window of 112 tokens takes 168 KiB, so this holds 190: all of a long report.
STATE_CACHE_BYTES = 32 * 2**20


@dataclass(frozen=True, slots=True)
class States:
    """States of several texts (B, T, d) with the mask (B, T) of what is there."""

    states: Floats
    mask: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class EncodedWindow:
    """A window with its lower states (t, d)."""

    tokens: WindowTokens
    states: Floats


class OnnxReader:
    """The graphs in a *folder*; several threads may use one."""

    def __init__(self, folder: Path, tokenizer: Tokenizer) -> None:
        self._lower = open_session(folder / LOWER, THREADS)
        self._upper = open_session(folder / UPPER, THREADS)
        self._tokenizer = tokenizer
        self._keeping = threading.Lock()
        self._kept: LRUCache[WindowKey, EncodedWindow] = LRUCache(
            STATE_CACHE_BYTES, getsizeof=lambda window: int(window.states.nbytes)
        )

    def read(self, question: str, windows: Sequence[ArticleWindow]) -> list[WindowReading]:
        """Read *question* against *windows*, in one batch."""
        asked = self.lower([tokenise_question(self._tokenizer, question)], 0)
        encoded = self._encode(windows)
        token, null, start, end = self.upper(asked, _stack([window.states for window in encoded]))
        logits = (
            WindowLogits(token[i], float(null[i]), start[i], end[i]) for i in range(len(windows))
        )
        return [
            make_reading(window.positions, known.tokens, told, window.spans[0].start)
            for window, known, told in zip(windows, encoded, logits, strict=True)
        ]

    def _encode(self, windows: Sequence[ArticleWindow]) -> list[EncodedWindow]:
        """Encode *windows*, those that are not kept in one batch."""
        keys = [_key_of(window) for window in windows]
        with self._keeping:
            known = {key: self._kept[key] for key in keys if key in self._kept}
        missing = {
            key: window for key, window in zip(keys, windows, strict=True) if key not in known
        }
        if missing:
            made = self._encode_new(missing)
            known |= made
            with self._keeping:
                self._kept.update(made)
        return [known[key] for key in keys]

    def _encode_new(
        self, windows: Mapping[WindowKey, ArticleWindow]
    ) -> dict[WindowKey, EncodedWindow]:
        tokens = [tokenise_article_window(self._tokenizer, window) for window in windows.values()]
        states = self.lower([window.ids for window in tokens], 1).states
        return {
            key: EncodedWindow(window, states[i, : len(window.ids)].copy())
            for i, (key, window) in enumerate(zip(windows, tokens, strict=True))
        }

    def forget(self) -> None:
        """Keep nothing of what was read."""
        with self._keeping:
            self._kept.clear()

    def probe(self) -> list[float]:
        """Logits of rows that are always the same, by which damaged weights are known."""
        token, *_ = self.upper(self.lower([KNOWN_QUESTION], 0), self.lower([KNOWN_WINDOW], 1))
        return [float(logit) for logit in token[0]]

    def lower(self, rows: Sequence[Sequence[int]], kind: int) -> States:
        """Encode questions (*kind* 0) or windows (1) on their own."""
        ids = np.zeros((len(rows), max(map(len, rows))), np.int64)
        for place, row in zip(ids, rows, strict=True):
            place[: len(row)] = row
        mask = ids > 0
        feed = {"ids": ids, "mask": mask, "kind": np.array([kind], np.int64)}
        return States(self._lower.run(None, feed)[0], mask)

    def upper(self, asked: States, shown: States) -> tuple[Floats, Floats, Floats, Floats]:
        """The logits of tokens, of the nulls, of starts and ends: one question, many windows."""
        many = len(shown.states)
        feed = {
            "question": np.repeat(asked.states, many, 0),
            "asked": np.repeat(asked.mask, many, 0),
            "window": shown.states,
            "shown": shown.mask,
        }
        token, null, start, end = self._upper.run(None, feed)
        return token, null, start, end


def tokenise_article_window(tokenizer: Tokenizer, window: ArticleWindow) -> WindowTokens:
    """The tokens of *window*; their places count from its own start."""
    start = window.spans[0].start
    places = [(span.start - start, span.end - start) for span in window.spans]
    sentences = tokenise_sentences(tokenizer, window.text, places)
    return join_window(tokenise_title(tokenizer, window.source.article.title), sentences)


def _key_of(window: ArticleWindow) -> WindowKey:
    """All that the tokens of *window* depend on, wherever it stands."""
    starts = tuple(span.start - window.spans[0].start for span in window.spans)
    return window.source.article.title, window.text, starts


def _stack(rows: Sequence[Floats]) -> States:
    """States of different lengths, filled up to the longest."""
    longest = max(map(len, rows))
    states = np.zeros((len(rows), longest, rows[0].shape[1]), np.float32)
    mask = np.zeros((len(rows), longest), bool)
    for i, row in enumerate(rows):
        states[i, : len(row)] = row
        mask[i, : len(row)] = True
    return States(states, mask)
