"""Tables that a question asks for as a whole: "what are the opening hours?" means all days."""

from __future__ import annotations

from collections.abc import Sequence

from index.datatypes import Hit, LoadedArticle, Span
from index.text.followup_cues import topics
from index.text.passage_shapes import MAX_ITEMS, MAX_PASSAGE


def whole_table(question: str, hit: Hit) -> Span | None:
    """
    The rows of the table in which *hit* stands, when *question* names no row of it.

    At least half of its topics stand in the heading above, in the title, or in the names of the
    columns, and none in some of the rows alone: one row would be as good as any other. None for a
    table of more rows or characters than a passage has.
    """
    source, header = hit.source, hit.source.headers.get(hit.position)
    if header is None:
        return None
    rows = [at for at, head in source.headers.items() if head == header]
    sentences = source.sentences
    span = Span(sentences[min(rows)].span.start, sentences[max(rows)].span.end)
    if len(rows) > MAX_ITEMS or len(span) > MAX_PASSAGE:
        return None
    language = source.article.language
    asked = topics(question, language)
    told = [_topics_at(source, at) & asked for at in rows]
    named = frozenset.union(*told) - frozenset.intersection(*told)
    above = _topics_at(source, header) | _topics_above(source, header)
    return span if len(asked & above) * 2 >= max(len(asked), 1) and not named else None


def _topics_at(source: LoadedArticle, at: int) -> frozenset[str]:
    return topics(source.article.cut(source.sentences[at].span), source.article.language)


def _topics_above(source: LoadedArticle, at: int) -> frozenset[str]:
    """The topics of the title, and of the nearest heading above the sentence number *at*."""
    article = source.article
    title = topics(article.title, article.language)
    heading = heading_above(source, source.sentences[at].paragraph - 1)
    return title if heading is None else title | topics(article.cut(heading), article.language)


def heading_above(source: LoadedArticle, number: int) -> Span | None:
    """The nearest heading above the block with that *number*, None for none."""
    above: Sequence[Span] = [
        block.span for block in source.blocks[:number] if block.kind == "heading"
    ]
    return above[-1] if above else None
