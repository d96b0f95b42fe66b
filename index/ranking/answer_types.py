"""
Which kind of thing a question asks for, and which words are of that kind.

"Who" asks for a person, "which year" for a date: the model knows it, and the vectors of the
question's words tell. A bilinear form of low rank, fitted on words that answered other questions,
turns them into a direction in which the tokens of an answer lie. It costs one more row of the
matrix product in index.ranking.features. index.training.fit_answer_types makes it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoding.protocol import TokenVectors

Floats = NDArray[np.float32]

KINDS_FILE = Path(__file__).with_name("answer_types.npz")
IDENTITY = 32  # characters that name a model's weights; what follows says how they are run


@dataclass(frozen=True, slots=True)
class Kinds:
    """
    What r kinds of answers look like in d dimensions.

    *asked* (3 d, r) and *asked_bias* (r,) tell from the vectors of a question how much of each kind
    it wants; *last* and *inner* (d, r) how much of each a token is, by its vectors of the last
    layer and of the one before; *echo* (2,) what a token gains for each unit of its best cosine to
    the question, in these layers: it is negative, for what the question says it does not ask.
    """

    asked: Floats
    asked_bias: Floats
    last: Floats
    inner: Floats
    echo: Floats


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    What one question asks for.

    *directions* (2, d), in which the tokens of its answer lie in the last layer and in the one
    before; *echo* as in Kinds.
    """

    directions: Floats
    echo: Floats


def want(tokens: TokenVectors, asking: NDArray[np.bool_], kinds: Kinds | None) -> Wanted | None:
    """
    Read what a question wants off its t tokens; None without tokens or without *kinds*.

    *asking* (t,) marks the pieces of question words; without any, the first token speaks for them.
    """
    if kinds is None or not len(asking):
        return None
    amounts = describe(tokens, asking) @ kinds.asked + kinds.asked_bias
    return Wanted(np.stack([kinds.last @ amounts, kinds.inner @ amounts]), kinds.echo)


def describe(tokens: TokenVectors, asking: NDArray[np.bool_]) -> Floats:
    """The question words in both layers, and the word after the first of them, (3 d,)."""
    first = int(asking.argmax())
    marks = asking if asking[first] else np.arange(len(asking)) == first
    shares = marks.astype(np.float32) / np.float32(marks.sum())
    after = min(first + 1, len(asking) - 1)
    return np.concatenate([shares @ tokens.vectors, shares @ tokens.inner, tokens.vectors[after]])


@lru_cache(maxsize=4)
def packaged_kinds(identity: str) -> Kinds | None:
    """Read the kinds of the packaged model; None for an encoder with another *identity*."""
    with np.load(KINDS_FILE) as file:
        if str(file["identity"]) != identity[:IDENTITY]:
            return None
        return Kinds(*(file[one.name].astype(np.float32) for one in fields(Kinds)))


def write_kinds(kinds: Kinds, identity: str) -> None:
    """Write the packaged kinds for the model *identity*, in half precision."""
    arrays = {one.name: getattr(kinds, one.name).astype(np.float16) for one in fields(Kinds)}
    np.savez_compressed(KINDS_FILE, identity=np.array(identity[:IDENTITY]), **arrays)
