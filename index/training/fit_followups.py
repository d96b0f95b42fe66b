"""
Fit what tells a follow-up and what it means, on questions with their self-contained forms.

    python -m index.training.fit_followups followups.jsonl.gz [--write]

Each line of the file is {"id", "title", "history", "question", "rewrite"}, questions and answers in
turns; the part of the id before "#" is the conversation. Printed is what the models do out of fold:
no conversation is judged by weights that were fitted on it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from index.datatypes import Turn
from index.text.followup_cues import listen, question_cues, topics, word_cues
from index.text.followups import (
    LogisticModel,
    choose_words,
    leans,
    leans_by_rule,
    packaged_models,
    write_models,
)
from index.training.fit_confidence import fit_logistic

FOLDS = 5
# Of the self-contained forms, with the rules beside the model; out of fold it is twice that.
MAX_DISTURBED = 0.005
CARRIED_FROM = 0.02  # probability; lower, and more words are wrong without more being right


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A *question* after *turns*, and the self-contained *rewrite* that a person made of it."""

    conversation: str
    turns: tuple[Turn, ...]
    question: str
    rewrite: str

    @property
    def added(self) -> frozenset[str]:
        """The forms with a topic that the rewrite has and the question lacks."""
        return topics(self.rewrite) - topics(self.question)

    @property
    def fold(self) -> int:
        """Which part of the conversations it belongs to."""
        return crc32(self.conversation.encode()) % FOLDS


def read_follow_ups(path: Path) -> list[FollowUp]:
    """Read those of *path* that follow something."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [_follow_up(row) for row in rows if row["history"]]


def _follow_up(row: dict[str, str]) -> FollowUp:
    history = row["history"]
    turns = tuple(
        Turn(question, row["title"], told)
        for question, told in zip(history[::2], history[1::2], strict=True)
    )
    return FollowUp(row["id"].partition("#")[0], turns, row["question"], row["rewrite"])


def fit_models(rows: Sequence[FollowUp]) -> dict[str, LogisticModel]:
    """Fit both models on *rows*; the threshold of the first keeps to MAX_DISTURBED on them."""
    gate = _fit_gate(rows)
    carried = [
        (cues, form in row.added)
        for row in rows
        for form, cues in word_cues(row.question, listen(row.turns)).items()
    ]
    return {"leans": gate, "carries": _fit(carried, CARRIED_FROM)}


def _fit_gate(rows: Sequence[FollowUp]) -> LogisticModel:
    """Fit which question leans on its turns: it, not its rewrite, nor one about something else."""
    draw = random.Random(1)
    cases: list[tuple[list[float], bool]] = []
    complete: list[tuple[list[float], bool | None]] = []
    for row in rows:
        spoken = listen(row.turns)
        stranger = draw.choice(rows).rewrite
        for lower in (False, True):
            asked, whole, other = (
                question_cues(text.lower() if lower else text, spoken)
                for text in (row.question, row.rewrite, stranger)
            )
            cases += [(asked, bool(row.added)), (whole, False), (other, False)]
            if not lower:
                complete.append((whole, leans_by_rule(row.rewrite, row.turns)))
    model = _fit(cases, 0.0)
    return model._replace(threshold=_threshold(model, complete))


def _threshold(model: LogisticModel, complete: Sequence[tuple[list[float], bool | None]]) -> float:
    """From where so few *complete* questions lean, with those that a rule takes for follow-ups."""
    open_ = sorted(
        (model.probability(cues) for cues, ruled in complete if ruled is None), reverse=True
    )
    taken = sum(bool(ruled) for _, ruled in complete)
    return open_[max(int(MAX_DISTURBED * len(complete)) - taken, 0)] + 1e-6


def _fit(cases: Sequence[tuple[list[float], bool]], threshold: float) -> LogisticModel:
    rows = np.array([cues for cues, _ in cases])
    truth: NDArray[np.bool_] = np.array([is_true for _, is_true in cases])
    fitted = fit_logistic(rows, truth, np.ones(len(cases)))
    return LogisticModel(fitted.weights.tolist(), fitted.bias, threshold)


def judge(rows: Sequence[FollowUp], models: dict[str, LogisticModel]) -> NDArray[np.float64]:
    """
    What *models* do with *rows*, added up: (8,).

    Words added in all, carried of these, carried in all; the first two of the follow-ups that are
    recognised; complete forms that are disturbed; all rows; follow-ups recognised.
    """
    sums = np.zeros(8)
    for row in rows:
        spoken = listen(row.turns)
        chosen = set(choose_words(word_cues(row.question, spoken), models["carries"]))
        known = _leans(row.question, row, models)
        right = len(row.added & chosen)
        disturbed = _leans(row.rewrite, row, models)
        sums += [
            *(len(row.added), right * known, len(chosen) * known),
            *(len(row.added) * known, right * known, disturbed, 1, known and bool(row.added)),
        ]
    return sums


def _leans(question: str, row: FollowUp, models: dict[str, LogisticModel]) -> bool:
    return leans(question, row.turns, models["leans"])


def describe(sums: NDArray[np.float64], follow_ups: int) -> str:
    """The figures of judge() in words; *follow_ups* are those that add a word."""
    added, right, carried, of_known, _, disturbed, rows, known = sums
    return (
        f"carried {right / of_known:.3f} of the added words of the follow-ups that are recognised "
        f"({known / follow_ups:.3f} of them), {right / added:.3f} of all; {right / carried:.3f} of "
        f"{carried / max(known, 1):.1f} words carried are added ones; "
        f"{disturbed / rows:.4f} of the complete forms disturbed"
    )


def main() -> None:
    """Fit, judge out of fold, and write if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    rows = read_follow_ups(arguments.file)
    sums = np.zeros(8)
    for fold in range(FOLDS):
        models = fit_models([row for row in rows if row.fold != fold])
        sums += judge([row for row in rows if row.fold == fold], models)
    print("out of fold:", describe(sums, sum(bool(row.added) for row in rows)))
    if arguments.write:
        write_models(fit_models(rows))
        packaged_models.cache_clear()


if __name__ == "__main__":
    main()
