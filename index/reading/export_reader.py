"""
The packaged reader into graphs for onnxruntime, checked against torch.

    python -m index.reading.export_reader PLACE fp32|int8

writes into the folder PLACE both graphs, or why there are none.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

import numpy as np
import torch

from index.encoding.export_cache import MANIFEST_FILE
from index.encoding.onnx_graph import optimise_graph, quantise_weights
from index.encoding.protocol import Precision
from index.errors import UnfaithfulExportError
from index.reading.onnx_reader import LOWER, UPPER, OnnxReader
from index.reading.packaged_reader import WEIGHTS_FILE
from index.reading.reader_graphs import export_graphs
from index.reading.reader_network import Reader
from index.reading.reader_weights import load_int8, packaged_words
from index.reading.window_tokens import load_tokenizer

# The greatest difference of a logit from torch's, of those of COMPARED. Eight bits are off by some
# .3 of logits that go from -10 to 10; above these something is broken.
GREATEST_DIFFERENCE: dict[Precision, float] = {"fp32": 0.01, "int8": 2.0}
COMPARED = ((16, 112, 3), (5, 20, 1), (40, 128, 2))  # tokens of question and window, windows

Rows = list[list[int]]


def example_rows(asked: int, shown: int, windows: int) -> tuple[Rows, Rows]:
    """Token ids of a question and some windows, the last window shorter."""
    random = np.random.default_rng(7)
    question = random.integers(1000, 20000, (1, asked)).tolist()
    rows = random.integers(1000, 20000, (windows, shown)).tolist()
    rows[-1] = rows[-1][: shown - shown // 5]
    return question, rows


def greatest_difference(reader: Reader, served: OnnxReader, size: tuple[int, int, int]) -> float:
    """The greatest absolute difference of any logit from torch's, for rows of this *size*."""
    question, rows = example_rows(*size)
    found = served.upper(served.lower(question, 0), served.lower(rows, 1))
    ids, window = _padded(question), _padded(rows)
    asked, shown = ids > 0, window > 0
    with torch.no_grad():
        states = reader.lower(ids, asked, 0).expand(len(rows), -1, -1)
        read = reader.lower(window, shown, 1)
        told = reader.upper(states, asked.expand(len(rows), -1), read, shown)
    mask = shown.numpy()
    differences = []
    for own, other in zip((told.token, told.null, told.start, told.end), found, strict=True):
        apart = np.abs(own.numpy() - other)
        differences.append((apart[mask] if apart.ndim == 2 else apart).max())
    return float(np.max(differences))  # not a number if any of them is


def _padded(rows: Rows) -> torch.Tensor:
    longest = max(map(len, rows))
    return torch.tensor([row + [0] * (longest - len(row)) for row in rows])


def export_reader(place: Path, precision: Precision) -> list[float]:
    """
    Write graphs of the packaged weights into *place*, and return their probe.

    Raises UnfaithfulExportError when they do not read as the weights do.
    """
    reader = load_int8(WEIGHTS_FILE, packaged_words())
    with TemporaryDirectory(dir=place.parent) as workshop:
        export_graphs(reader, Path(workshop))
        for name in (LOWER, UPPER):
            graph = Path(workshop) / name
            if precision == "int8":
                graph = quantise_weights(graph)
            optimise_graph(graph, place / name)
    served = OnnxReader(place, load_tokenizer())
    for size in COMPARED:
        difference = greatest_difference(reader, served, size)
        if not difference <= GREATEST_DIFFERENCE[precision]:  # not a number is not faithful either
            raise UnfaithfulExportError(f"its logits differ, by {difference:.3f}")
    return served.probe()


def main() -> None:
    """Export as the command line says."""
    place, precision = Path(sys.argv[1]), sys.argv[2]
    if precision not in get_args(Precision):
        raise SystemExit(f"the precision is {precision!r} and must be fp32 or int8.")
    warnings.simplefilter("ignore")  # of what tracing cannot see, and the check does
    manifest: dict[str, object]
    try:
        probe = export_reader(place, precision)  # type: ignore[arg-type]
        files = {path.name: path.stat().st_size for path in place.iterdir()}
        manifest = {"files": files, "probe": probe}
    except Exception as exc:  # the tools fail in their own ways
        manifest = {"refused": " ".join(str(exc).split())[:200] or type(exc).__name__}
    (place / MANIFEST_FILE).write_text(json.dumps(manifest), encoding="utf-8")


if __name__ == "__main__":
    main()
