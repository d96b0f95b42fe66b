"""
Low-rank adapters (LoRA): beside each matrix of the layers two small ones are learnt, it stays.

Measured against learning all weights (index/training/README.md); what ships has none.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from index.reading.reader_network import Reader

SCALE = 2.0  # of what is learnt, alpha / rank in https://arxiv.org/abs/2106.09685


class LowRank(nn.Module):
    """A matrix (rows, columns) with what is learnt beside it: (rows, rank) @ (rank, columns)."""

    def __init__(self, matrix: Tensor, rank: int) -> None:
        super().__init__()
        rows, columns = matrix.shape
        self.down = nn.Parameter(matrix.new_empty(rank, columns).normal_(std=columns**-0.5))
        self.up = nn.Parameter(matrix.new_zeros(rows, rank))

    def forward(self, matrix: Tensor) -> Tensor:
        """The matrix as it is used."""
        adapted: Tensor = matrix + SCALE * (self.up @ self.down)
        return adapted


def adapt(reader: Reader, rank: int) -> Reader:
    """Learn only adapters of *rank* in the layers, and the heads."""
    for values in reader.layers.parameters():
        values.requires_grad_(False)
    for module in _matrices(reader):
        parametrize.register_parametrization(module, "weight", LowRank(module.weight, rank))
    return reader


def merge(reader: Reader) -> None:
    """Put the adapters into the matrices, as if these had been learnt."""
    with torch.no_grad():
        for module in _matrices(reader):
            parametrize.remove_parametrizations(module, "weight", leave_parametrized=True)


def _matrices(reader: Reader) -> list[nn.Linear]:
    return [module for module in reader.layers.modules() if isinstance(module, nn.Linear)]
