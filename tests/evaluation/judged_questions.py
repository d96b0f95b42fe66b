"""Questions about one article, and answers to them."""

from __future__ import annotations

from collections.abc import Sequence

from fakes import hit_of

from index.datatypes import Answer, Article, Passage, Span
from index.evaluation.question_files import Question

ARTICLE = Article("a", "A", "One two. Three four. Five six. Seven eight.")
SPANS = (Span(0, 8), Span(9, 20), Span(21, 30), Span(31, 43))


def ask(*gold: Span, question: str = "q") -> Question:
    """Make a question about the article, answered at *gold*."""
    return Question("a", "1", question, gold, ARTICLE.cut(gold[0]) if gold else "")


def answer(
    *ranking: int, shown: Sequence[Span] = (), confidence: float = 0.9, article: Article = ARTICLE
) -> Answer:
    """Make an answer that ranks the sentences in this order and shows the first, or *shown*."""
    hits = tuple(hit_of(article, SPANS[i], -float(rank)) for rank, i in enumerate(ranking))
    best = SPANS[ranking[0]]
    passages = [Passage(article, span, best, "sentence", 0.0, ()) for span in shown or [best]]
    return Answer(
        "q", "may" if confidence >= 0.5 else "not", confidence, tuple(passages), hits, 1.0
    )
