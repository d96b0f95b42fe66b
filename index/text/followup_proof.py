"""Whether what is shown for a follow-up speaks of what it asks by its own words."""

from __future__ import annotations

from collections.abc import Sequence

from index.datatypes import Hit, Turn
from index.text.followup_cues import topics
from index.text.whole_tables import heading_above
from index.text.words import words


def speaks_of(question: str, hit: Hit, turns: Sequence[Turn]) -> bool:
    """
    Whether *hit* has a word of the follow-up *question* after *turns*, on which that leans.

    The header of its table and the heading above count. One that was shown before needs a word
    that was not asked before: else the words of the conversation found it, and it may say nothing
    new. A bare "why?" has no words, and is answered by what was not shown.
    """
    article = hit.article
    asked = topics(question, article.language)
    told = " ".join(_texts_at(hit))
    matched = asked.intersection(words(told, article.language))
    shown = (article.title, article.cut(hit.span))
    if any((turn.title, turn.told) == shown for turn in turns):
        return bool(
            matched.difference(*(topics(turn.question, article.language) for turn in turns))
        )
    return bool(matched) or not asked


def _texts_at(hit: Hit) -> list[str]:
    """The sentence of *hit*, the header of its table, and the heading above."""
    source, sentence = hit.source, hit.source.sentences[hit.position]
    header = source.headers.get(hit.position)
    spans = [hit.span, heading_above(source, sentence.paragraph - 1)]
    spans += [] if header is None else [source.sentences[header].span]
    return [hit.article.cut(span) for span in spans if span is not None]
