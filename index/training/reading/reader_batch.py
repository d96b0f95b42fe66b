"""Bundles as tensors, and the reading of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import torch
from torch import Tensor

from index.reading.reader_network import Logits, Reader
from index.training.reading.question_pairs import Bundle, Pair


@dataclass(frozen=True, slots=True)
class Batch:
    """
    Q questions, W windows and the P pairs between them.

    questions (Q, Tq), windows (W, Tw): ids, 0 where there is none; owner (W, Tw): the sentence of
    each token, -1 for none; question, window (P,): what a pair reads; gold (P, S): which sentences
    answer; words (P, 2): first and last token of the answering words, -1 where not learnt;
    taught (P,): whether teachers have a say.
    """

    questions: Tensor
    windows: Tensor
    owner: Tensor
    question: Tensor
    window: Tensor
    gold: Tensor
    words: Tensor
    weight: Tensor
    taught: Tensor

    def to(self, device: torch.device) -> Batch:
        """The same on another *device*."""
        moved = (getattr(self, field.name).to(device, non_blocking=True) for field in fields(self))
        return Batch(*moved)


def collate(bundles: Sequence[Bundle]) -> Batch:
    """Put bundles into one batch."""
    questions = [question for bundle in bundles for question in bundle.questions]
    windows = [window for bundle in bundles for window in bundle.windows]
    pairs: list[Pair] = []
    asked: list[int] = []
    shown: list[int] = []
    q, w = 0, 0
    for bundle in bundles:
        pairs += bundle.pairs
        asked += [q + pair.question for pair in bundle.pairs]
        shown += [w + pair.window for pair in bundle.pairs]
        q, w = q + len(bundle.questions), w + len(bundle.windows)
    owner = pad([window.owner for window in windows], -1)
    return Batch(
        pad(questions, 0),
        pad([window.ids for window in windows], 0),
        owner,
        torch.tensor(asked),
        torch.tensor(shown),
        _gold(pairs, int(owner.max()) + 1),
        torch.tensor([pair.words or (-1, -1) for pair in pairs]),
        torch.tensor([pair.weight for pair in pairs]),
        torch.tensor([pair.taught for pair in pairs]),
    )


def pad(rows: Sequence[Sequence[int]], filler: int) -> Tensor:
    """Rows of different lengths as (n, longest)."""
    longest = max(map(len, rows))
    return torch.tensor([[*row, *[filler] * (longest - len(row))] for row in rows])


def _gold(pairs: Sequence[Pair], sentences: int) -> Tensor:
    gold = torch.zeros(len(pairs), sentences, dtype=torch.bool)
    for i, pair in enumerate(pairs):
        gold[i, list(pair.gold)] = True
    return gold


def read_batch(reader: Reader, batch: Batch) -> Logits:
    """
    Read all pairs of *batch*; logits (P, Tw).

    Each question and window goes through the lower layers once. For the upper ones the two are put
    together without the padding between them, which changes nothing but the time.
    """
    asked, shown = batch.questions > 0, batch.windows > 0
    questions = reader.lower(batch.questions, asked, 0)
    windows = reader.lower(batch.windows, shown, 1)
    q_length, w_length = asked.sum(1)[batch.question], shown.sum(1)[batch.window]
    states, mask = _join(questions[batch.question], windows[batch.window], q_length, w_length)
    token, null = reader.joint(states, mask)
    token = token.float()
    # Back to the places of the window's tokens.
    places = q_length[:, None] + torch.arange(batch.windows.shape[1], device=q_length.device)
    places = places.clamp(max=states.shape[1] - 1)[..., None].expand(-1, -1, 3)
    told = token.gather(1, places)
    return Logits(told[..., 0], null.float(), told[..., 1], told[..., 2])


def _join(
    question: Tensor, window: Tensor, q_length: Tensor, w_length: Tensor
) -> tuple[Tensor, Tensor]:
    """The tokens of question and window without a gap: (P, T, width), mask (P, T)."""
    total = q_length + w_length
    place = torch.arange(int(total.max()), device=total.device)[None, :]
    behind = place >= q_length[:, None]
    # Padding of the window follows, so that one table of places serves for both.
    source = torch.where(behind, place - q_length[:, None] + question.shape[1], place)
    both = torch.cat([question, window], 1)
    source = source.clamp(max=both.shape[1] - 1)[..., None].expand(-1, -1, both.shape[2])
    return both.gather(1, source), place < total[:, None]
