"""
The tokens of a question beside those of sentences, by their contextual vectors (MaxSim).

One matrix product serves all sentences, both layers, and the direction in which the tokens of an
answer of the expected type lie.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encoding.protocol import TokenVectors
from index.encoding.token_windows import EncodedSentence, QuantisedVectors
from index.ranking.answer_types import ExpectedAnswer
from index.ranking.candidate_sentences import Floats

Integers = NDArray[np.int64]

# Sentences that are multiplied at once: as float32 their tokens, some 220 of 384 dimensions, fit
# into a core's cache of its own.
SENTENCES_PER_PRODUCT = 8
# OpenBLAS multiplies so many rows in one go; over 70 sentences 15 rows take a sixth longer than 16.
ROWS_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class TokenMatches:
    """
    The t tokens of a question beside those of n sentences, T together, in two layers.

    *best*: (2, t, n), for each token of the question its best cosine in each sentence; *nearest*:
    (2, T), the best cosines in the question of each token of a sentence, and *covered*: (n,), their
    mean over a sentence, in the last layer; *offered*: (2, T), the products with the expected
    directions; *counts*: (n,), tokens of each sentence. A sentence without tokens matches nothing:
    0.
    """

    best: Floats
    covered: Floats
    nearest: Floats
    offered: Floats
    counts: Integers


def match_tokens(
    query: TokenVectors, sentences: Sequence[EncodedSentence], expected: ExpectedAnswer | None
) -> TokenMatches:
    """
    Match the tokens of *query* with those of the *sentences*, both ways (MaxSim).

    Without an *expected* answer nothing is offered: 0.
    """
    layers = [sentence.layers for sentence in sentences]
    counts = np.array(list(map(len, layers)), np.int64)
    number, dimension = query.vectors.shape
    best = np.zeros((2, number, len(sentences)), np.float32)
    covered = np.zeros(len(sentences), np.float32)
    full = counts > 0
    if not number or not full.any():
        nothing = np.zeros((2, counts.sum()), np.float32)
        return TokenMatches(best, covered, nothing, nothing, counts)
    rows = np.zeros((2, number + ROWS_AT_ONCE - number % ROWS_AT_ONCE, dimension), np.float32)
    rows[:, :number] = query.vectors, query.inner
    if expected is not None:
        rows[:, number] = expected.directions
    products = _products(rows, layers)
    cosines = products[:, :number]
    nearest = cosines.max(axis=1)
    starts = _first_tokens(counts[full])
    best[:, :, full] = np.maximum.reduceat(cosines, starts, axis=2)
    covered[full] = np.add.reduceat(nearest[0], starts) / counts[full]
    return TokenMatches(best, covered, nearest, products[:, number], counts)


def _products(rows: Floats, layers: Sequence[QuantisedVectors]) -> Floats:
    """The products of *rows* (2, r, d) with the tokens of sentences, one after another."""
    pieces = [
        layers[start : start + SENTENCES_PER_PRODUCT]
        for start in range(0, len(layers), SENTENCES_PER_PRODUCT)
    ]
    blocks = (
        np.concatenate([layer.values for layer in piece], axis=1, dtype=np.float32)
        for piece in pieces
    )
    products = np.concatenate([rows @ tokens.transpose(0, 2, 1) for tokens in blocks], axis=2)
    products *= np.concatenate([layer.scales for layer in layers], axis=1)[:, None]
    return products


def _first_tokens(counts: Integers) -> Integers:
    """Where the tokens of each sentence begin among all of them, by how many each has."""
    starts: Integers = np.cumsum(counts) - counts
    return starts


def answer_type_scores(matches: TokenMatches, expected: ExpectedAnswer | None) -> Floats:
    """
    How far the best token of each sentence is from the expected answer, beside the best of all.

    0 for the sentence that has the best one, else below 0; one without tokens is as far off as the
    farthest.
    """
    values = np.zeros(len(matches.counts), np.float32)
    full = matches.counts > 0
    if expected is None or not full.any():
        return values
    likely = matches.offered.sum(axis=0) + expected.echo @ matches.nearest
    found = np.maximum.reduceat(likely, _first_tokens(matches.counts[full]))
    values[full] = found
    values[~full] = found.min()
    return np.asarray(values - found.max(), np.float32)
