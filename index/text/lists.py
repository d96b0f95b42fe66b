"""
Enumerations in an article, with the sentence that introduces them.

News articles seldom mark a list: its items stand as paragraphs that are built alike
("Preventing …", "Respecting …", "And building …"), or as sentences that count ("First, …",
"Second, …", "Finally, …"). No item shares a word with the question, so the list has to be found
by its form and shown as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.datatypes import Article, Block, Enumeration, Sentence, Span
from index.languages.english_cues import (
    ANNOUNCES_LIST,
    CONJUNCTION,
    GERUND,
    INFINITIVE,
    LAST_ORDINAL,
    NOT_GERUNDS,
    ORDINAL,
    ORDINALS,
)
from index.text.paragraphs import NUMBERED_RULE

MAX_ITEM = 600  # characters; longer paragraphs that begin alike are prose
MAX_ORDINAL_GAP = 4  # sentences between "First" and "Second"

_MARKER = re.compile(r"(?:[-*+•–—▪▫‣⁃◦●○■□►▶➤✓✔]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)])\s")


def find_lists(
    article: Article, sentences: Sequence[Sentence], blocks: Sequence[Block] = ()
) -> list[Enumeration]:
    """
    All lists of *article*, in order and without overlap; a heading is in none.

    *blocks* are those that the paragraphs number, as far as they are known.
    """
    texts = [
        "" if _is_heading(blocks, sentence) else article.cut(sentence.span)
        for sentence in sentences
    ]
    found: list[Enumeration] = []
    taken = 0
    candidates = [
        *_paragraph_lists(texts, _paragraphs(sentences)),
        *_counted_lists(texts),
    ]
    for enumeration in sorted(candidates, key=lambda candidate: candidate.members.start):
        if enumeration.members.start >= taken:
            found.append(enumeration)
            taken = enumeration.members.stop
    return found


def list_span(enumeration: Enumeration, sentences: Sequence[Sentence]) -> Span:
    """From the first character of the lead to the last of the last item."""
    members = enumeration.members
    return Span(sentences[members.start].span.start, sentences[members.stop - 1].span.end)


def _is_heading(blocks: Sequence[Block], sentence: Sentence) -> bool:
    number = sentence.paragraph - 1
    return number < len(blocks) and blocks[number].kind == "heading"


def _paragraphs(sentences: Sequence[Sentence]) -> list[range]:
    """Positions of the sentences of each paragraph."""
    borders = [
        i
        for i in range(len(sentences))
        if i == 0 or sentences[i].paragraph != sentences[i - 1].paragraph
    ]
    return [range(a, b) for a, b in zip(borders, [*borders[1:], len(sentences)], strict=True)]


def _paragraph_lists(texts: Sequence[str], paragraphs: Sequence[range]) -> Iterator[Enumeration]:
    """Runs of paragraphs that are marked as items or built alike."""
    first = 0
    while first < len(paragraphs):
        form = _item_form(texts[paragraphs[first].start])
        last = first
        while last + 1 < len(paragraphs) and _has_form(texts, paragraphs[last + 1], form):
            last += 1
        run = paragraphs[first : last + 1]
        if form and len(run) > 1 and _are_short(texts, run):
            lead = _lead(texts, run, form)
            # Alike beginnings alone prove little: someone must announce the list or end it.
            ends = CONJUNCTION.match(texts[run[-1].start]) is not None
            if form == "marker" or (lead is not None and (len(run) > 2 or ends)):
                yield Enumeration(lead, tuple(_items(run, form)))
        first = last + 1


def _item_form(text: str) -> str | None:
    """How an item begins: with a marker, a gerund, or "to" and a verb; None for prose."""
    if _MARKER.match(text) or NUMBERED_RULE.match(text):
        return "marker"
    text = text[end.end() :] if (end := CONJUNCTION.match(text)) else text
    word = GERUND.match(text)
    if word and word.group().lower() not in NOT_GERUNDS:
        return "gerund"
    return "infinitive" if INFINITIVE.match(text) else None


def _has_form(texts: Sequence[str], paragraph: range, form: str | None) -> bool:
    return form is not None and _item_form(texts[paragraph.start]) == form


def _are_short(texts: Sequence[str], run: Sequence[range]) -> bool:
    return all(sum(len(texts[i]) for i in paragraph) <= MAX_ITEM for paragraph in run[:-1])


def _lead(texts: Sequence[str], run: Sequence[range], form: str) -> int | None:
    """The sentence before the list, when it introduces it (before marked items it always does)."""
    before = run[0].start - 1
    if before < 0:
        return None
    return before if form == "marker" or ANNOUNCES_LIST.search(texts[before]) else None


def _items(run: Sequence[range], form: str) -> Iterator[range]:
    """
    The items of a run of paragraphs.

    The paragraph of the last item may go on with something else: without markers it holds no
    more sentences than the longest of the others.
    """
    yield from run[:-1]
    last = run[-1]
    longest = max(len(paragraph) for paragraph in run[:-1])
    yield last if form == "marker" else last[:longest]


def _counted_lists(texts: Sequence[str]) -> Iterator[Enumeration]:
    """Sentences that count: first …, second …, finally …."""
    starts: list[int] = []
    for i, text in enumerate(texts):
        if starts and i - starts[-1] > MAX_ORDINAL_GAP:
            yield from _counted_list(starts, texts)
            starts = []
        ordinal = ORDINAL.match(text)
        number = ORDINALS.index(ordinal.group(1).lower()) if ordinal else None
        if number == 0:
            yield from _counted_list(starts, texts)
            starts = [i]
        elif starts and (number == len(starts) or LAST_ORDINAL.match(text)):
            starts.append(i)
    yield from _counted_list(starts, texts)


def _counted_list(starts: Sequence[int], texts: Sequence[str]) -> Iterator[Enumeration]:
    if len(starts) < 2:  # one item is no list
        return
    items = [range(a, b) for a, b in zip(starts, [*starts[1:], starts[-1] + 1], strict=True)]
    before = starts[0] - 1
    lead = before if before >= 0 and ANNOUNCES_LIST.search(texts[before]) else None
    yield Enumeration(lead, tuple(items))
