"""
The reader: a question and a window are encoded apart by the lower layers, together by the upper.

A copy of all-MiniLM-L6-v2 (six layers of BERT, 384 dimensions, 12 heads), whose word embeddings
stay as they are, so that they need not be shipped again. Positions of question and window both
begin at 0; token types (0, 1) tell the two apart.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn.functional import gelu, scaled_dot_product_attention

CUT = 2  # lower layers
POSITIONS = 192


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a network is; as the packaged model, unless somebody says otherwise."""

    words: int = 30522
    width: int = 384
    heads: int = 12
    inner: int = 1536
    layers: int = 6


MINILM = Shape()


@dataclass(frozen=True, slots=True)
class Logits:
    """
    What is read, B pairs with windows of T tokens.

    token, start, end: (B, T); null: (B,).
    """

    token: Tensor
    null: Tensor
    start: Tensor
    end: Tensor


class Layer(nn.Module):
    """A layer of BERT, layer norm behind each half; states (B, T, width), mask (B, 1, 1, T)."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        width = shape.width
        self.heads = shape.heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.up = nn.Linear(width, shape.inner)
        self.down = nn.Linear(shape.inner, width)
        self.last_norm = nn.LayerNorm(width, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """One layer of BERT, its own normalisation behind each half."""
        batch, length, width = states.shape
        parts = self.qkv(states).view(batch, length, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4).unbind(0)
        mixed = _attend(query, key, value, mask)
        mixed = self.out(mixed.transpose(1, 2).reshape(batch, length, width))
        states = self.norm(states + self.dropout(mixed))
        inner: Tensor = self.down(gelu(self.up(states)))
        told: Tensor = self.last_norm(states + self.dropout(inner))
        return told


def _attend(query: Tensor, key: Tensor, value: Tensor, mask: Tensor) -> Tensor:
    """
    Attention, (B, heads, T, d) each, where *mask* (B, 1, 1, T) allows it.

    Written out, and in the precision of what is given: the backward pass of torch's own takes seven
    times as long on a processor (150 ms and 21 ms for 45 pairs of 104 tokens, one thread). A
    graphics card has torch's own.
    """
    if query.is_cuda:
        return scaled_dot_product_attention(query, key, value, attn_mask=mask)
    with torch.autocast("cpu", enabled=False):
        barred = (~mask).to(query.dtype) * -1e4
        likeness = (query * query.shape[-1] ** -0.5) @ key.transpose(2, 3) + barred
        mixed: Tensor = likeness.softmax(-1) @ value
        return mixed


class Reader(nn.Module):
    """Embeddings, *cut* lower layers, the others, and the heads."""

    def __init__(self, cut: int = CUT, dropout: float = 0.0, shape: Shape = MINILM) -> None:
        super().__init__()
        self.cut, self.shape = cut, shape
        width = shape.width
        self.words = nn.Embedding(shape.words, width)
        self.words.weight.requires_grad_(False)
        self.positions = nn.Embedding(POSITIONS, width)
        self.types = nn.Embedding(2, width)
        self.embedding_norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList(Layer(shape, dropout) for _ in range(shape.layers))
        self.token_head = nn.Linear(width, 3)  # whether it belongs to what answers; start; end
        self.null_head = nn.Linear(width, 1)

    def lower(self, ids: Tensor, mask: Tensor, kind: int) -> Tensor:
        """Encode questions (*kind* 0) or windows (1): ids and mask (B, T) to (B, T, width)."""
        length = ids.shape[1]
        states = self.words(ids) + self.positions.weight[:length] + self.types.weight[kind]
        states = self.embedding_norm(states)
        if torch.is_autocast_enabled(ids.device.type):
            states = states.to(torch.get_autocast_dtype(ids.device.type))
        for layer in self.layers[: self.cut]:
            states = layer(states, mask[:, None, None, :])
        return states  # type: ignore[no-any-return]

    def joint(self, states: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Read (B, T, width), the question first: logits of tokens (B, T, 3), of null (B,)."""
        for layer in self.layers[self.cut :]:
            states = layer(states, mask[:, None, None, :])
        return self.token_head(states), self.null_head(states[:, 0])[:, 0]

    def upper(self, question: Tensor, asked: Tensor, window: Tensor, shown: Tensor) -> Logits:
        """Read the states of questions and windows together; *asked* and *shown* are masks."""
        states = torch.cat([question, window], 1)
        token, null = self.joint(states, torch.cat([asked, shown], 1))
        told = token[:, question.shape[1] :]
        return Logits(told[..., 0], null, told[..., 1], told[..., 2])


def from_minilm(folder: Path, cut: int = CUT, dropout: float = 0.0) -> Reader:
    """A reader that begins as the model in *folder*; its heads begin near nothing."""
    reader, given = Reader(cut, dropout), load_file(folder / "model.safetensors")
    state = {
        "words.weight": given["embeddings.word_embeddings.weight"],
        "positions.weight": given["embeddings.position_embeddings.weight"][:POSITIONS],
        "types.weight": given["embeddings.token_type_embeddings.weight"],
    }
    _copy(state, "embedding_norm", given, "embeddings.LayerNorm")
    for i in range(MINILM.layers):
        own, theirs = f"layers.{i}", f"encoder.layer.{i}"
        for part in ("weight", "bias"):
            names = [f"{theirs}.attention.self.{name}.{part}" for name in ("query", "key", "value")]
            state[f"{own}.qkv.{part}"] = torch.cat([given[name] for name in names])
        _copy(state, f"{own}.out", given, f"{theirs}.attention.output.dense")
        _copy(state, f"{own}.norm", given, f"{theirs}.attention.output.LayerNorm")
        _copy(state, f"{own}.up", given, f"{theirs}.intermediate.dense")
        _copy(state, f"{own}.down", given, f"{theirs}.output.dense")
        _copy(state, f"{own}.last_norm", given, f"{theirs}.output.LayerNorm")
    reader.load_state_dict(state, strict=False)  # without heads
    for head in (reader.token_head, reader.null_head):
        nn.init.normal_(head.weight, std=0.02)
        nn.init.zeros_(head.bias)
    return reader


def _copy(state: dict[str, Tensor], own: str, given: dict[str, Tensor], theirs: str) -> None:
    for part in ("weight", "bias"):
        state[f"{own}.{part}"] = given[f"{theirs}.{part}"]


def describe(reader: Reader) -> str:
    """The shape in JSON."""
    learnt = sum(values.numel() for values in reader.parameters() if values.requires_grad)
    return json.dumps({"cut": reader.cut, "layers": reader.shape.layers, "learnt": learnt})
