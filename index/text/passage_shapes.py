"""How much of an article belongs to a sentence: its list, its quotation, its answer, or itself."""

from __future__ import annotations

from index.datatypes import Enumeration, Hit, PassageKind, Span
from index.languages.english_cues import LEANS_ON_PREVIOUS
from index.text.lists import list_span
from index.text.quotations import find_quotation

MAX_PASSAGE = 900  # characters of a passage: a screen of a telephone
MAX_ITEMS = 12  # of a list that is shown whole; of a longer one, those that match


def shape_of(hit: Hit) -> tuple[Span, PassageKind]:
    """What is shown for *hit*, and of what kind it is."""
    for enumeration in hit.source.lists:
        if hit.position in enumeration.members:
            span = list_span(enumeration, hit.source.sentences)
            if len(enumeration.items) <= MAX_ITEMS and len(span) <= MAX_PASSAGE:
                return span, "list"
            return _item_span(hit, enumeration), "sentence"
    if (whole := _whole_block(hit)) is not None:
        return whole, "sentence"
    quotation = find_quotation(hit.article, hit.source.sentences, hit.position)
    if quotation is not None:
        return _span_or_sentence(hit, quotation), "quote"
    first = hit.position - 1 if _leans_on_previous(hit) else hit.position
    return _span_or_sentence(hit, range(first, hit.position + 1)), "sentence"


def _whole_block(hit: Hit) -> Span | None:
    """The answer or the description in which *hit* stands, if a passage may be so long."""
    block = hit.source.block_of(hit.position)
    if block is None or block.kind not in {"answer", "description"}:
        return None
    return block.span if len(block.span) <= MAX_PASSAGE else None


def _item_span(hit: Hit, enumeration: Enumeration) -> Span:
    """The item of a long list in which *hit* stands, or the sentence alone."""
    around = (item for item in enumeration.items if hit.position in item)
    return _span_or_sentence(hit, next(around, range(hit.position, hit.position + 1)))


def _leans_on_previous(hit: Hit) -> bool:
    """Whether the sentence only makes sense with the one before it in its paragraph."""
    before = hit.position - 1
    return (
        before >= 0
        and hit.source.sentences[before].paragraph == hit.source.sentences[hit.position].paragraph
        and LEANS_ON_PREVIOUS.match(hit.article.cut(hit.span)) is not None
    )


def _span_or_sentence(hit: Hit, positions: range) -> Span:
    """The span of *positions* if a passage may be so long, else the sentence alone."""
    span = Span(
        hit.source.sentences[positions[0]].span.start, hit.source.sentences[positions[-1]].span.end
    )
    return span if len(span) <= MAX_PASSAGE else hit.span
