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
from index.languages.block_cues import SPEAKS_OF_TEXT
from index.ranking.candidate_sentences import Candidates, Floats

# What a question or an option asks for mostly stands in the first sentence below it of at least so
# many words; "Yes." goes on.
MIN_FIRST_WORDS = 3
# Logits that a heading loses on its way: it says less of one sentence below than a question does.
# Of the questions about documents (tests/benchmarks/answer_quality.py) anything from 1 to 8 does.
HEADING_LOSS = 2.0
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
        if block.kind == "boilerplate" or SPEAKS_OF_TEXT.match(candidates.sentences[i].text):
            passed[i] = lowest - LAST
        elif (below := _targets(candidates, blocks, i, block)) is not None:
            if below:
                best = _best_below(candidates, scores, below, block)
                loss = HEADING_LOSS if block.kind == "heading" else 0.0
                passed[best] = max(passed[best], scores[i] - loss)
            passed[i] = lowest - LAST + 0.01 * float(scores[i] - lowest)
    return passed


def _best_below(candidates: Candidates, scores: Floats, below: Sequence[int], block: Block) -> int:
    """Which of the candidates *below* a *block* takes its score."""
    first = _first(candidates, below) if block.kind in {"question", "term"} else None
    return max(below, key=lambda j: (float(scores[j]), -j)) if first is None else first


def _first(candidates: Candidates, below: Sequence[int]) -> int | None:
    """The first of the candidates *below* that says something."""
    texts = ((j, candidates.sentences[j].text) for j in below)
    return next((j for j, text in texts if len(text.split()) >= MIN_FIRST_WORDS), None)


def _targets(
    candidates: Candidates, blocks: Sequence[Block | None], i: int, block: Block
) -> list[int] | None:
    """The candidates that number *i* points at; None when it points nowhere."""
    if block.kind == "heading":
        section = _until_heading(blocks, _below(candidates, blocks, i), block.level)
        return [j for j in section if _answers(blocks[j])]
    if wanted := _BESIDE.get(block.kind):
        return _following(blocks, _below(candidates, blocks, i), block.kind, wanted)
    if _leads_in(candidates.sources[i], candidates.positions[i]):
        return _following(blocks, _below(candidates, blocks, i), "", "item") or None
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
