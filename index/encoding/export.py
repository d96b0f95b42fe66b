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
import onnx
import onnxruntime
import torch
from tokenizers import Tokenizer

from index.encoding.export_cache import MANIFEST
from index.encoding.find_model import identify
from index.encoding.onnx_encoder import GRAPH, INNER, POOLED, PROBE, TOKENIZER, TOKENS, OnnxEncoder
from index.encoding.protocol import Encoder, Precision, Vectors
from index.encoding.torch_encoder import SentenceTransformerEncoder, load_reference

OPSET = 17  # the first with LayerNormalization as one operator
WEIGHTS = "weights.bin"
SMALL = 1024  # bytes of a weight that stays inside the graph
# The lowest cosine with the model's own vectors, of any text or token of PROBES. Eight bits of the
# packaged model have .958 at a token of a script that it hardly knows, .984 on average; below .9
# something is broken.
FAITHFUL: dict[Precision, float] = {"fp32": 0.9999, "int8": 0.9}
# Lengths from nothing to more than a model reads, scripts, cases, and what tokenizers stumble on.
PROBES = (
    "",
    "Ship",
    "who appointed West?",
    PROBE,
    "The US has not said publicly what conditions it sets. 🤔 “Ça va?”",
    "СЕВЕР и юг; 北京的天气怎么样？ كيف حالك؟ नमस्ते दुनिया",
    "It's the C++ (v2.0) e-mail: a@b.example, 3,14 % — naïve ﬁnal ½ …",
    "A paragraph is longer than a sentence, as it holds several of them. " * 8,
    "ship " * 600,
)


class RefusedError(Exception):
    """Raised when an export is not faithful to its model."""


class _Pipeline(torch.nn.Module):
    """All modules of a model, from token ids to what TokenVectors holds."""

    def __init__(self, encoder: SentenceTransformerEncoder, inputs: Sequence[str]) -> None:
        super().__init__()
        self.encoder = encoder
        self.model = encoder.model
        self.inputs = tuple(inputs)

    def forward(self, *features: torch.Tensor) -> tuple[torch.Tensor, ...]:
        return self.encoder.forward(dict(zip(self.inputs, features, strict=True)))


def export(folder: Path, place: Path, precision: Precision) -> None:
    """
    Write the export of the model in *folder* into *place*, or there why it is refused.

    1. Load the model. 2. Trace its pipeline. 3. Fuse its attention. 4. Quantise it, if asked to.
    5. Optimise it. 6. Compare its vectors with the model's. A model whose attention is not what it
    is taken for is exported without step 3.
    """
    reference = load_reference(folder, identify(folder))
    try:
        with TemporaryDirectory(dir=place.parent) as workshop:
            traced = Path(workshop) / "traced.onnx"
            _trace(reference, traced)
            try:
                manifest = _finish(reference, _fuse(reference, traced), place, precision)
            except Exception:  # whatever the tools that recognise attention stumble on
                manifest = _finish(reference, traced, place, precision)
    except Exception as exc:  # tracing runs the code of any model, which fails in its own ways
        reason = " ".join(str(exc).split())[:200] or type(exc).__name__
        manifest = {"refused": reason}
    (place / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def _finish(
    reference: SentenceTransformerEncoder, graph: Path, place: Path, precision: Precision
) -> dict[str, Any]:
    """Make of *graph* an export in *place*, and return its manifest; RefusedError if it is none."""
    if precision == "int8":
        graph = _quantise(graph)
    _optimise(graph, place / GRAPH)
    manifest = _describe(reference, place, precision)
    check(reference, OnnxEncoder(place, manifest), FAITHFUL[precision])
    return manifest


def check(reference: Encoder, served: Encoder, faithful: float) -> None:
    """Raise RefusedError when *served* does not give the vectors of *reference* for PROBES."""
    _compare("texts", reference.encode(PROBES), served.encode(PROBES), faithful)
    if served.count_tokens(PROBES) != reference.count_tokens(PROBES):
        raise RefusedError("its tokenizer counts other tokens")
    expected, found = reference.encode_tokens(PROBES), served.encode_tokens(PROBES)
    for one, other in zip(expected, found, strict=True):
        if not np.array_equal(one.spans, other.spans):
            raise RefusedError("its tokenizer finds other tokens")
        _compare("texts", one.pooled[None], other.pooled[None], faithful)
        _compare("tokens", one.vectors, other.vectors, faithful)
        _compare("inner tokens", one.inner, other.inner, faithful)


def _compare(what: str, expected: Vectors, found: Vectors, faithful: float) -> None:
    cosine = float((expected * found).sum(axis=1).min(initial=1))
    if not cosine >= faithful:  # not a number is not faithful either
        raise RefusedError(f"the vectors of {what} differ, with a cosine of {cosine:.5f}")


def _trace(encoder: SentenceTransformerEncoder, graph: Path) -> None:
    # Attention that is written out is fused further than torch's own, which the exporter takes
    # apart: 281 operators instead of 365, and a question's pass in 0.83 of the time.
    encoder.transformer.set_attn_implementation("eager")
    example = encoder.features(["a ship in the harbour of a town", "ship"])
    texts = {name: {0: "text", 1: "token"} for name in (*example, TOKENS, INNER)}
    with torch.no_grad():
        torch.onnx.export(
            _Pipeline(encoder, list(example)).eval(),
            tuple(example.values()),
            str(graph),
            input_names=list(example),
            output_names=[POOLED, TOKENS, INNER],
            dynamic_axes={**texts, POOLED: {0: "text"}},
            opset_version=OPSET,
            dynamo=False,
        )


def _fuse(encoder: SentenceTransformerEncoder, graph: Path) -> Path:
    """
    Make one operator of each attention: 98 operators instead of 281.

    A question's pass takes 0.83 of the time (0.8 in eight bits), a batch of texts 0.97 (0.93).
    """
    from onnxruntime.transformers.fusion_options import FusionOptions
    from onnxruntime.transformers.optimizer import optimize_model

    options = FusionOptions("bert")
    options.enable_skip_layer_norm = options.enable_bias_skip_layer_norm = False  # see _optimise
    fused, shape = graph.with_name("fused.onnx"), encoder.transformer.config
    optimize_model(
        str(graph),
        "bert",
        num_heads=shape.num_attention_heads,
        hidden_size=shape.hidden_size,
        optimization_options=options,
        opt_level=1,
    ).save_model_to_file(str(fused))
    return fused


def _quantise(graph: Path) -> Path:
    from onnxruntime.quantization import quantize_dynamic

    quantised = graph.with_name(f"int8-{graph.name}")
    # Processors without VNNI add pairs of products in 16 bits, which overflow unless weights have
    # seven: the worst token of PROBES then has a cosine of .958, else .932, at the same speed.
    quantize_dynamic(
        graph,
        quantised,
        per_channel=True,
        reduce_range=True,
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},  # of fused operators
    )
    return quantised


