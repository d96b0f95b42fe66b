"""
What follow-up questions take over from a conversation, on questions with self-contained forms.

    python tests/benchmarks/followup_words.py followups.jsonl.gz questions.jsonl

The first file is CANARD's (github.com/aagohary/canard) as index.training.fit_followups reads it.
Words with a topic that the self-contained form adds are what should be carried. The second is a
question file; its questions are taken as if they were asked in a row, which nothing should change.
Printed are the last complete question alone, as earlier versions had it, and the models, out of
fold: no conversation is judged by weights or by a threshold chosen on it. Takes half a minute.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.languages.english_cues import CONTINUES_QUESTION, POINTS_BACK
from index.text.followup_cues import topics
from index.training.fit_followups import describe, judge_out_of_fold
from index.training.followup_cases import FollowUp, read_complete, read_follow_ups


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("complete", type=Path, help="a question file")
    arguments = parser.parse_args()
    rows, complete = read_follow_ups(arguments.file), read_complete(arguments.complete)
    adding = sum(bool(row.added) for row in rows)
    print(f"{len(rows):,} questions with a history, {adding:,} of which add words")
    print("last complete question:", describe(judge_by_rule(rows), adding))
    of_rows, of_complete = judge_out_of_fold(rows, complete)
    print("models, out of fold:", describe(of_rows.sum(0), adding))
    shares = ", ".join(f"{share:.4f}" for share in of_rows[:, 5] / of_rows[:, 6])
    print(f"disturbed by fold: {shares}")
    disturbed = of_complete[:, 5].sum()
    print(f"of {len(complete):,} complete questions on articles {disturbed:.0f} disturbed")


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
