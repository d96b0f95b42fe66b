"""
Fit index.ranking.confidence and describe what it does; index.training.fit_ranking calls both.

The signals of each case are a row, (cases, signals); its kind is one of
index.training.cases.CaseKind.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from index.evaluation.metrics import auroc, calibration_error
from index.ranking.confidence import MATCHING_TIERS, Calibration

# Of a set's own questions together. Removed ones tell what is missing: of .08, .2 and .35 news have
# an AUROC of .851, .855 and .858, but CLAPNQ of .881, .877 and .873, SQuAD 2 of .741, .738, .735.
OFF_TOPIC_WEIGHT, REMOVED_WEIGHT = 0.35, 0.2


def case_weights(kinds: Sequence[NDArray[np.str_]]) -> NDArray[np.float64]:
    """
    Weigh cases by their *kinds*, those of each set together: every set counts the same.

    Strangers and removed ones have their shares beside a set's own questions.
    """
    weights = []
    for of_set in kinds:
        shares = np.select(
            [of_set == "off-topic", of_set == "removed"], [OFF_TOPIC_WEIGHT, REMOVED_WEIGHT], 1.0
        )
        # Its answerable and impossible questions are one group.
        groups = np.where(np.isin(of_set, ["off-topic", "removed"]), of_set, "own")
        weights.append(shares / [np.sum(groups == group) for group in groups])
    flat = np.concatenate(weights)
    return flat * len(flat) / len(kinds)


def fit_confidence(
    rows: NDArray[np.float64], kinds: NDArray[np.str_], weights: NDArray[np.float64]
) -> Calibration:
    """Fit on all, then set the level without "removed" ones, which make answers too rare."""
    truth, removed = kinds == "answerable", kinds == "removed"
    model = fit_logistic(rows, truth, weights)
    logits = (rows @ model.weights + model.bias)[:, None]
    level = fit_logistic(logits[~removed], truth[~removed], weights[~removed])
    slope = float(level.weights[0])
    return Calibration(model.weights * np.float32(slope), model.bias * slope + level.bias)


def fit_logistic(
    rows: NDArray[np.float64], truth: NDArray[np.bool_], weights: NDArray[np.float64]
) -> Calibration:
    """Logistic regression on standardised signals with a light ridge."""
    mean, deviation = rows.mean(0), rows.std(0) + 1e-9
    x = torch.from_numpy((rows - mean) / deviation)
    y, importance = torch.from_numpy(truth.astype(float)), torch.from_numpy(weights)
    w = torch.zeros(x.shape[1] + 1, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([w], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        value = torch.nn.functional.binary_cross_entropy_with_logits(
            x @ w[:-1] + w[-1], y, weight=importance, reduction="sum"
        )
        value = value + 1.5 * (w[:-1] ** 2).sum()
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimiser.step(closure)  # type: ignore[no-untyped-call]
    fitted = w.detach().numpy()
    slopes = fitted[:-1] / deviation
    return Calibration(slopes.astype(np.float32), float(fitted[-1] - slopes @ mean))


def describe(probability: NDArray[np.float64], kinds: NDArray[np.str_]) -> str:
    """One line of figures."""
    yes, no, off = (kinds == kind for kind in ("answerable", "impossible", "off-topic"))
    own = yes | no
    answered = probability >= MATCHING_TIERS.may
    parts = [f"refused {np.mean(~answered[yes]):.3f}", f"off-topic {np.mean(answered[off]):.3f}"]
    if no.any():
        parts.append(f"impossible answered {np.mean(answered[no]):.3f}")
        parts.append(f"AUROC {auroc(probability[own], yes[own]):.3f}")
    parts.append(f"off-topic AUROC {auroc(probability[yes | off], yes[yes | off]):.4f}")
    parts.append(f"ECE {calibration_error(probability[own], yes[own]):.3f}")
    return "  ".join(parts)
