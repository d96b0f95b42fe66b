"""
Fit the weights of index.ranking, and show what they reach.

    python -m index.training.fit_ranking FOLDER [--write]

FOLDER holds question files (their form stands in index.evaluation.question_files):
onestopqa.jsonl, onestopqa-unanswerable.jsonl, clapnq.jsonl, squad2.jsonl and xquad.jsonl. Every
feature comes from the product's own code. Ranking is tested on a set that it was not fitted on,
leaving out articles of the same title too, and on articles that it was not fitted on; the
confidence is cross-validated over articles, with the scores of the latter heads. --write fits all
on everything and writes index/ranking/weights.json and index/ranking/answer_types.npz.

Ten minutes on one core. torch is only used to fit.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from index.encoding.load import load_encoder
from index.encoding.threads import multiply_in_one_thread
from index.ranking.answer_types import write_answer_types
from index.ranking.ranker import WEIGHTS_FILE
from index.ranking.signals import Signals
from index.training.cases import SETS, Cases, answerable, in_order, kinds_of, read_sets
from index.training.fit_answer_types import Lesson, read_lessons
from index.training.fit_confidence import case_weights, fit_confidence
from index.training.fit_tables import (
    print_confidence,
    print_other_sets,
    print_ranking,
    print_shown,
    print_single_signals,
)
from index.training.folds import Unseen, fit
from index.training.head_network import rounded


def main() -> None:
    """Print the tables; with --write fit on everything and write the weights."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[1])
    parser.add_argument("folder", type=Path, help="where the question files are")
    parser.add_argument("--write", action="store_true", help=f"write {WEIGHTS_FILE.name}")
    arguments = parser.parse_args()
    torch.manual_seed(0)
    encoder = load_encoder()
    torch.set_num_threads(1)
    multiply_in_one_thread()
    cases = read_sets(arguments.folder, encoder)
    lessons = read_lessons(in_order(cases))
    print_single_signals(cases)
    print_other_sets(cases, lessons)
    unseen = Unseen(cases, lessons)
    print_ranking(cases, unseen)
    print_shown(cases, unseen)
    signals = {name: unseen.signals(cases[name]) for name in SETS}
    print_confidence(cases, signals)
    if arguments.write:
        write_weights(cases, signals, lessons, encoder.identity)


def write_weights(
    cases: Cases,
    signals: Mapping[str, NDArray[np.float64]],
    lessons: Sequence[Lesson],
    identity: str,
) -> None:
    """Fit on everything and write both files, for the model with that *identity*."""
    fitted = fit(answerable(in_order(cases)), lessons)
    model = fit_confidence(
        np.concatenate([signals[name] for name in SETS]),
        kinds_of(in_order(cases)),
        case_weights([kinds_of(cases[name]) for name in SETS]),
    )
    slopes = dict(zip([field.name for field in fields(Signals)], model.weights, strict=True))
    calibration = {name: rounded(value) for name, value in {**slopes, "bias": model.bias}.items()}
    weights = {"ranker": fitted.weights, "calibration": calibration}
    WEIGHTS_FILE.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")
    write_answer_types(fitted.types, identity)


if __name__ == "__main__":
    main()
