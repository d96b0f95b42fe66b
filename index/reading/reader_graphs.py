"""
The reader as two graphs for onnxruntime.

lower.onnx: ids (B, T) int64, mask (B, T) bool, kind (1,) int64 -> states (B, T, width).
upper.onnx: question (B, Tq, width), asked (B, Tq) bool, window (B, Tw, width), shown (B, Tw) bool
-> token (B, Tw), null (B,), start (B, Tw), end (B, Tw).
"""

from __future__ import annotations

import warnings
from pathlib import Path

import torch
from torch import Tensor, nn

from index.reading.onnx_reader import LOWER, UPPER
from index.reading.reader_network import Reader

OPSET = 17


class LowerGraph(nn.Module):
    """The lower layers alone."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, ids: Tensor, mask: Tensor, kind: Tensor) -> Tensor:
        """Like Reader.lower, *kind* as a tensor (1,)."""
        reader = self.reader
        place = reader.positions.weight[: ids.shape[1]]
        states = reader.embedding_norm(reader.words(ids) + place + reader.types(kind))
        for layer in reader.layers[: reader.cut]:
            states = layer(states, mask[:, None, None, :])
        return states  # type: ignore[no-any-return]


class UpperGraph(nn.Module):
    """The upper layers and the heads."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(
        self, question: Tensor, asked: Tensor, window: Tensor, shown: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Like Reader.upper."""
        logits = self.reader.upper(question, asked, window, shown)
        return logits.token, logits.null, logits.start, logits.end


def export_graphs(reader: Reader, out: Path) -> None:
    """Write both graphs into the folder *out*."""
    out.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        # The older exporter is wanted: it needs no package that the product does not.
        warnings.simplefilter("ignore", DeprecationWarning)
        _export_lower(reader, out / LOWER)
        _export_upper(reader, out / UPPER)


def _export_lower(reader: Reader, path: Path) -> None:
    ids, mask = torch.ones(2, 9, dtype=torch.long), torch.ones(2, 9) > 0
    lengths = {0: "batch", 1: "length"}
    torch.onnx.export(
        LowerGraph(reader),
        (ids, mask, torch.tensor([1])),
        str(path),
        input_names=["ids", "mask", "kind"],
        output_names=["states"],
        opset_version=OPSET,
        dynamic_axes={"ids": lengths, "mask": lengths, "states": lengths},
        dynamo=False,
    )


def _export_upper(reader: Reader, path: Path) -> None:
    width = reader.shape.width
    question, window = torch.randn(2, 9, width), torch.randn(2, 12, width)
    asked = {0: "batch", 1: "asked"}
    shown = {0: "batch", 1: "shown"}
    axes = {"question": asked, "asked": asked, "window": shown, "shown": shown, "token": shown}
    torch.onnx.export(
        UpperGraph(reader),
        (question, torch.ones(2, 9) > 0, window, torch.ones(2, 12) > 0),
        str(path),
        input_names=["question", "asked", "window", "shown"],
        output_names=["token", "null", "start", "end"],
        opset_version=OPSET,
        dynamo=False,
        dynamic_axes={**axes, "null": {0: "batch"}, "start": shown, "end": shown},
    )
