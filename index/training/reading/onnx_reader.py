"""
A reader served by onnxruntime, without torch.

A window's lower states depend on nothing but the window, and may be kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.encoding.onnx_session import InferenceSession, onnxruntime
from index.training.reading.reading_windows import ReadingWindow, WindowTokens, tokenise_window
from index.training.reading.tokenised_texts import ReadText, tokenise_question
from index.training.reading.window_reading import (
    Floats,
    WindowLogits,
    WindowReading,
    make_reading,
)

LOWER, UPPER = "lower.onnx", "upper.onnx"


@dataclass(frozen=True, slots=True)
class States:
    """States of several texts (B, T, d) with the mask (B, T) of what is there."""

    states: Floats
    mask: NDArray[np.bool_]


class OnnxReader:
    """The two graphs; several threads may use one."""

    def __init__(self, folder: Path, tokenizer: Tokenizer, threads: int = 2) -> None:
        self._lower = open_graph(folder / LOWER, threads)
        self._upper = open_graph(folder / UPPER, threads)
        self._tokenizer = tokenizer

    def lower(self, rows: Sequence[Sequence[int]], kind: int) -> States:
        """Encode questions (*kind* 0) or windows (1) on their own."""
        longest = max(map(len, rows))
        ids = np.zeros((len(rows), longest), np.int64)
        for place, row in zip(ids, rows, strict=True):
            place[: len(row)] = row
        mask = ids > 0
        feed = {"ids": ids, "mask": mask, "kind": np.array([kind], np.int64)}
        return States(self._lower.run(None, feed)[0], mask)

    def read(
        self, question: str, text: ReadText, windows: Sequence[ReadingWindow]
    ) -> list[WindowReading]:
        """Read *question* against *windows* of *text*, in one batch."""
        encoded = [tokenise_window(text, window) for window in windows]
        asked = self.lower([tokenise_question(self._tokenizer, question)], 0)
        return self.judge(
            asked, self.lower([tokens.ids for tokens in encoded], 1), windows, encoded
        )

    def judge(
        self,
        asked: States,
        shown: States,
        windows: Sequence[ReadingWindow],
        encoded: Sequence[WindowTokens],
    ) -> list[WindowReading]:
        """Read the states of one question against those of *windows*."""
        token, null, start, end = self.upper(asked, shown)
        logits = (
            WindowLogits(token[i], float(null[i]), start[i], end[i]) for i in range(len(windows))
        )
        return [make_reading(*parts) for parts in zip(windows, encoded, logits, strict=True)]

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


def open_graph(path: Path, threads: int) -> InferenceSession:
    """Load a graph as torch wrote it: onnxruntime optimises it while it is loaded."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3  # errors
    return InferenceSession(path, options, providers=["CPUExecutionProvider"])
