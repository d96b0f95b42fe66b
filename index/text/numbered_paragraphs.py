"""
Numbered paragraphs, as bylaws and house rules have them: each stands for itself.

By their form they are items; but no sentence announces them, and nobody who asks about one wants
the others. They are told from steps and from conditions by what stands above, and by being
statements.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.datatypes import Article, Block
from index.languages.block_cues import ANNOUNCES_STEPS, STATES, SUBORDINATES
from index.languages.english_cues import ANNOUNCES_LIST, LEANS_ON_PREVIOUS
from index.text.paragraphs import LIST_MARKER

LEAST_STATED = 0.5  # of the paragraphs that state something by their first words

_NUMBERED = re.compile(r"\s*[(§]?\s?\d{1,3}(?:\.\d{1,2})*[.)]?\s")
_ENDS = re.compile(r"[.!?…][\"'”’»)\]*_]*\s*$")
_SECTION = re.compile(r"[#*_\s]*(?:(?:§|Section|Article|Part|Chapter|Art\.?)\s?)?[\d.]*\s*")


def are_apart(article: Article, blocks: Sequence[Block], first: int, last: int) -> bool:
    """
    Whether the items from the block number *first* to *last* are paragraphs that stand alone.

    All are numbered whole sentences, most of them statements, and what is above announces none.
    """
    if first == last or (first and _announces(article, blocks[first - 1])):
        return False
    items = [article.cut(block.span) for block in blocks[first : last + 1]]
    if not all(_NUMBERED.match(item) and _ENDS.search(item) for item in items):
        return False
    return sum(map(_states, items)) >= LEAST_STATED * len(items)


def leans_on_item_before(article: Article, block: Block) -> bool:
    """Whether the numbered paragraph *block* goes on with the one before it ("They …")."""
    words = article.cut(block.span)
    marker = LIST_MARKER.match(words)
    return LEANS_ON_PREVIOUS.match(words[marker.end() :].lstrip() if marker else words) is not None


def _announces(article: Article, above: Block) -> bool:
    """Whether the block *above* a list says that one follows, how many things, or steps."""
    words = article.cut(above.span)
    if above.kind != "heading":
        last_line = words.rsplit("\n", 1)[-1]
        return last_line.rstrip().endswith(":") or ANNOUNCES_LIST.search(words) is not None
    named = words[_SECTION.match(words).end() :]  # type: ignore[union-attr]
    return bool(ANNOUNCES_LIST.search(named) or ANNOUNCES_STEPS.search(named))


def _states(item: str) -> bool:
    """Whether the main clause of the first words of *item* states something and orders nothing."""
    marker = _NUMBERED.match(item)
    words = item[marker.end() if marker else 0 :].lstrip("*_ ")
    clause = SUBORDINATES.split(words, maxsplit=1)[0]
    return STATES.search(clause) is not None
