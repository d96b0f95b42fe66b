"""
The serving encoder: an exported model in onnxruntime, its texts in tokenizers, and nothing else.

One session serves all questions, with two threads a forward pass. Much text is read by a session of
its own, with a thread for each batch, and a batch for each core.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from index.encoding.onnx_session import InferenceSession, open_session
from index.encoding.protocol import Progress, TokenVectors, Vectors
from index.encoding.threads import available_cores

GRAPH_FILE, TOKENIZER_FILE = "graph.onnx", "tokenizer.json"
INPUTS = ("input_ids", "token_type_ids", "attention_mask")  # a graph has those that its model reads
POOLED, TOKENS, INNER = "pooled", "tokens", "inner"  # the outputs of the graph
KNOWN_TEXT = "The ship that came into the harbour at night was 12 metres long."
# The lowest cosine of the probe's vector with the one from the time of the export: other processors
# round otherwise.
LEAST_KNOWN_COSINE = 0.999

THREADS = 2  # of one forward pass: a question is too short to keep more of them busy
# From so many tokens on (two seconds of work) a session for batches pays, though opening it takes a
# tenth of a second, and 45 MB while it is used. Its threads do not wait for each other in every
# operator, and encode a fifth more.
TOKENS_OF_LONG_TASKS = 8192
# Tokens of a batch, with padding: about fifteen sentences, or two windows. Batches of 1024 tokens
# are 8 % slower and those of 2048 a fifth, as their values outgrow the processor's cache.
TOKENS_PER_BATCH = 512
TEXTS_PER_STEP = 512  # tokenised together: what the tokenizer returns is large

TokenIds = NDArray[np.int32]  # (2, t): the ids of a text's tokens and their types


class OnnxEncoder:
    """The model in the folder *export*, as its *manifest* describes it (index.encoding.export)."""

    def __init__(self, export: Path, manifest: dict[str, Any]) -> None:
        self.identity: str = manifest["identity"]
        self.dimension: int = manifest["dimension"]
        self.max_tokens: int = manifest["max_tokens"]
        self._padding: int = manifest["padding"]
        self._probe = np.array(manifest.get("probe", []), np.float32)
        self._tokenizer: Tokenizer = Tokenizer.from_file(str(export / TOKENIZER_FILE))
        self._graph = export / GRAPH_FILE
        self._session = open_session(self._graph, THREADS)
        self._inputs = {node.name for node in self._session.get_inputs()}

    def check_known_text(self) -> None:
        """Raise ValueError when the model does not read a text as it did when it was exported."""
        cosine = float(self.encode([KNOWN_TEXT])[0] @ self._probe)
        if not cosine >= LEAST_KNOWN_COSINE:  # not a number is not the same either
            raise ValueError(f"the cosine of a known text is {cosine:.4f}")

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Pooled unit vectors, shape (len(texts), dimension)."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        rows = list(self._rows(texts))
        lengths = [row.shape[1] for row in rows]
        batches = pack_batches(lengths, TOKENS_PER_BATCH)
        session, workers = self._session_for(sum(lengths))
        done = 0
        with ThreadPoolExecutor(workers) as pool:
            found = pool.map(lambda batch: self._run([rows[i] for i in batch], session), batches)
            for batch, (pooled, *_) in zip(batches, found, strict=True):
                vectors[batch] = pooled
                done += len(batch)
                if progress:
                    progress(done, len(texts))
        return vectors

    def _session_for(self, tokens: int) -> tuple[InferenceSession, int]:
        """The session that reads so many *tokens*, and how many batches it reads at once."""
        if tokens >= TOKENS_OF_LONG_TASKS:
            with suppress(Exception):  # whatever its parts raise, if the export was deleted
                return open_session(self._graph, threads=1), available_cores()
        return self._session, 1

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Pooled and token vectors of each text, in one forward pass."""
        encodings = self._tokenizer.encode_batch(list(texts))
        encoded: list[TokenVectors | None] = [None] * len(texts)
        for batch in pack_batches([len(encoding.ids) for encoding in encodings], TOKENS_PER_BATCH):
            outputs = self._run([_token_ids(encodings[i]) for i in batch], self._session)
            for i, pooled, tokens, inner in zip(batch, *outputs, strict=True):
                encoded[i] = _own_vectors(encodings[i], pooled, tokens, inner)
        return [tokens for tokens in encoded if tokens is not None]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text has, without the special ones."""
        encodings = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [sum(len(part.ids) for part in (whole, *whole.overflowing)) for whole in encodings]

    def _rows(self, texts: Sequence[str]) -> Iterator[TokenIds]:
        for start in range(0, len(texts), TEXTS_PER_STEP):
            step = list(texts[start : start + TEXTS_PER_STEP])
            yield from map(_token_ids, self._tokenizer.encode_batch_fast(step))

    def _run(self, rows: Sequence[TokenIds], session: InferenceSession) -> list[Vectors]:
        """
        Read *rows* in one forward pass, the shorter ones filled up to the longest.

        Returns pooled vectors, those of tokens, and the inner ones.
        """
        inputs = np.zeros((len(INPUTS), len(rows), max(row.shape[1] for row in rows)), np.int64)
        inputs[0] = self._padding
        for i, row in enumerate(rows):
            inputs[:2, i, : row.shape[1]] = row
            inputs[2, i, : row.shape[1]] = 1
        feed = {name: x for name, x in zip(INPUTS, inputs, strict=True) if name in self._inputs}
        found: list[Vectors] = session.run([POOLED, TOKENS, INNER], feed)
        return found


def pack_batches(lengths: Sequence[int], budget: int) -> list[list[int]]:
    """
    Divide texts of these *lengths* into batches of at most *budget* tokens, padding included.

    Returns their indices, the shortest first; what is longer than the budget stands alone.
    """
    batches: list[list[int]] = []
    for i in sorted(range(len(lengths)), key=lengths.__getitem__):
        if not batches or (len(batches[-1]) + 1) * lengths[i] > budget:
            batches.append([])
        batches[-1].append(i)
    return batches


def _token_ids(encoding: Encoding) -> TokenIds:
    return np.array([encoding.ids, encoding.type_ids], np.int32)


def _own_vectors(
    encoding: Encoding, pooled: Vectors, tokens: Vectors, inner: Vectors
) -> TokenVectors:
    """Take what belongs to the text itself from the vectors of its padded row."""
    special = encoding.special_tokens_mask
    first, number = special.index(0) if 0 in special else 0, special.count(0)
    own = slice(first, first + number)  # special tokens stand at both ends
    spans = np.array(encoding.offsets[own], np.int32).reshape(-1, 2)
    return TokenVectors(pooled, tokens[own], inner[own], spans)
