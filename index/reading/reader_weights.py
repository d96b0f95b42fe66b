"""The weights of a reader: eight bits, as they would ship, and the checkpoints of a run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor

from index.encoding.find_model import find_model
from index.reading.reader_network import MINILM, Reader, Shape


def save_int8(reader: Reader, path: Path) -> None:
    """
    Write all but the word embeddings: matrices in int8 with a scale a row, the rest in float32.

    "name" (rows, columns) int8 with "name:scale" (rows,); also "cut". About 11 MB.
    """
    arrays: dict[str, NDArray[np.generic]] = {"cut": np.array(reader.cut)}
    for name, tensor in reader.state_dict().items():
        values = tensor.detach().float().numpy()
        if name == "words.weight":
            continue
        if values.ndim == 2 and "head" not in name and values.shape[0] > 2:
            scale = np.abs(values).max(1) / 127 + 1e-12
            arrays[name] = np.rint(values / scale[:, None]).astype(np.int8)
            arrays[f"{name}:scale"] = scale.astype(np.float32)
        else:
            arrays[name] = values
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]


def load_int8(path: Path, words: Tensor, shape: Shape = MINILM) -> Reader:
    """The reader whose weights are at *path*, with the word embeddings (vocabulary, width)."""
    with np.load(path) as file:
        arrays = dict(file)
    reader = Reader(int(arrays.pop("cut")), shape=shape)
    state = {"words.weight": words.detach()}
    for name, values in arrays.items():
        if not name.endswith(":scale"):
            scale = arrays.get(f"{name}:scale")
            full = values if scale is None else values.astype(np.float32) * scale[:, None]
            state[name] = torch.from_numpy(np.ascontiguousarray(full))
    reader.load_state_dict(state)
    return reader.eval()


def packaged_words() -> Tensor:
    """The word embeddings of the packaged model (vocabulary, width)."""
    file = load_file(find_model(None) / "model.safetensors")
    return file["embeddings.word_embeddings.weight"]


def load_reader(path: Path) -> Reader:
    """From a checkpoint of a run (.pt), or eight bits (.npz) beside the packaged model."""
    if path.suffix == ".npz":
        return load_int8(path, packaged_words())
    kept = torch.load(path, weights_only=True)
    reader = Reader(kept["cut"])
    reader.load_state_dict(kept["reader"])
    return reader.eval()
