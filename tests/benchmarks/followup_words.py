"""
What follow-up questions take over from a conversation, on questions with self-contained forms.

    python tests/benchmarks/followup_words.py followups.jsonl.gz

The file is CANARD's (github.com/aagohary/canard) as index.training.fit_followups reads it. Words
with a topic that the self-contained form adds are what should be carried. Printed are the last
complete question alone, as earlier versions had it, and the models, out of fold: no conversation is
judged by weights that were fitted on it. Takes three minutes.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.languages.english_cues import CONTINUES_QUESTION, POINTS_BACK
from index.text.followup_cues import topics
from index.training.fit_followups import (
    FOLDS,
    FollowUp,
    describe,
    fit_models,
    judge,
    read_follow_ups,
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    rows = read_follow_ups(parser.parse_args().file)
    adding = sum(bool(row.added) for row in rows)
    print(f"{len(rows):,} questions with a history, {adding:,} of which add words")
    print("last complete question:", describe(judge_by_rule(rows), adding))
    sums = np.zeros(8)
    for fold in range(FOLDS):
        models = fit_models([row for row in rows if row.fold != fold])
        sums += judge([row for row in rows if row.fold == fold], models)
    print("models, out of fold:", describe(sums, adding))


def judge_by_rule(rows: Sequence[FollowUp]) -> np.ndarray:
    """The figures of judge(), of the rule that earlier versions had."""
    sums = np.zeros(8)
    for row in rows:
        asked = [turn.question for turn in row.turns]
        complete = next((text for text in reversed(asked) if not is_elliptic(text)), None)
        known = complete is not None and is_elliptic(row.question)
        carried = topics(complete or "") - topics(row.question)
        right, disturbed = len(row.added & carried), is_elliptic(row.rewrite)
        sums += [
            *(len(row.added), right * known, len(carried) * known),
            *(len(row.added) * known, right * known, disturbed, 1, known and bool(row.added)),
        ]
    return sums


def is_elliptic(question: str) -> bool:
    """Whether a pronoun or an "and" in a short question says that it leans on another."""
    points = CONTINUES_QUESTION.match(question) or POINTS_BACK.search(question)
    own = topics(question)
    return not own or (points is not None and len(own) <= 3)


if __name__ == "__main__":
    main()
