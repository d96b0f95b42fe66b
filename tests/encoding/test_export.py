"""Models of several kinds into graphs, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from index.encoding.find_model import find_model, identify_model
from index.encoding.onnx_encoder import OnnxEncoder
from index.encoding.protocol import TokenVectors
from index.errors import ModelError, UnfaithfulExportError

if TYPE_CHECKING:
    from index.encoding.protocol import Encoder
    from index.encoding.torch_encoder import SentenceTransformerEncoder

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "ship", "harbour", "night", "the", "a", "b"]
TEXTS = ["the ship", "a night in the harbour, a ship", "Ship b " * 40, "北京"]


@pytest.fixture
def serve(tmp_path: Path) -> Any:
    """Give a function that exports a folder in this process and opens the result."""
    from index.encoding.export import export_model

    def exported(folder: Path, precision: Any = "fp32") -> OnnxEncoder:
        place = tmp_path / "export"
        place.mkdir()
        export_model(folder, place, precision)
        manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
        assert "refused" not in manifest, manifest
        return OnnxEncoder(place, manifest)

    return exported


def make_model(folder: Path, pooling: str, *, dense: int | None = None) -> Path:
    """Write a small BERT with random weights, *pooling* and perhaps a layer of *dense* numbers."""
    import torch
    from sentence_transformers import SentenceTransformer, models
    from transformers import BertConfig, BertModel, BertTokenizerFast

    torch.manual_seed(1)
    (folder / "bert").mkdir(parents=True)
    (folder / "bert" / "vocab.txt").write_text("\n".join(WORDS), encoding="utf-8")
    config = BertConfig(
        vocab_size=len(WORDS), hidden_size=32, num_hidden_layers=3, num_attention_heads=4,
        intermediate_size=64, max_position_embeddings=64,
    )  # fmt: skip
    BertModel(config).save_pretrained(folder / "bert")
    BertTokenizerFast(str(folder / "bert" / "vocab.txt")).save_pretrained(folder / "bert")
    modules: list[Any] = [models.Transformer(str(folder / "bert"), max_seq_length=24)]
    modules.append(models.Pooling(32, pooling_mode=pooling))
    if dense:
        modules.append(models.Dense(32, dense))
    SentenceTransformer(modules=modules, device="cpu").save(str(folder / "model"))
    return folder / "model"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("pooling", "dense"), [("cls", None), ("max", 16)])
@pytest.mark.slow
def test_the_whole_pipeline_is_exported(
    pooling: str, dense: int | None, serve: Any, tmp_path: Path
) -> None:
    """Pooling, further layers and the limit of a model are those of its export."""
    from index.encoding.torch_encoder import load_reference

    folder = make_model(tmp_path, pooling, dense=dense)
    served, reference = serve(folder), load_reference(folder, "x")

    assert (served.dimension, served.max_tokens) == (dense or 32, 22)
    np.testing.assert_allclose(served.encode(TEXTS), reference.encode(TEXTS), atol=1e-5)
    pairs = zip(served.encode_tokens(TEXTS), reference.encode_tokens(TEXTS), strict=True)
    for found, expected in pairs:
        np.testing.assert_allclose(found.inner, expected.inner, atol=1e-5)
        np.testing.assert_array_equal(found.spans, expected.spans)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("precision", "operator"), [("fp32", "Attention"), ("int8", "QAttention")])
@pytest.mark.slow
def test_each_attention_is_one_operator(
    precision: str, operator: str, serve: Any, tmp_path: Path
) -> None:
    """A question's pass is short because few operators make it."""
    import onnx

    serve(make_model(tmp_path, "mean"), precision)

    graph = onnx.load(tmp_path / "export" / "graph.onnx", load_external_data=False).graph
    assert [node.op_type for node in graph.node].count(operator) == 3


