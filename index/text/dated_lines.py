"""Lines between the title and the text that say when and where it was written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from index.datatypes import Block
from index.languages.block_cues import DATE_LINE, PLACE_LINE

MAX_ABOVE = 4  # blocks above such a line: a title, what is below it, by-lines
MAX_TITLE = 200  # characters of each that says no more than a title and what is below it do


def time_lines(text: str, blocks: Sequence[Block]) -> list[Block]:
    """
    *blocks* with a date or a place on a line of its own, near the top, as metadata.

    It would be a heading by its form. One of several dates is: those are of a diary, and part it.
    A place is only told as one directly below a by-line or a date.
    """
    marked = list(blocks)
    dates = [i for i, b in enumerate(blocks) if _is(DATE_LINE, text, b)]
    if len(dates) == 1 and _is_near_top(blocks, dates[0]):
        marked[dates[0]] = replace(blocks[dates[0]], kind="metadata")
    for i in range(1, min(MAX_ABOVE + 1, len(blocks))):
        if marked[i - 1].kind == "metadata" and _is(PLACE_LINE, text, blocks[i]):
            marked[i] = replace(blocks[i], kind="metadata")
    return marked


def _is_near_top(blocks: Sequence[Block], at: int) -> bool:
    return at <= MAX_ABOVE and all(len(block.span) <= MAX_TITLE for block in blocks[:at])


def _is(form: re.Pattern[str], text: str, block: Block) -> bool:
    """Whether *block* is of that *form* and nothing else ("12. März 2024" looks like an item)."""
    return block.kind in {"paragraph", "item"} and form.fullmatch(text, *_ends(block)) is not None


def _ends(block: Block) -> tuple[int, int]:
    return block.span.start, block.span.end
