"""
An optional second opinion: a cross-encoder reads the question and each sentence together.

It takes a forward pass a sentence, so only the first candidates are read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoding.find_model import find_model, holds_model
from index.errors import ModelError

Floats = NDArray[np.float32]
# Takes a question, n texts and their scores (n,); returns better scores (n,).
Reranker = Callable[[str, Sequence[str], Floats], Floats]

RERANKER_SETTING = "ARTICLE_BOT_RERANKER"
RERANK_DEPTH = 20  # candidates that are read: a second on a small machine


def load_reranker(name: str) -> Reranker:
    """
    Load the cross-encoder *name*: a folder, or a name on the hub.

    Raises ModelError when there is none.
    """
    folder = find_model(name, RERANKER_SETTING)
    if not holds_model(folder):
        raise _no_reranker(folder, "it has none of a model's files")
    from sentence_transformers import CrossEncoder

    try:
        model = CrossEncoder(str(folder), device="cpu", local_files_only=True)
    except Exception as exc:  # the library raises whatever its parts raise
        raise _no_reranker(folder, " ".join(str(exc).split())[:200]) from exc

    def rerank(question: str, texts: Sequence[str], scores: Floats) -> Floats:
        first = np.argsort(-scores, kind="stable")[:RERANK_DEPTH]
        read = model.predict([(question, texts[i]) for i in first], show_progress_bar=False)
        return fuse(scores, first, np.asarray(read, np.float32).reshape(len(first), -1)[:, -1])

    return rerank


def _no_reranker(folder: Path, reason: str) -> ModelError:
    return ModelError(
        f"the cross-encoder in {folder} cannot be loaded ({reason}); "
        f"name another in {RERANKER_SETTING}, or leave it empty."
    )


def fuse(scores: Floats, first: NDArray[np.intp], second: Floats) -> Floats:
    """
    Add what a cross-encoder says, *second* (k,), to the *scores* (n,) at the indices *first*.

    Its scores are brought to the mean 0 and the deviation of the others, so that both weigh the
    same whatever the scale of the model.
    """
    fused = scores.copy()
    deviation = float(second.std())
    if len(first) > 1 and deviation > 0:
        fused[first] += (second - second.mean()) / deviation * scores[first].std()
    return fused
