"""How much of an answer is shown first, whoever asks and wherever."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.datatypes import Answer, Passage, Span


def shown_passages(answer: Answer, *, short: bool = False) -> Sequence[Passage]:
    """The passages that the reply to *answer* begins with: all, or one when it is *short*."""
    one = short or not answer.answered
    return answer.passages[:1] if one else answer.passages


def shown_span(passage: Passage, question: str, *, short: bool = False) -> Span:
    """
    What of a *passage* is quoted: the sentence alone where it is to be *short*.

    Of a *question* that is answered with yes or no, unless that asks for a list: what decides it.
    """
    from index.text.messages import asks_yes_or_no  # stemmers, which a list of articles needs not
    from index.text.passage_shapes import deciding_span

    if short:
        return passage.best
    decides = asks_yes_or_no(question) and passage.kind == "sentence"
    return deciding_span(passage) if decides else passage.span


def unmarked(passage: Passage) -> Passage:
    """*passage* with no sentence that matched: of a summary, none answers more than the others."""
    start = passage.span.start
    return replace(passage, best=Span(start, start), answer=None)
