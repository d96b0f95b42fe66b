"""
Fit what goes with the weights: the calibration of the confidence, and the tiers.

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
    READER_WEIGHT,
    certainties,
    combine_windows,
    fit,
    hits_first,
)
from index.training.reading.reading_cases import ReadingCase

# So much of what the first tier shows must be right: of the held-out written questions, which are
# of the kinds that people ask here, near misses among them.
SAYS_PRECISION = 0.95


def fit_settings(cases: list[ReadingCase]) -> dict[str, Any]:
    """What reader.json holds beside the digests."""
    reads = [combine_windows(case) for case in cases]
    model = fit(cases, reads)
    own = [i for i, case in enumerate(cases) if case.file == "written" and not case.off_topic]
    certain = certainties([cases[i] for i in own], [reads[i] for i in own])
    right = np.array([hits_first(cases[i], reads[i]) for i in own])
    slopes = zip((*SIGNALS, *READING_SIGNALS), model.slopes.tolist(), strict=True)
    calibration = {name: round(slope, 6) for name, slope in slopes}
    return {
        "weight": READER_WEIGHT,
        "calibration": calibration | {"bias": round(model.bias, 6)},
        "tiers": {"may": MAY, "says": round(lowest_threshold(certain, right, SAYS_PRECISION), 4)},
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
