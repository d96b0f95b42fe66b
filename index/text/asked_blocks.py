"""
Questions and their answers among the blocks of a text: of an FAQ, or an interview.

Some are marked ("Q.", bold words); others are paragraphs that ask, each above one that does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from index.datatypes import Block, BlockKind
from index.text.paragraphs import ATX, UNDERLINED

MIN_ASKED = 3  # paragraphs that are questions, from which on they make an interview
MAX_PARAGRAPHS_ASKED = 6  # of an interview there are at most so many paragraphs a question

_ASKS = frozenset("?？؟")
_BOLD = ("**", "__")
_BEHIND_MARK = "\"'”’»)*_"


def asked_paragraphs(text: str, blocks: Sequence[Block]) -> list[Block]:
    """
    *blocks* with the questions of an interview, or of a list of them without signs, as such.

    Some paragraphs that end in a question mark, each above one that does not; so are short ones
    above long ones, in bold or not, which would be headings but for the others. What an answer goes
    on with stays a paragraph, since it may be above a question that is put as a statement, unless
    all questions stand in bold.
    """
    marked = list(blocks)
    ends = [text[block.span.end - 3 : block.span.end].rstrip(_BEHIND_MARK)[-1:] for block in blocks]
    asked = [
        i
        for i, (block, below) in enumerate(pairwise(blocks))
        if block.kind in {"paragraph", "heading"}
        and (ends[i] in _ASKS and ends[i + 1] not in _ASKS and below.kind == "paragraph")
    ]
    prose = sum(block.kind == "paragraph" for block in blocks)
    if len(asked) < MIN_ASKED or len(asked) * MAX_PARAGRAPHS_ASKED < prose:
        return marked
    for i in asked:
        words = text[blocks[i].span.start : blocks[i].span.end]
        if not (ATX.match(words) or UNDERLINED.fullmatch(words)):
            bold = words.startswith(_BOLD)
            answers = list(_paragraphs_below(blocks, i)) if bold else [i + 1]
            marked[i] = replace(blocks[i], kind="question", level=0)
            for below in answers:
                marked[below] = replace(blocks[below], kind="answer")
    return marked


def _paragraphs_below(blocks: Sequence[Block], at: int) -> Iterator[int]:
    """The numbers of the paragraphs that directly follow the block number *at*."""
    for i in range(at + 1, len(blocks)):
        if blocks[i].kind != "paragraph":
            return
        yield i


def question_pairs(blocks: Sequence[Block]) -> list[Block]:
    """*blocks* with what goes on with a question or an answer, up to the next one, as such."""
    kinds = {block.kind for block in blocks}
    if "question" not in kinds:  # "A." begins an item then
        return [replace(b, kind="item") if b.kind == "answer" else b for b in blocks]
    marked: list[Block] = []
    going_on: BlockKind | None = None
    for block in blocks:
        if block.kind == "question":  # where no answer is marked, it is what follows
            going_on = "question" if "answer" in kinds else "answer"
        elif block.kind == "answer":
            going_on = "answer"
        elif block.kind == "heading":
            going_on = None
        elif block.kind == "paragraph" and going_on is not None:
            marked.append(replace(block, kind=going_on))
            continue
        marked.append(block)
    return marked
