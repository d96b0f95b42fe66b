"""
The reader that comes with the package: its weights in eight bits, its export, its settings.

reader.npz holds the weights, reader.json what belongs to them: the SHA-256 of that file, the
identity of the model whose word embeddings they need, how much the reader weighs beside the first
ranking, the calibration of the confidence, and the tiers. index.training.reading makes both.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from index.encoding.export_cache import (
    EXPORTS_FOLDER,
    cached_identity,
    make_export,
    open_or_make,
    read_manifest,
    user_cache,
)
from index.encoding.find_model import find_model
from index.encoding.protocol import Precision
from index.errors import DamagedExportError, ExportError
from index.reading.onnx_reader import OnnxReader
from index.reading.window_tokens import load_tokenizer

# Of a logit of known rows since the export: other processors round otherwise.
GREATEST_DRIFT = 0.1
WEIGHTS_FILE = Path(__file__).with_name("reader.npz")
SETTINGS_FILE = Path(__file__).with_name("reader.json")


@lru_cache(maxsize=1)
def reader_settings() -> dict[str, Any]:
    """What belongs to the weights, as it stands in the file."""
    settings: dict[str, Any] = json.loads(SETTINGS_FILE.read_text(encoding="utf-8"))
    return settings


def load_packaged_reader(
    precision: Precision, cache: Path | None, notice: Callable[[str], None]
) -> OnnxReader | None:
    """
    Open the export of the packaged reader, making it the first time and when it is damaged.

    None, and *notice* hears why, where it cannot be exported: the ranking answers without it.
    """
    place = cache or user_cache()
    identity = cached_identity(find_model(None), place)
    name = f"reader-{reader_settings()['sha256'][:16]}-{identity}-{precision}"
    export = place / EXPORTS_FOLDER / name

    def make() -> None:
        notice("preparing the reader, which happens once…")
        make_export(export, lambda made: ("index.reading.export_reader", str(made), precision))

    try:
        return open_or_make(export, _open_reader, make)
    except (ExportError, DamagedExportError) as exc:
        notice(f"the reader cannot be used ({exc}); answers are ranked without it.")
        return None


def _open_reader(export: Path) -> OnnxReader:
    """Open what is in the folder *export*; DamagedExportError, or ExportError for a refusal."""
    manifest = read_manifest(export)
    try:
        reader = OnnxReader(export, load_tokenizer())
        _check_probe(reader, manifest["probe"])
    except Exception as exc:  # onnxruntime and tokenizers raise whatever their parts raise
        raise DamagedExportError(" ".join(str(exc).split())[:200]) from exc
    return reader


def _check_probe(reader: OnnxReader, exported: Sequence[float]) -> None:
    """Raise ValueError when *reader* does not read as it did when it was exported."""
    difference = float(np.abs(np.subtract(reader.probe(), exported)).max())
    if not difference <= GREATEST_DRIFT:  # not a number is not the same either
        raise ValueError(f"the logits of known rows differ, by {difference:.3f}")
