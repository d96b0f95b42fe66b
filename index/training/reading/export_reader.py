"""
Make eight bits and graphs of a reader, check them against torch, and time them.

    python -m index.training.reading.export_reader WEIGHTS OUT

WEIGHTS: a checkpoint of train_reader, from which OUT/reader.npz (eight bits) is made, or such a
file. The graphs are made of the eight bits, so that they are what would ship.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import torch

from index.training.reading.onnx_reader import OnnxReader
from index.training.reading.reader_batch import pad
from index.training.reading.reader_graphs import export_graphs
from index.training.reading.reader_network import Reader
from index.training.reading.reader_weights import load_reader, save_int8
from index.training.reading.tokenised_texts import load_tokenizer

REPEATS, FIRST = 50, 5  # runs that are timed, and those before that are not
# Tokens of question and window, windows: what serving may read
SIZES = ((16, 112, 1), (16, 112, 2), (16, 112, 3), (16, 112, 4), (16, 88, 4), (16, 128, 2))

Rows = list[list[int]]


def example_rows(asked: int, shown: int, windows: int) -> tuple[Rows, Rows]:
    """Token ids of a question and some windows, the last window shorter."""
    random = np.random.default_rng(7)
    question = random.integers(1000, 20000, (1, asked)).tolist()
    rows = random.integers(1000, 20000, (windows, shown)).tolist()
    rows[-1] = rows[-1][: shown - shown // 5]
    return question, rows


def greatest_difference(reader: Reader, served: OnnxReader) -> float:
    """The greatest absolute difference of any logit from torch's."""
    question, rows = example_rows(16, 112, 3)
    ids, window = pad(question, 0), pad(rows, 0)
    asked, shown = ids > 0, window > 0
    with torch.no_grad():
        states = reader.lower(ids, asked, 0).expand(3, -1, -1)
        read = reader.lower(window, shown, 1)
        wanted = reader.upper(states, asked.expand(3, -1), read, shown)
    found = served.upper(served.lower(question, 0), served.lower(rows, 1))
    mask = shown.numpy()
    greatest = 0.0
    for own, other in zip(
        (wanted.token, wanted.null, wanted.start, wanted.end), found, strict=True
    ):
        apart = np.abs(own.numpy() - other)
        greatest = max(greatest, float((apart[mask] if apart.ndim == 2 else apart).max()))
    return greatest


def median_ms(work: Callable[[], object]) -> float:
    """The median of REPEATS runs, in milliseconds."""
    times = []
    for i in range(FIRST + REPEATS):
        started = time.perf_counter()
        work()
        if i >= FIRST:
            times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def print_times(served: OnnxReader) -> None:
    """Print the times of a question, of its windows' lower layers, and of the upper ones."""
    for size in SIZES:
        question, rows = example_rows(*size)
        asked, shown = served.lower(question, 0), served.lower(rows, 1)
        alone = median_ms(partial(served.lower, question, 0))
        windows = median_ms(partial(served.lower, rows, 1))
        together = median_ms(partial(served.upper, asked, shown))
        print(f"{size}: question {alone:.1f}, windows {windows:.1f}, together {together:.1f} ms")


def main() -> None:
    """Export, check, time."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[1])
    parser.add_argument("weights", type=Path, help="reader.pt, checkpoint.pt or reader.npz")
    parser.add_argument("out", type=Path, help="folder for eight bits and graphs")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    weights = given.weights
    if weights.suffix == ".pt":
        save_int8(load_reader(weights), given.out / "reader.npz")
        weights = given.out / "reader.npz"
        print(f"reader.npz: {weights.stat().st_size:,} bytes")
    reader = load_reader(weights)
    export_graphs(reader, given.out)
    served = OnnxReader(given.out, load_tokenizer())
    print(f"greatest difference from torch: {greatest_difference(reader, served):.2e}")
    for path in sorted(given.out.glob("*.onnx")):
        print(f"{path.name}: {path.stat().st_size:,} bytes")
    print_times(served)


if __name__ == "__main__":
    main()
