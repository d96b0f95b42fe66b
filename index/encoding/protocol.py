"""
Text into unit vectors: what an encoder is. index.encoding.load has one.

The default model is all-MiniLM-L6-v2, whose weights come inside a package, so that nothing has to
be fetched. A model is exported once (index.encoding.export) and then served without torch
(index.encoding.onnx_encoder).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Progress = Callable[[int, int], None]  # (texts done, texts in all)
Precision = Literal["fp32", "int8"]


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """
    One text after one forward pass: its pooled vector and those of its tokens.

    Special tokens are left out. pooled: (d,); vectors: (t, d) of the last layer, *inner* (t, d) of
    the one before, which keeps more of the words themselves; spans: (t, 2) code-point offsets
    into the text. All vectors have length 1.
    """

    pooled: Vectors
    vectors: Vectors
    inner: Vectors
    spans: NDArray[np.int32]


class Encoder(Protocol):
    """
    What turns text into vectors; several threads may use one.

    *identity* names the weights that made them: vectors of two identities are never compared.
    *max_tokens* is the longest text that is read whole; the rest of a longer one is not seen.
    """

    identity: str
    dimension: int
    max_tokens: int

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Pooled unit vectors, shape (len(texts), dimension)."""

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Pooled and token vectors of each text, in one forward pass."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text has, without the special ones."""
