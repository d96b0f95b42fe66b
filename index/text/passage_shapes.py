"""How much of an article belongs to a sentence: its list, its quotation, its answer, or itself."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from index.datatypes import Article, Enumeration, Hit, Passage, PassageKind, Sentence, Span
from index.languages.english_cues import LEANS_ON_PREVIOUS, REFERS_BACK, TAKES_BACK
from index.text.lists import list_span
from index.text.numbered_paragraphs import leans_on_item_before
from index.text.quotations import find_quotation
from index.text.surroundings import stand_apart

MAX_PASSAGE = 900  # characters of a passage: a screen of a telephone
MAX_ITEMS = 12  # of a list that is shown whole; of a longer one, those that match


def shape_of(hit: Hit) -> tuple[Span, PassageKind]:
    """What is shown for *hit*, and of what kind it is."""
    if (alone := _paragraph_alone(hit)) is not None:
        return alone, "sentence"
    for enumeration in hit.source.lists:
        if hit.position in enumeration.members:
            span = _list_span(hit, enumeration)
            if len(enumeration.items) <= MAX_ITEMS and len(span) <= MAX_PASSAGE:
                return span, "list"
            return _item_span(hit, enumeration), "sentence"
    if (whole := _whole_block(hit)) is not None:
        return whole, "sentence"
    quotation = find_quotation(hit.article, hit.source.sentences, hit.position)
    if quotation is not None:
        return _span_or_sentence(hit, quotation), "quote"
    place = (hit.article, hit.source.sentences, hit.position)
    first = hit.position - leans_on_previous(*place)
    last = hit.position + _is_settled_behind(*place)
    return _span_or_sentence(hit, range(first, last + 1)), "sentence"


def deciding_span(passage: Passage) -> Span:
    """
    What of *passage* decides a question for yes or no: its best sentence, seldom alone.

    The one that it leans on is needed, too, and the one behind it that takes back what it says.
    """
    sentences, best = passage.sentences, passage.best
    at = bisect_left(sentences, best.start, key=lambda sentence: sentence.span.start)
    if at == len(sentences) or sentences[at].span != best:
        return best
    place = (passage.article, sentences, at)
    start = sentences[at - leans_on_previous(*place)].span.start
    end = sentences[at + is_taken_back(*place)].span.end
    return Span(max(start, passage.span.start), min(end, passage.span.end))


def _list_span(hit: Hit, enumeration: Enumeration) -> Span:
    """The span of the list, without a heading that introduces it: that is told as its place."""
    span, first = list_span(enumeration, hit.source.sentences), enumeration.members.start
    block = hit.source.block_of(first)
    if block is None or block.kind != "heading" or hit.position == first:
        return span
    return Span(hit.source.sentences[first + 1].span.start, span.end)


def _whole_block(hit: Hit) -> Span | None:
    """The answer or the description in which *hit* stands, if a passage may be so long."""
    block = hit.source.block_of(hit.position)
    if block is None or block.kind not in {"answer", "description"}:
        return None
    return block.span if len(block.span) <= MAX_PASSAGE else None


def _paragraph_alone(hit: Hit) -> Span | None:
    """
    The numbered paragraph in which *hit* stands, if it needs no others but one it leans on.

    Of a heading above such paragraphs, the heading.
    """
    at, blocks = hit.source.sentences[hit.position].paragraph - 1, hit.source.blocks
    if at >= len(blocks):
        return None
    own = blocks[at]
    if own.kind == "heading":
        below = at + 1 < len(blocks) and stand_apart(hit.article, blocks, at + 1)
        return hit.span if below else None
    if not stand_apart(hit.article, blocks, at) or len(own.span) > MAX_PASSAGE:
        return None
    before = blocks[at - 1] if at else own
    both = Span(before.span.start, own.span.end)
    leans = before.group == own.group and leans_on_item_before(hit.article, own)
    return both if leans and len(both) <= MAX_PASSAGE else own.span


def _item_span(hit: Hit, enumeration: Enumeration) -> Span:
    """The item of a long list in which *hit* stands, or the sentence alone."""
    around = (item for item in enumeration.items if hit.position in item)
    return _span_or_sentence(hit, next(around, range(hit.position, hit.position + 1)))


def leans_on_previous(article: Article, sentences: Sequence[Sentence], at: int) -> bool:
    """Whether the sentence number *at* only makes sense with the one before it in its paragraph."""
    words = article.cut(sentences[at].span)
    leans = LEANS_ON_PREVIOUS.match(words) or REFERS_BACK.search(words)
    return leans is not None and _beside(sentences, at - 1, at)


def is_taken_back(article: Article, sentences: Sequence[Sentence], at: int) -> bool:
    """Whether the sentence behind number *at* takes back, limits or settles what that one says."""
    if not _beside(sentences, at, at + 1):
        return False
    limits = TAKES_BACK.match(article.cut(sentences[at + 1].span)) is not None
    return limits or _is_settled_behind(article, sentences, at)


def _is_settled_behind(article: Article, sentences: Sequence[Sentence], at: int) -> bool:
    """Whether the sentence behind number *at* says what became of what that one says."""
    if not _beside(sentences, at, at + 1):
        return False
    return REFERS_BACK.search(article.cut(sentences[at + 1].span)) is not None


def _beside(sentences: Sequence[Sentence], first: int, second: int) -> bool:
    """Whether there are sentences with these two numbers, in one paragraph."""
    there = first >= 0 and second < len(sentences)
    return there and sentences[first].paragraph == sentences[second].paragraph


def _span_or_sentence(hit: Hit, positions: range) -> Span:
    """The span of *positions* if a passage may be so long, else the sentence alone."""
    span = Span(
        hit.source.sentences[positions[0]].span.start, hit.source.sentences[positions[-1]].span.end
    )
    return span if len(span) <= MAX_PASSAGE else hit.span
