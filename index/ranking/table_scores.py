"""
What the cells of tables are worth to a question, and what is laid out like one.

A cell says little by itself: the model hardly sees that "27.1" is the answer to "trams in 2021".
The words of a row, of its header, of a label ("Adults: 12 euros") tell.
"""

from __future__ import annotations

import re

import numpy as np

from index.datatypes import LoadedArticle
from index.ranking.candidate_sentences import Candidates, Floats
from index.text.followup_cues import topics
from index.text.words import words

ROW_CONFIDENCE = 0.9  # that it answers
ROW_WORTH = 9.0  # logits of a row that has, with its header, all words of a question
# Logits of a row that alone has a number of the question: a sentence about the same things in
# another year is no answer.
KEY_WORTH = 12.0
# Logits of an item with all words of a question in its label and in the heading above.
LABEL_WORTH = 6.0
_LABEL = re.compile(r"(?:[-*+•–—]\s|\d{1,3}[.)]\s)?\s*([^.:;!?]{2,60}):\s+\S")


def row_scores(question: str, candidates: Candidates) -> Floats:
    """
    What the cells of a table are worth to *question*, (n,): 0 for all that are no rows.

    A row that has a word of the question which not every row has, below a header that has another
    one, is what was looked for: the share of the question's words in both tells how surely. A
    number that stands in neither says that it is not.
    """
    worth = np.zeros(len(candidates), np.float32)
    asked = topics(question)
    for rows in _tables(candidates).values():
        own = [_own_words(candidates, i) & asked for i in rows]
        everywhere = frozenset.intersection(*own)
        for i, has in zip(rows, own, strict=True):
            found = candidates.sentences[i].words & asked
            numbers = {form for form in asked if form[0].isdigit()}
            if has - everywhere and found - has and numbers <= found:
                worth[i] = ROW_WORTH * len(found) / len(asked)
    return worth


def row_confidence(worth: Floats, scores: Floats) -> float:
    """How sure the answer is when the best of *scores* (n,) is a row that is *worth* something."""
    best = int(scores.argmax())
    return ROW_CONFIDENCE * float(worth[best]) / ROW_WORTH


def _tables(candidates: Candidates) -> dict[tuple[int, int], list[int]]:
    """The candidates that are rows with a header, by the key of their article and its position."""
    tables: dict[tuple[int, int], list[int]] = {}
    for i, (source, at) in enumerate(zip(candidates.sources, candidates.positions, strict=True)):
        if at in source.headers:
            tables.setdefault((source.key, source.headers[at]), []).append(i)
    return tables


def _own_words(candidates: Candidates, i: int) -> frozenset[str]:
    source = candidates.sources[i]
    return frozenset(words(candidates.sentences[i].text, source.article.language))


def key_scores(question: str, candidates: Candidates) -> Floats:
    """What it is worth to be the row, (n,), that alone has a number of *question*."""
    worth = np.zeros(len(candidates), np.float32)
    asked = topics(question)
    for number in (form for form in asked if form[0].isdigit()):
        having = [i for i, s in enumerate(candidates.sentences) if number in s.words]
        rows = {i for table in _tables(candidates).values() for i in table}
        if having and rows.issuperset(having):
            worth[having] = KEY_WORTH
    return worth


def label_scores(question: str, candidates: Candidates) -> Floats:
    """What the labels of items are worth to *question*, (n,), with the heading above them."""
    worth = np.zeros(len(candidates), np.float32)
    asked = topics(question)
    for items in _labelled(candidates).values():
        labels = {i: frozenset(words(label)) & asked for i, label in items.items()}
        everywhere = frozenset.intersection(*labels.values())
        for i, has in labels.items():
            if has - everywhere:
                heading = _heading(candidates.sources[i], candidates.positions[i])
                found = (has | frozenset(words(heading))) & asked
                worth[i] = LABEL_WORTH * len(found) / len(asked)
    return worth


def _labelled(candidates: Candidates) -> dict[tuple[int, int], dict[int, str]]:
    """The labels of the candidates that are items with one, by their article and list."""
    lists: dict[tuple[int, int], dict[int, str]] = {}
    for i, (source, at) in enumerate(zip(candidates.sources, candidates.positions, strict=True)):
        block, match = source.block_of(at), _LABEL.match(candidates.sentences[i].text)
        if block is not None and block.kind == "item" and match:
            lists.setdefault((source.key, block.group), {})[i] = match[1]
    return {key: items for key, items in lists.items() if len(items) > 1}


def _heading(source: LoadedArticle, position: int) -> str:
    """The words of the nearest heading above a sentence, "" for none."""
    number = source.sentences[position].paragraph - 1
    above = (block for block in reversed(source.blocks[:number]) if block.kind == "heading")
    return next((source.article.cut(block.span) for block in above), "")
