"""The real model: what its two encoders return."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.encoding.load import load_encoder
from index.encoding.protocol import Encoder
from index.errors import ModelError

if TYPE_CHECKING:
    from index.encoding.torch_encoder import SentenceTransformerEncoder

TEXT = "The US has not said publicly what conditions it sets. 🤔 “Ça va?”"


@pytest.fixture(params=["encoder", "reference"])
def either(request: pytest.FixtureRequest) -> Encoder:
    """Give the encoder that serves, then sentence-transformers."""
    found: Encoder = request.getfixturevalue(request.param)
    return found


def test_encode_gives_unit_vectors_in_order(either: Encoder) -> None:
    """Vectors come in the order of the texts, whatever their lengths, with length 1."""
    texts = ["a longer sentence about a ship in the harbour", "ship", "a ship in the harbour"]
    vectors = either.encode(texts)
    alone = np.vstack([either.encode([text]) for text in texts])

    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(vectors, alone, atol=1e-5)


def test_encode_tells_its_progress(either: Encoder) -> None:
    """The last report says that all texts are done."""
    reports: list[tuple[int, int]] = []
    either.encode(["one", "two"], progress=lambda done, total: reports.append((done, total)))
    assert reports == [(2, 2)]


def test_nothing_to_encode_gives_an_empty_array(either: Encoder) -> None:
    """No texts, no rows."""
    assert either.encode([]).shape == (0, 384)
    assert either.encode_tokens([]) == []
    assert either.count_tokens([]) == []


def test_tokens_stand_where_their_spans_say(either: Encoder) -> None:
    """Spans count code points, also behind an emoji and beside curly quotation marks."""
    [tokens] = either.encode_tokens([TEXT])
    words = [TEXT[start:end] for start, end in tokens.spans]

    assert words[:4] == ["The", "US", "has", "not"]
    assert words[-6:] == ["🤔", "“", "Ça", "va", "?", "”"]


def test_one_pass_gives_the_pooled_vector_too(either: Encoder) -> None:
    """The pooled vector of encode_tokens is that of encode, also in a padded batch."""
    [tokens, _] = either.encode_tokens([TEXT, TEXT * 3])
    np.testing.assert_allclose(tokens.pooled, either.encode([TEXT])[0], atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(tokens.vectors, axis=1), 1, atol=1e-5)


def test_inner_vectors_are_those_of_the_layer_before(
    either: Encoder, reference: SentenceTransformerEncoder
) -> None:
    """They come from the same pass, have length 1, and are not those of the last layer."""
    import torch

    [tokens, _] = either.encode_tokens(["The US", "has said that it has not said it"])
    model, tokenizer = reference.model[0].auto_model, reference.tokenizer
    with torch.inference_mode():
        layers = model(**tokenizer("The US", return_tensors="pt"), output_hidden_states=True)
    expected = torch.nn.functional.normalize(layers.hidden_states[-2][0, 1:-1], dim=-1).numpy()

    np.testing.assert_allclose(tokens.inner, expected, atol=1e-4)
    assert not np.allclose(tokens.inner, tokens.vectors, atol=0.1)


def test_tokens_are_counted_as_they_are_encoded(either: Encoder) -> None:
    """count_tokens says how many token vectors there will be."""
    [tokens] = either.encode_tokens([TEXT])
    assert either.count_tokens([TEXT, ""]) == [len(tokens.vectors), 0]


def test_a_long_text_is_read_to_its_limit(either: Encoder) -> None:
    """A text of more tokens than the model reads is cut, not refused."""
    [tokens] = either.encode_tokens(["ship " * 1000])
    assert len(tokens.vectors) == either.max_tokens == 254


def test_a_folder_without_a_model_is_one_clear_line(tmp_path: Path, cache: Path) -> None:
    """The message names the folder and the setting."""
    with pytest.raises(ModelError) as error:
        load_encoder(str(tmp_path), cache=cache)
    assert str(error.value).startswith(f"the model in {tmp_path} cannot be loaded (")
    assert "ARTICLE_BOT_MODEL" in str(error.value)
    assert "\n" not in str(error.value)


def test_half_a_model_is_one_clear_line(reference: Encoder, tmp_path: Path) -> None:
    """What the library says of a folder that it cannot load becomes the same sentence."""
    from index.encoding.torch_encoder import load_reference

    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError) as error:
        load_reference(tmp_path, reference.identity)
    assert str(error.value).startswith(f"the model in {tmp_path} cannot be loaded (")
    assert "ARTICLE_BOT_MODEL" in str(error.value)
    assert "\n" not in str(error.value)


def test_serving_imports_no_torch(encoder: Encoder, cache: Path) -> None:
    """Once a model is exported, texts are encoded without the libraries that take seconds."""
    heavy = ["torch", "transformers", "sentence_transformers", "onnx", "huggingface_hub"]
    program = (
        "import pathlib, sys\n"
        "from index.encoding.load import load_encoder\n"
        "encoder = load_encoder(cache=pathlib.Path(sys.argv[1]))\n"
        "print(encoder.encode(['a']).shape, len(encoder.encode_tokens(['a'])))\n"
        f"print(sorted(set({heavy}) & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, cache], capture_output=True, text=True, check=True
    )
    assert done.stdout == "(1, 384) 1\n[]\n"


def test_threads_take_turns_at_the_reference(reference: SentenceTransformerEncoder) -> None:
    """Several threads at once get what one alone gets."""
    texts = [["a ship"], ["a ship in the harbour of a town", "ship"], ["who came?"] * 3]
    alone = [[tokens.pooled for tokens in reference.encode_tokens(group)] for group in texts]

    with ThreadPoolExecutor(6) as threads:
        together = list(threads.map(reference.encode_tokens, texts * 8))

    for expected, found in zip(alone * 8, together, strict=True):
        assert np.allclose(expected, [tokens.pooled for tokens in found], atol=1e-6)
