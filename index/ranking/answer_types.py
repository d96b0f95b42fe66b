"""
Which type of answer a question asks for, and which words are of that type.

"Who" asks for a person, "which year" for a date: the model knows it, and the vectors of the
question's words tell. A bilinear form of low rank, fitted on words that answered other questions,
turns them into a direction in which the tokens of an answer lie. It costs one more row of the
matrix product in index.ranking.token_matches. index.training.fit_answer_types makes it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoding.protocol import TokenVectors

Floats = NDArray[np.float32]

ANSWER_TYPES_FILE = Path(__file__).with_name("answer_types.npz")
IDENTITY_LENGTH = 32  # characters that name a model's weights; what follows says how they are run


@dataclass(frozen=True, slots=True)
class AnswerTypes:
    """
    What r types of answers look like in d dimensions.

    *asked* (3 d, r) and *asked_bias* (r,) tell from the vectors of a question how much of each type
    it asks for; *last* and *inner* (d, r) how much of each a token is, by its vectors of the last
    layer and of the one before; *echo* (2,) what a token gains for each unit of its best cosine to
    the question, in these layers: it is negative, for what the question says it does not ask.
    """

    asked: Floats
    asked_bias: Floats
    last: Floats
    inner: Floats
    echo: Floats


@dataclass(frozen=True, slots=True)
class ExpectedAnswer:
    """
    What one question asks for.

    *directions* (2, d), in which the tokens of its answer lie in the last layer and in the one
    before; *echo* as in AnswerTypes.
    """

    directions: Floats
    echo: Floats


def expected_answer(
    tokens: TokenVectors, asking: NDArray[np.bool_], answer_types: AnswerTypes | None
) -> ExpectedAnswer | None:
    """
    Read off the t tokens of a question what it asks for.

    None without tokens or without *answer_types*.
    *asking* (t,) marks the pieces of question words; without any, the first token speaks for them.
    """
    if answer_types is None or not len(asking):
        return None
    amounts = describe_question(tokens, asking) @ answer_types.asked + answer_types.asked_bias
    return ExpectedAnswer(
        np.stack([answer_types.last @ amounts, answer_types.inner @ amounts]), answer_types.echo
    )


def describe_question(tokens: TokenVectors, asking: NDArray[np.bool_]) -> Floats:
    """The question words in both layers, and the word after the first of them, (3 d,)."""
    first = int(asking.argmax())
    marks = asking if asking[first] else np.arange(len(asking)) == first
    shares = marks.astype(np.float32) / np.float32(marks.sum())
    after = min(first + 1, len(asking) - 1)
    return np.concatenate([shares @ tokens.vectors, shares @ tokens.inner, tokens.vectors[after]])


@lru_cache(maxsize=4)
def packaged_answer_types(identity: str) -> AnswerTypes | None:
    """Read the answer types of the packaged model; None for an encoder with another *identity*."""
    with np.load(ANSWER_TYPES_FILE) as file:
        if str(file["identity"]) != identity[:IDENTITY_LENGTH]:
            return None
        return AnswerTypes(*(file[field.name].astype(np.float32) for field in fields(AnswerTypes)))


def write_answer_types(answer_types: AnswerTypes, identity: str) -> None:
    """Write the packaged answer types for the model *identity*, in half precision."""
    arrays = {
        field.name: getattr(answer_types, field.name).astype(np.float16)
        for field in fields(AnswerTypes)
    }
    np.savez_compressed(ANSWER_TYPES_FILE, identity=np.array(identity[:IDENTITY_LENGTH]), **arrays)
