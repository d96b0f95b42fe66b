"""How sure an answer is that stands below the very question that is asked, as in an FAQ."""

from __future__ import annotations

from index.datatypes import LoadedArticle
from index.ranking.candidate_sentences import Candidates, Floats
from index.text.followup_cues import topics
from index.text.words import words

ASKED_CONFIDENCE = 0.9  # that an answer below a question with the same words answers


def asked_confidence(question: str, candidates: Candidates, scores: Floats) -> float:
    """
    How sure the best of *scores* (n,) is, of a text's answers, as its question is *question*.

    1 when the words are the same, ASKED_CONFIDENCE at most when those that carry the topic are
    among those of the text's question, the less the more it asks besides; else 0.
    """
    best = int(scores.argmax())
    source = candidates.sources[best]
    told = _question_above(source, candidates.positions[best])
    language = source.article.language
    forms = set(words(question, language))
    if forms and forms == set(words(told, language)):
        return 1.0
    asked, own = topics(question, language), topics(told, language)
    if not asked or not asked <= own:
        return 0.0
    return ASKED_CONFIDENCE * 2 * len(asked) / (len(asked) + len(own))


def _question_above(source: LoadedArticle, position: int) -> str:
    """The question that the sentence at *position* answers or stands below, "" when there is none.

    A heading may ask, too, and be answered by the paragraph below it.
    """
    at = source.sentences[position].paragraph - 1
    if not 0 < at < len(source.blocks):
        return ""
    kind = source.blocks[at].kind
    while at > 0 and source.blocks[at].kind == "answer":
        at -= 1
    block = source.blocks[at - 1 if kind == "paragraph" else at]
    wanted = {"answer": "question", "paragraph": "heading"}.get(kind)
    told = source.article.cut(block.span) if block.kind == wanted else ""
    return told if kind == "answer" or told.rstrip("*_# ").endswith("?") else ""
