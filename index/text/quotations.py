"""
Quotations in an article, with the words that say who spoke.

A sentence inside of quotation marks says little without the others of the quotation and without
its speaker; how marks are set differs, and they do not always balance.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.datatypes import Article, Sentence
from index.languages.english_cues import SPEECH

QUOTATION_REACH = 100  # sentences; a text may be one endless paragraph, and no quotation is so long

_OPEN, _CLOSE = "“«„", "”»"
_QUOTE = re.compile(f'["{_OPEN}{_CLOSE}]')


def find_quotation(article: Article, sentences: Sequence[Sentence], position: int) -> range | None:
    """
    Find the quotation that the sentence at *position* is part of, with its speaker.

    Returns sentence positions of one paragraph, or None when the sentence begins outside of
    quotation marks: it then says by itself who speaks.
    """
    paragraph = _paragraph_around(sentences, position)
    start, end = sentences[paragraph[0]].span.start, sentences[position].span.end
    if not _QUOTE.search(article.text, start, end):
        return None  # as nearly everywhere
    texts = [article.cut(sentences[i].span) for i in paragraph]
    quoted, open_after = _quotation_states(texts)
    here = position - paragraph[0]
    if not quoted[here]:
        return None
    first = last = here
    while open_after[last] and last + 1 < len(texts) and quoted[last + 1]:
        last += 1
    while not any(map(_names_speaker, texts[first : last + 1])) and first and quoted[first - 1]:
        first -= 1
    if not any(map(_names_speaker, texts[first : last + 1])):
        first = here  # nobody is named: what stands before adds nothing
    return range(paragraph[first], paragraph[last] + 1)


def _paragraph_around(sentences: Sequence[Sentence], position: int) -> range:
    """The positions of the sentences of one paragraph, at most QUOTATION_REACH on either side."""
    number = sentences[position].paragraph
    first = last = position
    least, most = (
        max(position - QUOTATION_REACH, 0),
        min(position + QUOTATION_REACH, len(sentences) - 1),
    )
    while first > least and sentences[first - 1].paragraph == number:
        first -= 1
    while last < most and sentences[last + 1].paragraph == number:
        last += 1
    return range(first, last + 1)


def _quotation_states(texts: Sequence[str]) -> tuple[list[bool], list[bool]]:
    """Whether each sentence of a paragraph begins, and whether it ends, in a quotation."""
    quoted, open_after = [], []
    inside = False
    for text in texts:
        quoted.append(inside or text[:1] in _OPEN or text[:1] == '"')
        for mark in _QUOTE.findall(text):
            inside = not inside if mark == '"' else mark in _OPEN
        open_after.append(inside)
    return quoted, open_after


def _names_speaker(text: str) -> bool:
    """Whether the words outside of the quotation marks say that somebody speaks."""
    outside = re.sub(r"[“«„\"][^”»\"]*(?:[”»\"]|$)", " ", text)
    if not any(mark in text for mark in _OPEN + '"'):
        outside = re.sub(r"^[^”»]*[”»]", " ", outside)  # the quotation began further up
    return bool(SPEECH.search(outside))
