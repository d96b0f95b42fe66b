"""How an encoder is loaded: exported and served, or else run by sentence-transformers."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from index.encoding.export_cache import cached_identity, open_export, user_cache
from index.encoding.find_model import MODEL_SETTING, find_model, holds_model
from index.encoding.protocol import Encoder, Precision
from index.errors import ExportError, ModelError


def load_encoder(
    name: str | None = None,
    *,
    precision: Precision = "fp32",
    cache: Path | None = None,
    notice: Callable[[str], None] = lambda _: None,
) -> Encoder:
    """
    Load the model *name*: a folder, a name on the hub, or None for the packaged one.

    The first time it is exported into the folder *cache* (default: the user's), which takes about
    as long as importing torch does; from then on it is served from there. What cannot be exported
    is served by sentence-transformers. *notice* hears of either, in a sentence.

    Raises ModelError when there is no such model. Only a hub name may reach the network, and
    only to fetch the model's files: they are then loaded from their folder like any other.
    """
    # Else tokenizers has threads of its own, and complains when the process is forked.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    folder = find_model(name)
    if not holds_model(folder):
        raise ModelError(
            f"the model in {folder} cannot be loaded (it has none of a model's files); "
            f"name a folder or hub model of sentence-transformers in {MODEL_SETTING}."
        )
    place = cache or user_cache()
    try:
        return open_export(folder, place, precision, notice)
    except ExportError as exc:
        from index.encoding.torch_encoder import load_reference

        reference = load_reference(folder, cached_identity(folder, place))
        notice(f"{exc}; sentence-transformers serves it instead, which takes longer to start.")
        return reference
