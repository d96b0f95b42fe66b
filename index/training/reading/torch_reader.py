"""The reader run by torch, for measuring: many questions of the same texts at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from index.reading.reader_network import Reader
from index.reading.window_reading import WindowLogits, WindowReading, make_reading
from index.reading.window_tokens import tokenise_question
from index.training.reading.reader_batch import pad
from index.training.reading.text_windows import ReadingWindow, tokenise_window
from index.training.reading.tokenised_texts import ReadText

ReadJob = tuple[str, ReadText, ReadingWindow]  # a question, and what it is read against

TOGETHER = 16  # pairs read at once
BLOCK = 400  # pairs whose windows are encoded once
WIDER = 16  # times as many of both on a graphics card


class TorchReader:
    """A reader run by torch, which encodes each window of a text once for all its questions."""

    def __init__(self, reader: Reader, tokenizer: Tokenizer, *, half: bool) -> None:
        self._reader, self._tokenizer, self._half = reader.eval(), tokenizer, half
        self._device = next(reader.parameters()).device
        self._wider = 1 if self._device.type == "cpu" else WIDER

    def read(self, jobs: Sequence[ReadJob]) -> list[WindowReading]:
        """Read each question against its window."""
        readings: list[WindowReading] = []
        block = BLOCK * self._wider
        for at in range(0, len(jobs), block):
            readings += self._read_block(jobs[at : at + block])
        return readings

    @torch.no_grad()
    def _read_block(self, jobs: Sequence[ReadJob]) -> list[WindowReading]:
        encoded = [tokenise_window(text, window) for _, text, window in jobs]
        asked = [tokenise_question(self._tokenizer, question) for question, _, _ in jobs]
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._half):
            shown = self._lower([tokens.ids for tokens in encoded], 1)
            questions = self._lower(asked, 0)
            order = sorted(range(len(jobs)), key=lambda i: (len(encoded[i].ids), len(asked[i])))
            readings: dict[int, WindowReading] = {}
            together = TOGETHER * self._wider
            for at in range(0, len(order), together):
                chosen = order[at : at + together]
                read = self._upper(
                    [questions[asked[i]] for i in chosen], [shown[encoded[i].ids] for i in chosen]
                )
                for i, told in zip(chosen, read, strict=True):
                    readings[i] = make_reading(jobs[i][2].positions, encoded[i], told)
        return [readings[i] for i in range(len(jobs))]

    def _lower(self, rows: Sequence[tuple[int, ...]], kind: int) -> dict[tuple[int, ...], Tensor]:
        """The lower states (t, d) of each of the different *rows*."""
        different = sorted(set(rows), key=len)
        states: dict[tuple[int, ...], Tensor] = {}
        together = TOGETHER * self._wider
        for at in range(0, len(different), together):
            chosen = different[at : at + together]
            ids = pad(chosen, 0).to(self._device)
            encoded = self._reader.lower(ids, ids > 0, kind)
            states |= {row: encoded[i, : len(row)] for i, row in enumerate(chosen)}
        return states

    def _upper(
        self, questions: Sequence[Tensor], windows: Sequence[Tensor]
    ) -> Iterator[WindowLogits]:
        """The logits of each pair's window."""
        (asked, there), (shown, here) = _stacked(questions), _stacked(windows)
        logits = self._reader.upper(asked, there, shown, here)
        token, null, start, end = (
            _plain(values) for values in (logits.token, logits.null, logits.start, logits.end)
        )
        for i, window in enumerate(windows):
            own = slice(len(window))
            yield WindowLogits(token[i, own], float(null[i]), start[i, own], end[i, own])


def _stacked(rows: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """States of different lengths as (n, longest, d), and the mask (n, longest)."""
    states = pad_sequence(list(rows), batch_first=True)
    lengths = torch.tensor([len(row) for row in rows])
    there = torch.arange(states.shape[1]) < lengths[:, None]
    return states, there.to(states.device)


def _plain(logits: Tensor) -> NDArray[Any]:
    return logits.float().cpu().numpy()
