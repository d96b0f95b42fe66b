"""The blocks of a text: what its author marked, in Markdown or by the form of plain lines."""

from __future__ import annotations

import re

from index.datatypes import Block, Structure
from index.text.front_matter import split_front_matter
from index.text.markdown_blocks import markdown_blocks
from index.text.plain_blocks import plain_blocks

# Grows whenever blocks or sentences of the same text become others: what older rules made is made
# again when a library is next asked (index.storage.renewal).
RULES = 8

_SIGNS = re.compile(
    r"(?:\A|\n\n)#{1,6} +\S"  # a heading
    r"|\n\|? *:?-{3,}:? *\|[ :|-]*(?:\n|\Z)"  # the rule below the header of a table
    r"|(?:\A|\n)(?:```|~~~)[\w-]*\n"  # code
    r"|\]\((?:https?://|/|#)[^\s)]*\)"  # a link
)


def find_blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a normalised *text*; together they hold all of its visible characters."""
    blocks = markdown_blocks(text) if is_markdown(text) else plain_blocks(text)
    return tuple(blocks)


def find_structure(text: str) -> Structure:
    """How a normalised *text* is built, as far as it tells."""
    return Structure(find_blocks(text))


def is_markdown(text: str) -> bool:
    """Whether *text* has a sign of Markdown that plain text seldom has."""
    return split_front_matter(text) is not None or _SIGNS.search(text) is not None
