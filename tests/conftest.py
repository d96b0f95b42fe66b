"""What several test modules share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.encoding.find_model import find_model, identify_model
from index.encoding.load import load_encoder
from index.encoding.protocol import Encoder
from index.retrieval import token_files

if TYPE_CHECKING:
    from index.encoding.torch_encoder import SentenceTransformerEncoder


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """
    Keep exported models in a folder of the tests, also those of processes that they start.

    No test reads windows that another one, or the user, has encoded: a corpus that is given no
    folder gets a new one.
    """
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("ARTICLE_BOT_CACHE", str(folder))
        environment.setattr(token_files, "user_cache", lambda: tmp_path_factory.mktemp("windows"))
        yield folder


@pytest.fixture(scope="session")
def encoder(cache: Path) -> Encoder:
    """Load the real model as users get it, exported once for all tests."""
    return load_encoder(cache=cache)


@pytest.fixture(scope="session")
def reference() -> SentenceTransformerEncoder:
    """Load the real model in sentence-transformers, once for all tests."""
    from index.encoding.torch_encoder import load_reference  # takes seconds, and few tests need it

    folder = find_model(None)
    return load_reference(folder, identify_model(folder))
