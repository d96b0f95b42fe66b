"""Questions about one article, and answers to them."""

from __future__ import annotations

from collections.abc import Sequence

from fakes import hit_of

from index.datatypes import Answer, Article, Passage, Span
from index.evaluation.question_files import Question
from index.ranking.confidence import Tiers

ARTICLE = Article("a", "A", "One two. Three four. Five six. Seven eight.")
TIERS = Tiers(may=0.5, says=0.95)
SPANS = (Span(0, 8), Span(9, 20), Span(21, 30), Span(31, 43))


def ask(*gold: Span, question: str = "q", short: bool = False, matched: bool = False) -> Question:
    """Make a question about the article, answered at *gold*."""
    words = ARTICLE.cut(gold[0]) if gold else ""
    return Question("a", "1", question, gold, words, short=short, matched=matched)


def answer(
    *ranking: int, shown: Sequence[Span] = (), confidence: float = 0.9, article: Article = ARTICLE
) -> Answer:
    """
    Make an answer that ranks the sentences in this order and shows the first, or *shown*.

    The articles say so from a *confidence* of .95, and may from .5.
    """
    hits = tuple(hit_of(article, SPANS[i], -float(rank)) for rank, i in enumerate(ranking))
    best = SPANS[ranking[0]]
    passages = [Passage(article, span, best, "sentence", 0.0, ()) for span in shown or [best]]
    return Answer(
        "q", TIERS.tier_of(confidence, confidence), confidence, tuple(passages), hits, 1.0
    )
