"""What several test modules share."""

from __future__ import annotations

import pytest

from index.encoder import SentenceTransformerEncoder, load_encoder


@pytest.fixture(scope="session")
def encoder() -> SentenceTransformerEncoder:
    """Load the real model, once for all tests."""
    return load_encoder()