@pytest.mark.filterwarnings("ignore")
@pytest.mark.slow
def test_a_model_whose_attention_is_not_recognised_is_exported(
    serve: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What recognises attention knows some kinds of models; the others are served as traced."""
    from index.encoding import export

    def fail(*_: object) -> Path:
        raise IndexError("no attention here")

    monkeypatch.setattr(export, "fuse_attention", fail)

    assert serve(make_model(tmp_path, "mean")).dimension == 32


@pytest.mark.filterwarnings("ignore")
@pytest.mark.slow
def test_an_attention_that_is_misread_is_not_served(
    serve: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fused graph that gives other vectors than the model gives way to the traced one."""
    import onnx

    from index.encoding import export
    from index.encoding.torch_encoder import load_reference

    def misread(graph: Path, *_: object) -> Path:
        model = onnx.load(graph)
        for weight in model.graph.initializer:
            if list(weight.dims) == [32, 32]:
                weight.raw_data = bytes(len(weight.raw_data))
        onnx.save(model, graph.with_name("misread.onnx"))
        return graph.with_name("misread.onnx")

    monkeypatch.setattr(export, "fuse_attention", misread)
    folder = make_model(tmp_path, "mean")

    served = serve(folder)

    np.testing.assert_allclose(
        served.encode(TEXTS), load_reference(folder, "x").encode(TEXTS), atol=1e-5
    )


@pytest.mark.filterwarnings("ignore")
@pytest.mark.slow
def test_eight_bits_are_another_model(serve: Any, encoder: Encoder) -> None:
    """Their vectors are near those of 32 bits, and never mixed with them."""
    served = serve(find_model(None), "int8")

    assert served.identity == f"{encoder.identity}-int8"
    texts = ["who appointed West?", "The storm came at night and broke the old pier."]
    assert (served.encode(texts) * encoder.encode(texts)).sum(axis=1).min() > 0.97


def test_an_export_has_the_identity_of_its_model(
    encoder: Encoder, reference: SentenceTransformerEncoder
) -> None:
    """What sentence-transformers encoded is found by the export, and the other way round."""
    assert encoder.identity == reference.identity == identify_model(find_model(None))


@pytest.fixture(scope="module")
def expected(reference: SentenceTransformerEncoder) -> tuple[Any, list[TokenVectors], list[int]]:
    """What the model makes of the texts that an export is judged by."""
    from index.encoding.export import COMPARED_TEXTS

    tokens = reference.encode_tokens(COMPARED_TEXTS)
    return reference.encode(COMPARED_TEXTS), tokens, reference.count_tokens(COMPARED_TEXTS)


class Known:
    """An encoder that returns what it is given, but *altered* of it is not right."""

    def __init__(
        self, expected: tuple[Any, list[TokenVectors], list[int]], altered: str = ""
    ) -> None:
        self.vectors, self.tokens, self.counts = expected
        self.altered = altered

    def encode(self, _: Any) -> Any:
        return np.roll(self.vectors, 1, axis=1) if self.altered == "encode" else self.vectors

    def encode_tokens(self, _: Any) -> list[TokenVectors]:
        if self.altered not in {"pooled", "vectors", "inner", "spans"}:
            return self.tokens
        # One text of the batch is enough to be refused.
        changed = np.roll(getattr(self.tokens[3], self.altered), 1, axis=-1)
        altered = replace(self.tokens[3], **{self.altered: changed})
        return [*self.tokens[:3], altered, *self.tokens[4:]]

    def count_tokens(self, _: Any) -> list[int]:
        return [count + 1 for count in self.counts] if self.altered == "count" else self.counts


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("encode", "the vectors of texts differ"),
        ("pooled", "the vectors of texts differ"),
        ("vectors", "the vectors of tokens differ"),
        ("inner", "the vectors of inner tokens differ"),
        ("spans", "its tokenizer finds other tokens"),
        ("count", "its tokenizer counts other tokens"),
    ],
)
def test_an_unfaithful_export_is_refused(
    what: str, reason: str, expected: tuple[Any, list[TokenVectors], list[int]]
) -> None:
    """Each thing that an encoder returns is compared with the model's own."""
    from index.encoding.export import check_export

    with pytest.raises(UnfaithfulExportError, match=reason):
        check_export(Known(expected), Known(expected, what), 0.9999)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.slow
def test_what_cannot_be_traced_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason of a refusal is written where the export would be."""
    from index.encoding import export

    def fail(*_: Any) -> None:
        raise RuntimeError("no such\noperator")

    monkeypatch.setattr(export, "_trace", fail)
    export.export_model(find_model(None), tmp_path, "fp32")

    assert json.loads((tmp_path / "manifest.json").read_text()) == {"refused": "no such operator"}


@pytest.mark.slow
def test_no_model_is_no_refusal(tmp_path: Path) -> None:
    """A folder without a model may hold one later, so nothing is written for it."""
    from index.encoding.export import export_model

    with pytest.raises(ModelError):
        export_model(tmp_path, tmp_path / "place", "fp32")
