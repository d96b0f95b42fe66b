"""
What a sentence that only points somewhere is worth to what it points at.

A heading, a question, an option, the header of a table or "as follows:" shares its words with a
question and answers nothing: what stands below it does. Its score goes to the best sentence there,
and it ranks last. So does what is there for the page and not for the article.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.datatypes import Block, LoadedArticle
from index.ranking.candidate_sentences import Candidates, Floats
from index.text.words import is_question_word, is_stop_word, words, words_of_question

# What a question or an option asks for mostly stands in the first sentence below it: another one
# must match so much better by itself.
FIRST_BONUS = 2.0
MIN_FIRST_WORDS = 3  # of it; "Yes." goes on
ROW_CONFIDENCE = 0.9  # that it answers
ROW_WORTH = 9.0  # logits of a row that has, with its header, all words of a question
LAST = 30.0  # logits below all others: what is only shown when there is nothing else
_BESIDE = {"question": "answer", "term": "description", "header": "row"}


def pass_on(candidates: Candidates, scores: Floats) -> Floats:
    """Give the *scores* (n,) of sentences of *candidates* that point somewhere to what is there."""
    blocks = [
        source.block_of(at)
        for source, at in zip(candidates.sources, candidates.positions, strict=True)
    ]
    passed = scores.copy()
    lowest = float(scores.min(initial=0.0))
    for i in np.argsort(scores, kind="stable").tolist():  # the innermost heading hears the outer
        block = blocks[i]
        if block is None:
            continue
        if block.kind == "boilerplate":
            passed[i] = lowest - LAST
        elif (below := _targets(candidates, blocks, i, block)) is not None:
            if below:
                best = _best_below(candidates, scores, below, block)
                passed[best] = max(passed[best], scores[i])
            passed[i] = lowest - LAST + 0.01 * float(scores[i] - lowest)
    return passed


def row_scores(question: str, candidates: Candidates) -> Floats:
    """
    What the cells of a table are worth to *question*, (n,): 0 for all that are no rows.

    A row that has a word of the question which not every row has, below a header that has another
    one, is what was looked for: the share of the question's words in both tells how surely. A
    number that stands in neither says that it is not.
    """
    worth = np.zeros(len(candidates), np.float32)
    asked = {
        word.form
        for word in words_of_question(question)
        if not is_stop_word(word.form) and not is_question_word(word.form)
    }
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


def _best_below(candidates: Candidates, scores: Floats, below: Sequence[int], block: Block) -> int:
    """Which of the candidates *below* a *block* takes its score."""
    first = _first(candidates, below) if block.kind in {"question", "term"} else None
    return max(below, key=lambda j: (float(scores[j]) + FIRST_BONUS * (j == first), -j))


def _first(candidates: Candidates, below: Sequence[int]) -> int | None:
    """The first of the candidates *below* that says something."""
    texts = ((j, candidates.sentences[j].text) for j in below)
    return next((j for j, text in texts if len(text.split()) >= MIN_FIRST_WORDS), None)


def _targets(
    candidates: Candidates, blocks: Sequence[Block | None], i: int, block: Block
) -> list[int] | None:
    """The candidates that number *i* points at; None when it points nowhere."""
    below = _below(candidates, blocks, i)
    if block.kind == "heading":
        section = _until_heading(blocks, below, block.level)
        return [j for j in section if _answers(blocks[j])]
    if wanted := _BESIDE.get(block.kind):
        return _following(blocks, below, block.kind, wanted)
    if _leads_in(candidates.sources[i], candidates.positions[i]):
        listed = _following(blocks, below, "", "item")
        return listed or None
    return None


def _below(candidates: Candidates, blocks: Sequence[Block | None], i: int) -> list[int]:
    """The candidates behind number *i* in its article, as far as their blocks are known."""
    source = candidates.sources[i]
    last = i
    while (
        last + 1 < len(blocks)
        and candidates.sources[last + 1] is source
        and blocks[last + 1] is not None
    ):
        last += 1
    return list(range(i + 1, last + 1))


def _until_heading(blocks: Sequence[Block | None], below: Sequence[int], level: int) -> list[int]:
    section: list[int] = []
    for j in below:
        block = blocks[j]
        if block is not None and block.kind == "heading" and block.level <= level:
            break
        section.append(j)
    return section


def _following(
    blocks: Sequence[Block | None], below: Sequence[int], own: str, wanted: str
) -> list[int]:
    """The first run of candidates of the kind *wanted*, with none but its *own* kind before it."""
    found: list[int] = []
    for j in below:
        kind = blocks[j].kind if blocks[j] is not None else None  # type: ignore[union-attr]
        if kind == wanted:
            found.append(j)
        elif found or kind != own:
            break
    return found


def _answers(block: Block | None) -> bool:
    kinds = {"heading", "boilerplate", "question", "term", "header"}
    return block is not None and block.kind not in kinds


def _leads_in(source: LoadedArticle, position: int) -> bool:
    """Whether the sentence introduces what stands in the next block."""
    span = source.sentences[position].span
    return source.article.text[span.start : span.end].rstrip("*_ ").endswith(":")
