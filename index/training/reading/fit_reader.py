"""
Fit what goes with the weights: how much the reader weighs, the calibration, the tiers.

    python -m index.training.reading.fit_reader CASES... [--out FILE]

CASES: what measure_reader wrote; several parts are put together. Fitted on all of them and, with
--out, put into a file like index/reading/reader.json; judge_reader prints what is reached out of
fold.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from index.ranking.signals import SIGNALS
from index.reading.packaged_reader import SETTINGS_FILE
from index.reading.reading_confidence import READING_SIGNALS
from index.training.reading.judge_reader import load_cases, lowest_threshold
from index.training.reading.reader_fusion import (
    MAY,
    combine_windows,
    fit,
    hits_first,
    is_read,
    signals_of,
)
from index.training.reading.reading_cases import ReadingCase

SAYS_PRECISION = 0.95  # of what the first tier shows must be right


def fit_settings(cases: list[ReadingCase]) -> dict[str, Any]:
    """What reader.json holds beside the digests."""
    reads = [combine_windows(case) for case in cases]
    model = fit(cases, reads)
    own = [
        pair
        for pair in zip(cases, reads, strict=True)
        if is_read(pair[0]) and not pair[0].off_topic
    ]
    sure = model.probability(np.array([signals_of(*pair, model.weight) for pair in own]))
    right = np.array([hits_first(*pair, model.weight) for pair in own])
    slopes = zip((*SIGNALS, *READING_SIGNALS), model.slopes.tolist(), strict=True)
    calibration = {name: round(slope, 6) for name, slope in slopes}
    return {
        "weight": model.weight,
        "calibration": calibration | {"bias": round(model.bias, 6)},
        "tiers": {"may": MAY, "says": round(lowest_threshold(sure, right, SAYS_PRECISION), 4)},
    }


def main() -> None:
    """Print what is fitted, and write it when asked to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[1])
    parser.add_argument("cases", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, help=f"{SETTINGS_FILE.name}, as pack_reader began it")
    given = parser.parse_args()
    fitted = fit_settings(load_cases(given.cases))
    print(json.dumps(fitted, indent=1))
    if given.out:
        settings = json.loads(given.out.read_text(encoding="utf-8")) | fitted
        given.out.write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
