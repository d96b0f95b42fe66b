"""What is left to say of a ranking that was read: what blocks and single words are worth."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

import numpy as np

from index.languages.registry import DEFAULT_LANGUAGE
from index.ranking.asked_questions import asked_confidence
from index.ranking.asked_scores import byline_scores, new_scores, question_scores
from index.ranking.block_scores import pass_on
from index.ranking.candidate_sentences import Candidates, Floats
from index.ranking.item_scores import item_scores
from index.ranking.table_scores import key_scores, label_scores, row_confidence, row_scores
from index.reading.fused_ranking import FusedRanking
from index.text.swaps import says_otherwise

# Confidence at most, and certainty, when the best sentence speaks of something else: below all
# tiers. A reader hardly sees the one word that differs.
OTHERWISE = 0.15


def weigh(
    variants: Sequence[str], candidates: Candidates, judged: FusedRanking, new: AbstractSet[str]
) -> FusedRanking:
    """
    *judged* candidates of a question with what only blocks and single words tell.

    *variants* are those of the question, the longest first and its own words last.

    Rows and by-lines that are what is asked for rise, as do sentences with what is *new* in a
    fragment; what points somewhere gives way; an answer below the same question is sure; and a best
    sentence that speaks of the opposite, or of another thing of the same kind, answers nothing.
    """
    whole, question = variants[0], variants[-1]
    known = row_scores(whole, candidates) + byline_scores(question, candidates)
    more = known + new_scores(new, candidates) + _layout_scores(whole, candidates)
    scores = pass_on(candidates, judged.scores + more)
    asked = asked_confidence(question, candidates, scores)
    weighed = replace(
        judged,
        scores=scores,
        matched=pass_on(candidates, judged.matched + more),
        confidence=max(judged.confidence, row_confidence(known, scores), asked),
        certainty=1.0 if asked == 1.0 else judged.certainty,
    )
    best = int(scores.argmax())
    if candidates.languages[best] != DEFAULT_LANGUAGE:
        return weighed
    everywhere = frozenset().union(*(sentence.words for sentence in candidates.sentences))
    if not says_otherwise(question, candidates.sentences[best].text, everywhere):
        return weighed
    confidence, certainty = (
        min(value, OTHERWISE) for value in (weighed.confidence, weighed.certainty)
    )
    return replace(weighed, confidence=confidence, certainty=certainty)


def _layout_scores(question: str, candidates: Candidates) -> Floats:
    """What the layout of *candidates* is worth to *question*, (n,)."""
    scores = (
        scores(question, candidates)
        for scores in (key_scores, label_scores, question_scores, item_scores)
    )
    return sum(scores, np.zeros(len(candidates), np.float32))
