"""The paragraphs around a passage, for who wants to see where it stands."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from index.datatypes import Passage, Sentence, Span

CONTEXT_REACH = 3_000  # characters on either side of a passage: a screen or two


def context_span(passage: Passage, reach: int = CONTEXT_REACH) -> Span:
    """
    Find the span of *passage* with the paragraph before and the one after it.

    A list or a table counts as one paragraph. A heading or a question after the passage begins
    something else, and is left out. Of paragraphs that go on for more than *reach* characters, the
    sentences that do not. It takes a handful of bisections of the sentences that are stored,
    however long the article is.
    """
    sentences, (above, below) = passage.sentences, passage.paragraphs
    begin = _grouped(passage, above - 1, -1)
    first = bisect_left(sentences, begin, key=lambda sentence: sentence.paragraph)
    end = _grouped(passage, below + _goes_on(passage, below + 1), 1)
    last = bisect_right(sentences, end, key=lambda sentence: sentence.paragraph) - 1
    least, most = passage.span.start - reach, passage.span.end + reach
    near = bisect_left(sentences, least, first, last + 1, key=_start)
    far = bisect_right(sentences, most, first, last + 1, key=_end) - 1
    start = min(passage.span.start, sentences[min(near, last)].span.start)
    end = max(passage.span.end, sentences[max(far, first)].span.end)
    return Span(start, end)


def _grouped(passage: Passage, paragraph: int, step: int) -> int:
    """The last paragraph in the direction of *step* that is of one list or table with this one."""
    blocks = passage.blocks
    while 0 < paragraph <= len(blocks) and 0 < paragraph + step <= len(blocks):
        block, beside = blocks[paragraph - 1], blocks[paragraph + step - 1]
        if not block.group or block.group != beside.group:
            break
        paragraph += step
    return paragraph


def _goes_on(passage: Passage, paragraph: int) -> bool:
    """Whether the *paragraph* below *passage*, counted from 1, does not begin something else."""
    blocks = passage.blocks
    return paragraph > len(blocks) or blocks[paragraph - 1].kind not in {"heading", "question"}


def _start(sentence: Sentence) -> int:
    return sentence.span.start


def _end(sentence: Sentence) -> int:
    return sentence.span.end