def _optimise(graph: Path, optimised: Path) -> None:
    """
    Let onnxruntime fuse what it can once and for all, with the weights in a file of their own.

    Extended: what goes further is for this very processor only. Weights outside of the graph are
    mapped into memory: loading takes a quarter of the time, and 80 MB less of memory at its peak.
    Skipped connections stay apart from the normalisation behind them: as one operator they take
    longer, a batch of texts 1.05 of its time (1.13 in eight bits).
    """
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(optimised)
    weights = "session.optimized_model_external_initializers"
    options.add_session_config_entry(f"{weights}_file_name", WEIGHTS)
    options.add_session_config_entry(f"{weights}_min_size_in_bytes", str(SMALL))
    onnxruntime.InferenceSession(
        graph,
        options,
        providers=["CPUExecutionProvider"],
        disabled_optimizers=["SkipLayerNormFusion"],
    )


def _describe(
    encoder: SentenceTransformerEncoder, place: Path, precision: Precision
) -> dict[str, Any]:
    """Write the tokenizer, and return the manifest of the export in *place*."""
    own: Any = encoder.tokenizer
    tokenizer: Tokenizer = Tokenizer.from_str(own.backend_tokenizer.to_str())
    tokenizer.enable_truncation(encoder.max_length, direction=own.truncation_side)
    tokenizer.no_padding()
    tokenizer.save(str(place / TOKENIZER), pretty=False)
    manifest = {
        "identity": encoder.identity + ("" if precision == "fp32" else f"-{precision}"),
        "dimension": encoder.dimension,
        "max_tokens": encoder.max_tokens,
        "padding": own.pad_token_id or 0,
        "files": {path.name: path.stat().st_size for path in place.iterdir()},
    }
    [probe] = OnnxEncoder(place, manifest).encode([PROBE])
    return {**manifest, "probe": probe.tolist()}


def main() -> None:
    """Export as the command line says."""
    folder, place, precision = sys.argv[1:]
    if precision not in get_args(Precision):
        raise SystemExit(f"the precision is {precision!r} and must be fp32 or int8.")
    warnings.simplefilter("ignore")  # of what tracing cannot see, and the check does
    export(Path(folder), Path(place), precision)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
