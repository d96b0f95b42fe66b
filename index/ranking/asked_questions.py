"""How sure an answer is that stands below the very question that is asked, as in an FAQ."""

from __future__ import annotations

from index.ranking.candidate_sentences import Candidates, Floats
from index.text.followup_cues import topics
from index.text.questions_above import asks_the_same, question_above

ASKED_CONFIDENCE = 0.9  # that an answer below a question with the same words answers


def asked_confidence(question: str, candidates: Candidates, scores: Floats) -> float:
    """
    How sure the best of *scores* (n,) is, of a text's answers, as its question is *question*.

    1 when the words are the same, ASKED_CONFIDENCE at most when those that carry the topic are
    among those of the text's question, the less the more it asks besides; else 0.
    """
    best = int(scores.argmax())
    source = candidates.sources[best]
    told = question_above(source, candidates.positions[best])
    language = source.article.language
    if asks_the_same(question, told, language):
        return 1.0
    asked, own = topics(question, language), topics(told, language)
    if not asked or not asked <= own:
        return 0.0
    return ASKED_CONFIDENCE * 2 * len(asked) / (len(asked) + len(own))
