"""
The floors of the evaluation gate, and the command that raises them.

    python tests/gate/pin.py [--allow-regression]

Measures the question files of this folder with the packaged model and writes floors.json, which
tests/gate/test_gate.py holds every change to. A floor only rises (a ceiling only falls), unless
--allow-regression is given: then the numbers are what is measured, and the reason belongs into
the commit message.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index.encoding.load import load_encoder
from index.encoding.protocol import Encoder
from index.evaluation.metrics import summarise
from index.evaluation.question_files import read_questions
from index.evaluation.running import evaluate
from index.reading.fused_ranking import Reader
from index.reading.load_reader import load_reader

FOLDER = Path(__file__).parent
FLOORS = FOLDER / "floors.json"
FILES = ("articles.jsonl", "near_misses.jsonl", "seed.jsonl")
COMMAND = "python tests/gate/pin.py"
WANTED_HIGH = ("hit_at_1", "hit_at_3", "evidence_shown", "auroc")
WANTED_LOW = ("answerable_refused", "impossible_answered")
# Floors have three places; one question of these few moves a share by .03 or more.
EPSILON = 0.0005
# AUROC counts pairs: rounding on another processor may swap a few of the 900 near misses make.
SWAPPED_PAIRS = 0.01

Pinned = dict[str, Any]  # one file: its SHA-256, its counts, and its metrics


def measure(path: Path, encoder: Encoder, reader: Reader | None) -> Pinned:
    """Ask a question file with the default settings."""
    summary = summarise(evaluate(list(read_questions(path)), encoder, reader=reader))
    metrics = {name: round(getattr(summary, name), 3) for name in (*WANTED_HIGH, *WANTED_LOW)}
    return {
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "answerable": summary.answerable,
        "impossible": summary.impossible,
        **metrics,
    }


def regressions(pinned: Pinned, measured: Pinned, *, swapped: float = 0.0) -> Iterator[str]:
    """Each metric that is worse than what is *pinned* (AUROC by *swapped*), with both values."""
    for name in WANTED_HIGH:
        slack = EPSILON + swapped if name == "auroc" else EPSILON
        if measured[name] < pinned[name] - slack:
            yield f"{name} is {measured[name]:.3f}, below its floor {pinned[name]:.3f}"
    for name in WANTED_LOW:
        if measured[name] > pinned[name] + EPSILON:
            yield f"{name} is {measured[name]:.3f}, above its ceiling {pinned[name]:.3f}"


def complaints(name: str, pinned: Pinned | None, measured: Pinned) -> Iterator[str]:
    """Why the gate stays closed for the file *name*, each with the command that opens it."""
    if pinned is None:
        yield f"{name} has no floors; run `{COMMAND}`."
        return
    if pinned["sha256"] != measured["sha256"]:
        yield f"{name} has changed since its floors were pinned; run `{COMMAND}`."
    for worse in regressions(pinned, measured, swapped=SWAPPED_PAIRS):
        yield f"{name}: {worse}; if that is meant, run `{COMMAND} --allow-regression`."


def read_floors() -> dict[str, Pinned]:
    """What is pinned, by the names of the files."""
    floors: dict[str, Pinned] = json.loads(FLOORS.read_text(encoding="utf-8"))
    return floors


def main() -> None:
    """Pin what is measured, or say what has become worse."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[1])
    parser.add_argument("--allow-regression", action="store_true", help="let floors fall")
    arguments = parser.parse_args()
    encoder = load_encoder()
    reader = load_reader("packaged", encoder)
    measured = {name: measure(FOLDER / name, encoder, reader) for name in FILES}
    floors = read_floors() if FLOORS.exists() else {}
    worse = [
        f"{name}: {regression}"
        for name in FILES
        if name in floors
        for regression in regressions(floors[name], measured[name])
    ]
    print("\n".join(worse), file=sys.stderr, end="\n" * bool(worse))
    if worse and not arguments.allow_regression:
        sys.exit(f"Nothing was pinned; if that is meant, run `{COMMAND} --allow-regression`.")
    FLOORS.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
    for name, pinned in measured.items():
        print(name, *(f"{metric} {pinned[metric]:.3f}" for metric in (*WANTED_HIGH, *WANTED_LOW)))


if __name__ == "__main__":
    main()
