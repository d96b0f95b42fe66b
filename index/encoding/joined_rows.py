"""Rows of a table with the words and tokens of their header, which say what their cells are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from index.datatypes import Block, Sentence
from index.encoding.token_windows import EncodedSentence, QuantisedVectors


def headers_of(sentences: Sequence[Sentence], blocks: Sequence[Block]) -> Mapping[int, int]:
    """The position of the header of each row, by the position of the row."""
    found: dict[int, int] = {}
    header: tuple[int, int] | None = None  # its position and its table
    for position, sentence in enumerate(sentences):
        block = blocks[sentence.paragraph - 1] if sentence.paragraph <= len(blocks) else None
        if block is None or block.kind not in {"header", "row"}:
            header = None
        elif block.kind == "header":
            header = position, block.group
        elif header is not None and header[1] == block.group:
            found[position] = header[0]
    return found


def with_header(row: EncodedSentence, header: EncodedSentence) -> EncodedSentence:
    """*row* with what is known of its *header* before it; its text stays its own."""
    layers = QuantisedVectors(
        np.concatenate([header.layers.values, row.layers.values], axis=1),
        np.concatenate([header.layers.scales, row.layers.scales], axis=1),
    )
    return replace(row, words=row.words | header.words, layers=layers)
