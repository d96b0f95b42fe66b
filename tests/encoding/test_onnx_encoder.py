"""Batches of the serving encoder, and that threads share it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoding.onnx_encoder import pack_batches
from index.encoding.protocol import Encoder


@given(st.lists(st.integers(1, 60)), st.integers(1, 200))
def test_batches_hold_every_text_once_and_keep_to_the_budget(
    lengths: list[int], budget: int
) -> None:
    """With its padding a batch is no larger than allowed, unless it is a single text."""
    batches = pack_batches(lengths, budget)

    assert sorted(i for batch in batches for i in batch) == list(range(len(lengths)))
    for batch in batches:
        padded = len(batch) * max(lengths[i] for i in batch)
        assert padded <= budget or len(batch) == 1


def test_texts_of_like_length_share_a_batch() -> None:
    """The shortest come first, so that little of a batch is padding."""
    assert pack_batches([9, 1, 8, 2, 3], 9) == [[1, 3, 4], [2], [0]]


def test_many_batches_give_what_one_text_gives(encoder: Encoder) -> None:
    """A text has the same vector alone and among others that fill several batches."""
    texts = [f"a ship in harbour {i} " + "at night " * (i % 50) for i in range(200)]
    reports: list[tuple[int, int]] = []
    vectors = encoder.encode(texts, lambda done, total: reports.append((done, total)))

    assert len(reports) > 1  # batch
    assert reports[-1] == (200, 200)
    np.testing.assert_allclose(vectors[::40], encoder.encode(texts[::40]), atol=1e-5)


def test_much_text_is_read_even_when_the_export_was_deleted_meanwhile(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The session that is open goes on, though no second one can be opened."""
    text = "a ship in the harbour at night " * 30
    monkeypatch.setattr(encoder, "_graph", tmp_path / "deleted.onnx")
    vectors = encoder.encode([text] * 50)

    np.testing.assert_allclose(vectors[-1:], encoder.encode([text]), atol=1e-5)


def test_threads_share_an_encoder(encoder: Encoder) -> None:
    """Questions that are encoded at the same time have the vectors they have one by one."""
    texts = [f"who saw ship {i}" + " at night" * (i % 7) for i in range(40)]
    alone = [encoder.encode_tokens([text])[0] for text in texts]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda text: encoder.encode_tokens([text])[0], texts))

    for expected, found in zip(alone, together, strict=True):
        np.testing.assert_allclose(found.vectors, expected.vectors, atol=1e-5)
        np.testing.assert_array_equal(found.spans, expected.spans)
