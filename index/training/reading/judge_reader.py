"""
What a reader is worth: tables of the first ranking with and without it, over measured cases.

    python -m index.training.reading.judge_reader CASES...

CASES: what measure_reader wrote; several parts are put together. Thresholds of the tiers are set
by the other folds of articles, too.
"""

from __future__ import annotations

import argparse
import pickle
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.evaluation.metrics import auroc
from index.evaluation.squad_f1 import words_f1
from index.training.reading.reader_fusion import (
    ARTICLE_FOLDS,
    Floats,
    Judged,
    combine_windows,
    fold_of_case,
    judge_off,
    judge_on,
)
from index.training.reading.reading_cases import ReadingCase

PRECISIONS = (0.95, 0.92, 0.9)


def first_tier(
    sure: Floats, right: NDArray[np.bool_], folds: NDArray[np.int64], wanted: float
) -> NDArray[np.bool_]:
    """
    What is in the first tier: each fold by the threshold that the others would set.

    That is the lowest from which at least *wanted* of what they show is right.
    """
    inside = np.zeros(len(sure), bool)
    for fold in range(ARTICLE_FOLDS):
        others = folds != fold
        inside |= (folds == fold) & (sure >= lowest_threshold(sure[others], right[others], wanted))
    return inside


def lowest_threshold(sure: Floats, right: NDArray[np.bool_], wanted: float) -> float:
    """The lowest confidence from which at least *wanted* is right; 1 when there is none."""
    order = np.argsort(-sure)
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(precision >= wanted)
    return float(sure[order][good[-1]]) if len(good) else 1.0


HEAD = (
    "file              yes/no        hit@1 AUROC refused wrongly off-topic"
    " | says .95 right/share, .92, .90"
)


def table(judged: Judged) -> str:
    """A line for each file, and for the matched questions."""
    names = [case.file for case in judged.cases]
    lines = [HEAD]
    for name in dict.fromkeys(names):
        if not name.endswith("-unanswerable"):
            lines.append(line(judged, name, np.array([own == name for own in names])))
    matched = np.array([case.matched and not case.off_topic for case in judged.cases])
    if matched.any():
        lines.append(line(judged, "written, matched", matched))
    if "onestopqa-unanswerable" in names:
        both = np.array([name.startswith("onestopqa") for name in names])
        lines.append(line(judged, "onestop, removed", both))
    return "\n".join(lines)


def line(judged: Judged, name: str, chosen: NDArray[np.bool_]) -> str:
    """The figures of the *chosen* cases."""
    cases = [case for case, own in zip(judged.cases, chosen, strict=True) if own]
    yes = np.array([case.answerable for case in cases])
    off = np.array([case.off_topic for case in cases])
    no, own = ~yes & ~off, ~off
    answers, right = judged.answers[chosen], judged.right[chosen] & yes
    told = answers >= judged.threshold
    figures = [f"{name:17} {yes.sum():5}/{no.sum():5} {right[yes].mean():8.3f}"]
    figures.append(f"{auroc(answers[own], yes[own]):.3f}" if no.any() else "    –")
    figures.append(f"{(~told)[yes].mean():7.3f}")
    figures += [f"{told[kind].mean():7.3f}" if kind.any() else "      –" for kind in (no, off)]
    figures.append("  |")
    folds = np.array([fold_of_case(case) for case in cases])[own]
    for wanted in PRECISIONS:
        inside = first_tier(judged.certain[chosen][own], right[own], folds, wanted)
        precision = right[own][inside].mean() if inside.any() else float("nan")
        figures.append(f"{precision:.3f}/{(inside & yes[own]).sum() / max(yes.sum(), 1):.3f}")
    return " ".join(figures)


def words_line(judged: Judged) -> str:
    """F1 of the answering words, on the written questions where they are told."""
    scores, right = [], []
    for case, first, hit in zip(judged.cases, judged.first, judged.right, strict=True):
        if case.words and case.answerable and case.file == "written":
            span = combine_windows(case).words.get(int(first))
            score = words_f1(case.text[span.start : span.end], case.answer) if span else 0.0
            scores.append(score)
            right += [score] if hit else []
    if not scores:
        return "no answering words"
    return (
        f"words F1 {np.mean(scores):.3f} (n {len(scores)}); "
        f"where the sentence is right {np.mean(right):.3f} (n {len(right)})"
    )


def load_cases(paths: list[Path]) -> list[ReadingCase]:
    """The cases of several files."""
    cases: list[ReadingCase] = []
    for path in paths:
        with path.open("rb") as file:
            cases += pickle.load(file)  # noqa: S301 (written by measure_reader)
    return cases


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[1])
    parser.add_argument("cases", type=Path, nargs="+")
    given = parser.parse_args()
    cases = load_cases(given.cases)
    print("reader off\n" + table(judge_off(cases)))
    judged = judge_on(cases)
    print(f"reader on\n{table(judged)}")
    print(words_line(judged))


if __name__ == "__main__":
    main()
