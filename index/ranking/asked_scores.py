"""What single words of a question are worth where matching and reading are too fair to them."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

import numpy as np

from index.languages.block_cues import NAMES_AUTHOR, NAMES_DATE
from index.languages.english_cues import ASKS_FOR_AUTHOR, ASKS_FOR_PUBLICATION
from index.ranking.block_scores import ROW_WORTH
from index.ranking.candidate_sentences import Candidates, Floats

# Logits of a sentence that has all that a fragment ("what about the clerk?") brings to the question
# before: the earlier words match many sentences, and the reader reads both as one question.
NEW_WORTH = 4.0


def new_scores(new: AbstractSet[str], candidates: Candidates) -> Floats:
    """What it is worth to *candidates*, (n,), to have the *new* forms of a fragment."""
    shares = [len(new & sentence.words) / max(len(new), 1) for sentence in candidates.sentences]
    return NEW_WORTH * np.array(shares, np.float32)


def byline_scores(question: str, candidates: Candidates) -> Floats:
    """
    What by-lines are worth to *question*, (n,): 0 unless it asks who wrote the article, or when.

    "Who wrote this?" has no word of "By Ann Lee | 12 July", which is all the answer there is.
    """
    core = question.strip().rstrip("?!. ")
    wanted = [
        names
        for asks, names in ((ASKS_FOR_AUTHOR, NAMES_AUTHOR), (ASKS_FOR_PUBLICATION, NAMES_DATE))
        if asks.fullmatch(core)
    ]
    worth = np.zeros(len(candidates), np.float32)
    for i, (source, at) in enumerate(zip(candidates.sources, candidates.positions, strict=True)):
        block = source.block_of(at)
        if wanted and block is not None and block.kind == "metadata":
            text = candidates.sentences[i].text
            worth[i] = ROW_WORTH * any(names.search(text) is not None for names in wanted)
    return worth
