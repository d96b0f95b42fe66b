"""What single words of a question are worth where matching and reading are too fair to them."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

import numpy as np

from index.languages.block_cues import NAMES_AUTHOR, NAMES_DATE
from index.languages.english_messages import (
    ASKS_FOR_AUTHOR,
    ASKS_FOR_MAKER,
    ASKS_FOR_PUBLICATION,
)
from index.ranking.candidate_sentences import Candidates, Floats
from index.ranking.table_scores import ROW_WORTH
from index.text.followup_cues import topics

# Logits of a sentence that has all that a fragment ("what about the clerk?") brings to the question
# before: the earlier words match many sentences, and the reader reads both as one question.
NEW_WORTH = 4.0
# Logits of a question of the author's own (in an FAQ) that has all words of what is asked.
QUESTION_WORTH = 4.0


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
    author = ASKS_FOR_AUTHOR.fullmatch(core) is not None
    date = ASKS_FOR_PUBLICATION.fullmatch(core) is not None
    maker = ASKS_FOR_MAKER.fullmatch(core)
    work = topics(maker["work"]) if maker else frozenset()
    worth = np.zeros(len(candidates), np.float32)
    for i, (source, at) in enumerate(zip(candidates.sources, candidates.positions, strict=True)):
        block, text = source.block_of(at), candidates.sentences[i].text
        if block is not None and block.kind == "metadata":
            named = author or bool(work and work <= topics(source.article.title))
            told = (named and NAMES_AUTHOR.search(text)) or (date and NAMES_DATE.search(text))
            worth[i] = ROW_WORTH * bool(told)
    return worth


def question_scores(question: str, candidates: Candidates) -> Floats:
    """What the article's own questions are worth, (n,), to somebody who asks in their words."""
    worth = np.zeros(len(candidates), np.float32)
    asked = topics(question)
    for i, (source, at) in enumerate(zip(candidates.sources, candidates.positions, strict=True)):
        block = source.block_of(at)
        if block is not None and block.kind == "question":
            shared = len(asked & candidates.sentences[i].words) / max(len(asked), 1)
            worth[i] = QUESTION_WORTH * shared * (shared > 0.5)
    return worth
