"""
The reference encoder: sentence-transformers itself, which every export is measured by.

Importing this module imports torch and transformers, which takes seconds. It serves where a model
cannot be exported (index.encoding.export); everywhere else index.encoding.onnx_encoder does.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from index.encoding.find_model import MODEL_SETTING
from index.encoding.protocol import Progress, TokenVectors, Vectors
from index.encoding.telemetry import switch_off_telemetry
from index.encoding.threads import available_cores
from index.errors import ModelError

switch_off_telemetry()

from sentence_transformers import SentenceTransformer  # noqa: E402 (behind the switch)
from transformers.utils import logging  # noqa: E402

# Texts between two reports of progress: about a second of work on a small machine.
TEXTS_PER_STEP = 512
TEXTS_PER_BATCH = 32


class SentenceTransformerEncoder:
    """
    The reference encoder: any model that sentence-transformers loads, on the CPU.

    Threads take turns: its tokenizer is set for each call, and torch has threads of its own.
    """

    def __init__(self, model: SentenceTransformer, identity: str) -> None:
        self._turns = threading.Lock()
        self.identity = identity
        self.model = model
        first: Any = model[0]
        self.transformer = first.auto_model
        self.transformer.config.output_hidden_states = True  # for TokenVectors.inner
        self.tokenizer: Any = model.tokenizer
        self.dimension = int(model.get_embedding_dimension() or 0)
        self.max_length = int(model.max_seq_length or 512)  # with the special tokens
        self.max_tokens = self.max_length - int(self.tokenizer.num_special_tokens_to_add())

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Pooled unit vectors, shape (len(texts), dimension)."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        # Texts of like length go together, so that little of a batch is padding.
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for start in range(0, len(order), TEXTS_PER_STEP):
            rows = order[start : start + TEXTS_PER_STEP]
            with self._turns:
                vectors[rows] = self.model.encode(
                    [texts[i] for i in rows],
                    batch_size=TEXTS_PER_BATCH,
                    normalize_embeddings=True,
                    show_progress_bar=False,
                )
            if progress:
                progress(start + len(rows), len(texts))
        return vectors

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Pooled and token vectors of each text, in one forward pass."""
        if not texts:
            return []
        further = {"return_offsets_mapping": True, "return_special_tokens_mask": True}
        with self._turns:
            features = self.features(texts, **further)
        spans = features.pop("offset_mapping").numpy().astype(np.int32)
        own = features.pop("special_tokens_mask").numpy() == 0  # padding counts as special
        with self._turns, torch.inference_mode():
            pooled, tokens, inner = (vectors.numpy() for vectors in self.forward(features))
        return [
            TokenVectors(pooled[i], tokens[i][own[i]], inner[i][own[i]], spans[i][own[i]])
            for i in range(len(texts))
        ]

    def features(self, texts: Sequence[str], **further: bool) -> dict[str, torch.Tensor]:
        """Return what the model reads of *texts*: by name, of the shape (texts, tokens) each."""
        return dict(
            self.tokenizer(
                list(texts),
                padding=True,
                truncation=True,
                max_length=self.max_length,
                return_tensors="pt",
                **further,
            )
        )

    def forward(self, features: dict[str, torch.Tensor]) -> tuple[torch.Tensor, ...]:
        """Pooled vectors, token vectors and inner ones, padding included, all of length 1."""
        output = self.model.forward(features)
        last = output["token_embeddings"]
        layers = output.get("all_layer_embeddings") or (last, last)
        wanted = (output["sentence_embedding"], last, layers[-2])
        return tuple(torch.nn.functional.normalize(vectors, dim=-1) for vectors in wanted)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text has, without the special ones."""
        if not texts:
            return []
        with self._turns:
            encoded = self.tokenizer(list(texts), add_special_tokens=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]


def load_reference(folder: Path, identity: str) -> SentenceTransformerEncoder:
    """Load the model in *folder*, whose content has *identity*; ModelError when there is none."""
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    # More threads than cores collapse: 250 ms a question instead of 15 on a busy machine.
    torch.set_num_threads(available_cores())
    try:
        model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    except Exception as exc:  # the library raises whatever its parts raise
        reason = " ".join(str(exc).split())[:200]
        raise ModelError(
            f"the model in {folder} cannot be loaded ({reason}); "
            f"name a folder or hub model of sentence-transformers in {MODEL_SETTING}."
        ) from exc
    if not model.tokenizer.is_fast:
        raise ModelError(
            f"the model in {folder} has no fast tokenizer, which tells where its tokens stand; "
            f"name another in {MODEL_SETTING}."
        )
    return SentenceTransformerEncoder(model, identity)
