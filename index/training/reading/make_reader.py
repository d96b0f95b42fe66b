"""
Everything that makes a reader, one command after another.

    python -m index.training.reading.make_reader TRAIN JUDGED WORK [--steps N] [--seed S] [--write]

WORK gets what each step makes. Typed again it goes on where it was stopped: what is there is not
made again, and training begins at its last checkpoint. With --write weights and settings are put
into index/reading.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

from index.evaluation.learnt_texts import LEARNT_FILE
from index.reading.packaged_reader import SETTINGS_FILE, WEIGHTS_FILE

PARTS = 2  # processes that measure


def run(module: str, *arguments: object) -> None:
    """Run a command of this room, and end with it when it fails."""
    command = [sys.executable, "-m", f"index.training.reading.{module}", *map(str, arguments)]
    print(" ".join(command[2:]), flush=True)
    subprocess.run(command, check=True)  # noqa: S603 (this program itself)


def measure(train: Path, judged: Path, first: Path, weights: Path) -> list[Path]:
    """Measure *weights* in PARTS processes; return what they wrote beside them."""
    cases = [weights.with_name(f"cases{part}.pickle") for part in range(PARTS)]
    command = [sys.executable, "-m", "index.training.reading.measure_reader", "--half"]
    measuring = [
        subprocess.Popen(  # noqa: S603 (this program itself)
            [
                *command,
                train,
                judged,
                first,
                weights,
                path,
                "--half",
                "--part",
                str(part),
                str(PARTS),
            ]
        )
        for part, path in enumerate(cases)
    ]
    codes = [process.wait() for process in measuring]  # of all, whatever the first one says
    if any(codes):
        raise SystemExit("the reader could not be measured; what went wrong stands above.")
    return cases


def main() -> None:
    """Do what is not done yet."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[1])
    for name in ("train", "judged", "work"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="put the result into index/reading")
    given = parser.parse_args()
    data, first, trained, packed = (
        given.work / name for name in ("data", "first", "run", "packed")
    )
    if not (data / "written.pickle").exists():
        run("prepare_texts", given.train, given.judged, data)
    run("first_ranking", given.train, given.judged, first)
    if not (trained / "reader.pt").exists():
        run("train_reader", data, trained, "--steps", given.steps, "--seed", given.seed)
    run("pack_reader", trained / "reader.pt", data, packed)
    cases = measure(given.train, given.judged, first, packed / WEIGHTS_FILE.name)
    run("fit_reader", *cases, "--out", packed / SETTINGS_FILE.name)
    run("judge_reader", *cases)
    if given.write:
        for name in (WEIGHTS_FILE.name, SETTINGS_FILE.name, LEARNT_FILE.name):
            shutil.copy(packed / name, SETTINGS_FILE.parent)


if __name__ == "__main__":
    main()
