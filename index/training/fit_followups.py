"""
Fit what tells a follow-up and what it means, on questions with their self-contained forms.

    python -m index.training.fit_followups followups.jsonl.gz questions.jsonl [--write]

Each line of the first file is {"id", "title", "history", "question", "rewrite"}, questions and
answers in turns; the part of the id before "#" is the conversation. The second is a question file,
whose questions stand by themselves. Printed is what the models do out of fold: no conversation is
judged by weights or by a threshold that were chosen on it.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from index.text.followup_cues import topics
from index.text.followup_models import (
    FollowUpModels,
    LogisticModel,
    Tree,
    TreeModel,
    packaged_models,
    write_models,
)
from index.text.followups import read_question
from index.training.fit_confidence import fit_logistic
from index.training.followup_cases import (
    FOLDS,
    Cases,
    FollowUp,
    make_cases,
    read_complete,
    read_follow_ups,
)

MAX_DISTURBED = 0.011  # of the self-contained forms, out of fold, in what is fitted on
CARRIED_FROM = 0.012  # probability; lower, and more words are wrong without more being right
TREES, DEPTH, RATE = 100, 3, 0.12
Gates = dict[frozenset[int], TreeModel]  # by the folds that they were fitted on


def fit_models(cases: Cases, folds: frozenset[int], gates: Gates) -> FollowUpModels:
    """Fit on the *cases* of the *folds*; MAX_DISTURBED is kept out of fold. *gates* are kept."""
    inside = np.isin(cases.word_folds, list(folds))
    words = fit_logistic(cases.words[inside], cases.added[inside], np.ones(inside.sum()))
    carries = LogisticModel(words.weights.tolist(), words.bias, CARRIED_FROM)
    gate = _gate(cases, folds, gates)
    threshold = _threshold(cases, folds, gates)
    return FollowUpModels(gate._replace(threshold=threshold), carries)


def _gate(cases: Cases, folds: frozenset[int], gates: Gates) -> TreeModel:
    if folds not in gates:
        gates[folds] = _fit_trees(cases, folds)
    return gates[folds]


def _fit_trees(cases: Cases, folds: frozenset[int]) -> TreeModel:
    """Boosted trees that tell a follow-up, of the *cases* in *folds*; without a threshold yet."""
    inside = np.isin(cases.folds, list(folds))
    cues, truths, weights = cases.cues[inside], cases.truths[inside], cases.weights[inside]
    model = HistGradientBoostingClassifier(
        max_iter=TREES, max_depth=DEPTH, learning_rate=RATE, l2_regularization=1.0,
        max_features=0.5, early_stopping=False, random_state=0,
    )  # fmt: skip
    model.fit(cues, truths, sample_weight=weights)
    trees = [_as_tree(trees[0].nodes, 0) for trees in model._predictors]
    fitted = TreeModel(trees, round(float(model._baseline_prediction[0, 0]), 4), 0.5)
    told = [fitted.probability(row) for row in cues[:50].tolist()]
    if not np.allclose(told, model.predict_proba(cues[:50])[:, 1], atol=0.01):
        raise ValueError("the trees do not say what scikit-learn's say")
    return fitted


def _as_tree(nodes: NDArray[np.void], place: int) -> Tree:
    """The node at *place* of scikit-learn's table of *nodes*, with what is below it."""
    node = nodes[place]
    if node["is_leaf"]:
        return round(float(node["value"]), 4)
    below = (_as_tree(nodes, int(node[side])) for side in ("left", "right"))
    return [int(node["feature_idx"]), round(float(node["num_threshold"]), 4), *below]


def _threshold(cases: Cases, folds: frozenset[int], gates: Gates) -> float:
    """From where so few self-contained forms lean that MAX_DISTURBED is kept, with the rules'."""
    told: list[float] = []
    for fold in folds:
        gate = _gate(cases, folds - {fold}, gates)
        for place, ruled in zip(cases.rewrites, cases.ruled, strict=True):
            if cases.folds[place] == fold:
                told.append(2.0 if ruled else gate.probability(cases.cues[place].tolist()))
    return round(sorted(told, reverse=True)[int(MAX_DISTURBED * len(told))] + 1e-4, 4)


def judge(rows: Sequence[FollowUp], models: FollowUpModels) -> NDArray[np.float64]:
    """
    What *models* do with *rows*, added up: (8,).

    Words added in all, carried of these, carried in all; the first two of the follow-ups that are
    recognised; complete forms that are disturbed; all rows; follow-ups recognised.
    """
    sums = np.zeros(8)
    for row in rows:
        carried, known = _carried(row.question, row, models)
        same = row.rewrite == row.question
        disturbed = known if same else _carried(row.rewrite, row, models)[1]
        right = len(row.added & carried)
        sums += [
            *(len(row.added), right, len(carried)),
            *(len(row.added) * known, right, disturbed, 1, known and bool(row.added)),
        ]
    return sums


def _carried(question: str, row: FollowUp, models: FollowUpModels) -> tuple[frozenset[str], bool]:
    """The forms that *question* is read with beside its own, and whether it is read otherwise."""
    variants = read_question(question, row.turns, models).variants
    return topics(variants[0]) - topics(question), variants != (question,)


def judge_out_of_fold(
    rows: Sequence[FollowUp], complete: Sequence[FollowUp]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """judge() of *rows* and of *complete* ones, by the folds of both: (FOLDS, 8) each."""
    cases, gates = make_cases(rows, complete), Gates()
    judged = []
    for fold in range(FOLDS):
        models = fit_models(cases, frozenset(range(FOLDS)) - {fold}, gates)
        held = ([row for row in given if row.fold == fold] for given in (rows, complete))
        judged.append([judge(part, models) for part in held])
    sums = np.array(judged)
    return sums[:, 0], sums[:, 1]


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
    parser.add_argument("complete", type=Path, help="a question file")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    rows, complete = read_follow_ups(arguments.file), read_complete(arguments.complete)
    of_rows, of_complete = judge_out_of_fold(rows, complete)
    print("out of fold:", describe(of_rows.sum(0), sum(bool(row.added) for row in rows)))
    print(
        f"complete questions on articles disturbed: {of_complete[:, 5].sum() / len(complete):.4f}"
    )
    if arguments.write:
        write_models(fit_models(make_cases(rows, complete), frozenset(range(FOLDS)), {}))
        packaged_models.cache_clear()


if __name__ == "__main__":
    main()
