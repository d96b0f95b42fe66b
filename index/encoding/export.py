"""
A model of sentence-transformers into one graph for onnxruntime, checked against the model itself.

    python -m index.encoding.export FOLDER PLACE fp32|int8

writes into the folder PLACE either a graph with its tokenizer, or why there is none. The whole
pipeline is exported, pooling and what follows it too, so nothing is known here of kinds of models:
an export is accepted when it gives the vectors of the model.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

import numpy as np
import torch
from tokenizers import Tokenizer

from index.encoding.export_cache import MANIFEST_FILE
from index.encoding.find_model import identify_model
from index.encoding.onnx_encoder import (
    GRAPH_FILE,
    INNER,
    KNOWN_TEXT,
    POOLED,
    TOKENIZER_FILE,
    TOKENS,
    OnnxEncoder,
)
from index.encoding.onnx_graph import fuse_attention, optimise_graph, quantise_weights
from index.encoding.protocol import Encoder, Precision, Vectors
from index.encoding.torch_encoder import SentenceTransformerEncoder, load_reference
from index.errors import UnfaithfulExportError

OPSET = 17  # the first with LayerNormalization as one operator
# The lowest cosine with the model's own vectors, of any text or token of COMPARED_TEXTS. Eight bits
# of the packaged model have .958 at a token of a script that it hardly knows, .984 on average;
# below .9 something is broken.
LEAST_COSINES: dict[Precision, float] = {"fp32": 0.9999, "int8": 0.9}
# Lengths from nothing to more than a model reads, scripts, cases, and what tokenizers stumble on.
COMPARED_TEXTS = (
    "",
    "Ship",
    "who appointed West?",
    KNOWN_TEXT,
    "The US has not said publicly what conditions it sets. 🤔 “Ça va?”",
    "СЕВЕР и юг; 北京的天气怎么样？ كيف حالك؟ नमस्ते दुनिया",
    "It's the C++ (v2.0) e-mail: a@b.example, 3,14 % — naïve ﬁnal ½ …",
    "A paragraph is longer than a sentence, as it holds several of them. " * 8,
    "ship " * 600,
)


class _TracedModel(torch.nn.Module):
    """All modules of a model, from token ids to what TokenVectors holds."""

    def __init__(self, encoder: SentenceTransformerEncoder, inputs: Sequence[str]) -> None:
        super().__init__()
        self.encoder = encoder
        self.model = encoder.model
        self.inputs = tuple(inputs)

    def forward(self, *features: torch.Tensor) -> tuple[torch.Tensor, ...]:
        return self.encoder.forward(dict(zip(self.inputs, features, strict=True)))


def export_model(folder: Path, place: Path, precision: Precision) -> None:
    """
    Write the export of the model in *folder* into *place*, or there why it is refused.

    1. Load the model. 2. Trace its pipeline. 3. Fuse its attention. 4. Quantise it, if asked to.
    5. Optimise it. 6. Compare its vectors with the model's. A model whose attention is not what it
    is taken for is exported without step 3.
    """
    reference = load_reference(folder, identify_model(folder))
    try:
        with TemporaryDirectory(dir=place.parent) as workshop:
            traced = Path(workshop) / "traced.onnx"
            _trace(reference, traced)
            shape = reference.transformer.config
            try:
                fused = fuse_attention(traced, shape.num_attention_heads, shape.hidden_size)
                manifest = _finish(reference, fused, place, precision)
            except Exception:  # whatever the tools that recognise attention stumble on
                manifest = _finish(reference, traced, place, precision)
    except Exception as exc:  # tracing runs the code of any model, which fails in its own ways
        reason = " ".join(str(exc).split())[:200] or type(exc).__name__
        manifest = {"refused": reason}
    (place / MANIFEST_FILE).write_text(json.dumps(manifest), encoding="utf-8")


def _finish(
    reference: SentenceTransformerEncoder, graph: Path, place: Path, precision: Precision
) -> dict[str, Any]:
    """Make of *graph* an export in *place* and return its manifest; or UnfaithfulExportError."""
    if precision == "int8":
        graph = quantise_weights(graph)
    optimise_graph(graph, place / GRAPH_FILE)
    manifest = _describe(reference, place, precision)
    check_export(reference, OnnxEncoder(place, manifest), LEAST_COSINES[precision])
    return manifest


def check_export(reference: Encoder, served: Encoder, least_cosine: float) -> None:
    """Raise UnfaithfulExportError unless *served* encodes COMPARED_TEXTS as *reference* does."""
    _compare("texts", reference.encode(COMPARED_TEXTS), served.encode(COMPARED_TEXTS), least_cosine)
    if served.count_tokens(COMPARED_TEXTS) != reference.count_tokens(COMPARED_TEXTS):
        raise UnfaithfulExportError("its tokenizer counts other tokens")
    expected, found = reference.encode_tokens(COMPARED_TEXTS), served.encode_tokens(COMPARED_TEXTS)
    for original, exported in zip(expected, found, strict=True):
        if not np.array_equal(original.spans, exported.spans):
            raise UnfaithfulExportError("its tokenizer finds other tokens")
        _compare("texts", original.pooled[None], exported.pooled[None], least_cosine)
        _compare("tokens", original.vectors, exported.vectors, least_cosine)
        _compare("inner tokens", original.inner, exported.inner, least_cosine)


def _compare(what: str, expected: Vectors, found: Vectors, least_cosine: float) -> None:
    cosine = float((expected * found).sum(axis=1).min(initial=1))
    if not cosine >= least_cosine:  # not a number is not faithful either
        raise UnfaithfulExportError(f"the vectors of {what} differ, with a cosine of {cosine:.5f}")


def _trace(encoder: SentenceTransformerEncoder, graph: Path) -> None:
    # Attention that is written out is fused further than torch's own, which the exporter takes
    # apart: 281 operators instead of 365, and a question's pass in 0.83 of the time.
    encoder.transformer.set_attn_implementation("eager")
    example = encoder.features(["a ship in the harbour of a town", "ship"])
    texts = {name: {0: "text", 1: "token"} for name in (*example, TOKENS, INNER)}
    with torch.no_grad():
        torch.onnx.export(
            _TracedModel(encoder, list(example)).eval(),
            tuple(example.values()),
            str(graph),
            input_names=list(example),
            output_names=[POOLED, TOKENS, INNER],
            dynamic_axes={**texts, POOLED: {0: "text"}},
            opset_version=OPSET,
            dynamo=False,
        )


def _describe(
    encoder: SentenceTransformerEncoder, place: Path, precision: Precision
) -> dict[str, Any]:
    """Write the tokenizer, and return the manifest of the export in *place*."""
    own: Any = encoder.tokenizer
    tokenizer: Tokenizer = Tokenizer.from_str(own.backend_tokenizer.to_str())
    tokenizer.enable_truncation(encoder.max_length, direction=own.truncation_side)
    tokenizer.no_padding()
    tokenizer.save(str(place / TOKENIZER_FILE), pretty=False)
    manifest = {
        "identity": encoder.identity + ("" if precision == "fp32" else f"-{precision}"),
        "dimension": encoder.dimension,
        "max_tokens": encoder.max_tokens,
        "padding": own.pad_token_id or 0,
        "files": {path.name: path.stat().st_size for path in place.iterdir()},
    }
    [probe] = OnnxEncoder(place, manifest).encode([KNOWN_TEXT])
    return {**manifest, "probe": probe.tolist()}


def main() -> None:
    """Export as the command line says."""
    folder, place, precision = sys.argv[1:]
    if precision not in get_args(Precision):
        raise SystemExit(f"the precision is {precision!r} and must be fp32 or int8.")
    warnings.simplefilter("ignore")  # of what tracing cannot see, and the check does
    export_model(Path(folder), Path(place), precision)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
