"""The paragraphs around a passage, for who wants to see where it stands."""

from __future__ import annotations

from index.datatypes import Passage, Span
from index.text.sentences import split_paragraphs, split_sentences

REACH = 3_000  # characters on either side of a passage: a screen or two


def surroundings(passage: Passage, reach: int = REACH) -> Span:
    """
    The span of *passage* with the paragraph before and the one after it.

    Of paragraphs that go on for more than *reach* characters, the sentences that do not.
    """
    paragraphs = split_paragraphs(passage.article.text)
    own = [i for i, one in enumerate(paragraphs) if one.overlaps(passage.span)]
    if not own:
        return passage.span
    first, last = max(own[0] - 1, 0), min(own[-1] + 1, len(paragraphs) - 1)
    start, end = paragraphs[first].start, paragraphs[last].end
    least, most = passage.span.start - reach, passage.span.end + reach
    if start < least or end > most:
        article = passage.article
        spans = [one.span for one in split_sentences(article.text, article.language)]
        least, most = max(start, least), min(end, most)
        start = min([passage.span.start, *(one.start for one in spans if one.start >= least)])
        end = max([passage.span.end, *(one.end for one in spans if one.end <= most)])
    return Span(start, end)
