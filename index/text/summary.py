"""What an article is about: the sentences that stand for the most of the others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

MIN_SENTENCE_WORDS = 6  # shorter ones are headings, cries, captions
MAX_COMPARED_SENTENCES = 1_000  # that are compared with each other; of longer articles a sample


def central_sentences(texts: Sequence[str], vectors: NDArray[np.float32], number: int) -> list[int]:
    """
    Choose the *number* sentences that together stand for the article, in its order.

    Each sentence is stood for by the chosen one that is nearest to it; the sum of these cosines is
    raised greedily (facility location, within 1 - 1/e of the best choice: Nemhauser et al. 1978).
    So what is chosen is central, and no two say the same. vectors: (n, d), length 1.
    """
    sample = np.unique(
        np.linspace(0, len(texts) - 1, min(len(texts), MAX_COMPARED_SENTENCES)).astype(int)
    )
    eligible = [i for i in sample if len(texts[i].split()) >= MIN_SENTENCE_WORDS] or list(sample)
    cosines = vectors[eligible] @ vectors[sample].T
    stood_for = np.zeros(len(sample), np.float32)
    chosen: list[int] = []
    for _ in range(min(number, len(eligible))):
        gains = np.maximum(cosines, stood_for).sum(1)
        gains[chosen] = -np.inf
        chosen.append(int(gains.argmax()))
        stood_for = np.maximum(stood_for, cosines[chosen[-1]])
    return sorted(int(eligible[i]) for i in chosen)
