"""What a question wants beside the sentence that answers, and what is shown with it for that."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from index.datatypes import Hit, Passage, Span
from index.languages.block_cues import REFERS_TO_NUMBER
from index.languages.english_cues import (
    ANNOUNCED_NUMBER,
    ASKS_FOR_LIST,
    ASKS_FOR_RULES,
    COUNTED,
)
from index.text.messages import asks_yes_or_no
from index.text.passage_shapes import MAX_ITEMS, MAX_PASSAGE, is_taken_back
from index.text.questions_above import asks_the_same, question_above
from index.text.surroundings import list_around, stand_apart


def stands_below(question: str, hit: Hit) -> bool:
    """Whether *hit* stands below this very *question*, as in an FAQ."""
    told = question_above(hit.source, hit.position)
    return bool(told) and asks_the_same(question, told, hit.article.language)


def completed(question: str, hit: Hit, passage: Passage) -> Passage:
    """The *passage* around the best *hit* with what such a *question* wants besides."""
    if ASKS_FOR_LIST.search(question):
        passage = _with_announced(hit, passage)
    if ASKS_FOR_RULES.search(question):
        passage = _with_section(hit, passage)
    if asks_yes_or_no(question):
        passage = _with_what_takes_back(hit, passage)
    return _with_paragraph(hit, passage) if stands_below(question, hit) else passage


def _with_announced(hit: Hit, passage: Passage) -> Passage:
    """
    *passage* with what the sentence of *hit* announces ("has four roles") behind it.

    As many sentences as it says, or all up to the end of its paragraph, as far as they fit.
    """
    announced = ANNOUNCED_NUMBER.search(hit.article.cut(hit.span))
    if announced is None or passage.kind != "sentence":
        return passage
    sentences, last = hit.source.sentences, hit.position
    number = sentences[last].paragraph
    for _ in range(COUNTED.get(announced[1].lower(), len(COUNTED))):
        behind = last + 1
        if behind == len(sentences) or sentences[behind].paragraph != number:
            break
        if sentences[behind].span.end - passage.span.start > MAX_PASSAGE:
            break
        last = behind
    end = max(passage.span.end, sentences[last].span.end)
    return replace(passage, span=Span(passage.span.start, end))


def referred_hit(ranking: Sequence[Hit]) -> Hit | None:
    """The hit in the numbered paragraph that the one of the best hit names ("as in rule 3")."""
    best = ranking[0]
    source, block = best.source, best.source.block_of(best.position)
    if block is None or not stand_apart(
        best.article, source.blocks, source.sentences[best.position].paragraph - 1
    ):
        return None
    named = REFERS_TO_NUMBER.search(best.article.cut(block.span))
    if named is None:
        return None
    wanted = re.compile(rf"\W*{re.escape(named[1] or named[2])}[.)]?\s")
    for hit in ranking[1:]:
        item = hit.source.block_of(hit.position) if hit.source.key == source.key else None
        if item is None or item.kind != "item" or item == block:
            continue
        if wanted.match(best.article.cut(item.span)):
            return hit
    return None


def _with_section(hit: Hit, passage: Passage) -> Passage:
    """*passage* with all of the numbered paragraphs among which *hit* stands, if they fit."""
    at, blocks = hit.source.sentences[hit.position].paragraph - 1, hit.source.blocks
    if at >= len(blocks) or not stand_apart(hit.article, blocks, at):
        return passage
    items = list_around(blocks, at)
    span = Span(items[0].span.start, items[-1].span.end)
    if len(items) > MAX_ITEMS or len(span) > MAX_PASSAGE:
        return passage
    return replace(passage, span=span, kind="list")


def _with_what_takes_back(hit: Hit, passage: Passage) -> Passage:
    """*passage* with the sentence behind that of *hit* that takes back what it says, if it fits."""
    at, sentences = hit.position, hit.source.sentences
    if passage.kind == "list" or not is_taken_back(hit.article, sentences, at):
        return passage
    span = Span(passage.span.start, max(passage.span.end, sentences[at + 1].span.end))
    return replace(passage, span=span) if len(span) <= MAX_PASSAGE else passage


def _with_paragraph(hit: Hit, passage: Passage) -> Passage:
    """*passage* with all of the paragraph of *hit*, if it fits."""
    block = hit.source.block_of(hit.position)
    if block is None or passage.kind != "sentence" or len(block.span) > MAX_PASSAGE:
        return passage
    return replace(passage, span=block.span)
