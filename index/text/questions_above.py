"""The question of a text below which a sentence stands, as in an FAQ."""

from __future__ import annotations

from index.datatypes import LoadedArticle
from index.text.words import words


def asks_the_same(question: str, told: str, language: str) -> bool:
    """Whether *question* has the words, in a *language*, of a question that is *told* in a text."""
    forms = set(words(question, language))
    return bool(forms) and forms == set(words(told, language))


def question_above(source: LoadedArticle, position: int) -> str:
    """
    The question that the sentence at *position* answers or stands below, "" when there is none.

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
