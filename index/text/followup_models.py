"""The two small models of follow-ups: whether a question is one, and which words it means."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TypeAlias

WEIGHTS_FILE = Path(__file__).with_name("followup_weights.json")
# A leaf's value, or which cue is compared with which bound, and where to go on up to it and above.
Tree: TypeAlias = "float | Sequence[int | float | Tree]"


class TreeModel(NamedTuple):
    """Trees whose leaves are added up, a constant, and the probability from which it is a yes."""

    trees: Sequence[Tree]
    bias: float
    threshold: float

    def probability(self, cues: Sequence[float]) -> float:
        """The probability of a yes, 0 to 1."""
        return _sigmoid(self.bias + sum(_leaf(tree, cues) for tree in self.trees))


class LogisticModel(NamedTuple):
    """A weight for each cue, a constant, and the probability from which it is a yes."""

    weights: Sequence[float]
    bias: float
    threshold: float

    def probability(self, cues: Sequence[float]) -> float:
        """The probability of a yes, 0 to 1."""
        return _sigmoid(self.bias + sum(w * x for w, x in zip(self.weights, cues, strict=True)))


class FollowUpModels(NamedTuple):
    """Whether a question *leans* on a conversation, and whether it *carries* a word of that."""

    leans: TreeModel
    carries: LogisticModel


def _leaf(tree: Tree, cues: Sequence[float]) -> float:
    """The value of the leaf of *tree* that *cues* lead to."""
    while not isinstance(tree, float):
        cue, bound, low, high = tree
        tree = low if cues[cue] <= bound else high  # type: ignore[index, operator]
    return tree


def _sigmoid(logit: float) -> float:
    return 1 / (1 + math.exp(-min(max(logit, -60), 60)))


@lru_cache(maxsize=1)
def packaged_models() -> FollowUpModels:
    """The models that come with the package."""
    models = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    return FollowUpModels(TreeModel(**models["leans"]), LogisticModel(**models["carries"]))


def write_models(models: FollowUpModels) -> None:
    """Write the models that come with the package, a tree a line."""
    trees = ",\n  ".join(json.dumps(tree) for tree in models.leans.trees)
    leans = _fields({"bias": models.leans.bias, "threshold": models.leans.threshold})
    weights = [round(weight, 4) for weight in models.carries.weights]
    carries = _fields(models.carries._asdict() | {"weights": weights})
    text = f'{{"leans": {{"trees": [\n  {trees}], {leans}}},\n"carries": {{{carries}}}}}\n'
    WEIGHTS_FILE.write_text(text, encoding="utf-8")


def _fields(values: dict[str, object]) -> str:
    """*values* as JSON without the brackets around them."""
    return json.dumps(values)[1:-1]
