"""The real model: what it returns, and that it never looks for a hub."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.encoder import (
    SentenceTransformerEncoder,
    fetch_model,
    find_model,
    identify,
    load_encoder,
)
from index.errors import ModelError

TEXT = "The US has not said publicly what conditions it sets. 🤔 “Ça va?”"


def test_encode_gives_unit_vectors_in_order(encoder: SentenceTransformerEncoder) -> None:
    """Vectors come in the order of the texts, whatever their lengths, with length 1."""
    texts = ["a longer sentence about a ship in the harbour", "ship", "a ship in the harbour"]
    vectors = encoder.encode(texts)
    alone = np.vstack([encoder.encode([text]) for text in texts])

    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(vectors, alone, atol=1e-5)


def test_encode_tells_its_progress(encoder: SentenceTransformerEncoder) -> None:
    """The last report says that all texts are done."""
    reports: list[tuple[int, int]] = []
    encoder.encode(["one", "two"], progress=lambda done, total: reports.append((done, total)))
    assert reports == [(2, 2)]


def test_nothing_to_encode_gives_an_empty_array(encoder: SentenceTransformerEncoder) -> None:
    """No texts, no rows."""
    assert encoder.encode([]).shape == (0, 384)
    assert encoder.encode_tokens([]) == []
    assert encoder.count_tokens([]) == []


def test_tokens_stand_where_their_spans_say(encoder: SentenceTransformerEncoder) -> None:
    """Spans count code points, also behind an emoji and beside curly quotation marks."""
    [tokens] = encoder.encode_tokens([TEXT])
    words = [TEXT[start:end] for start, end in tokens.spans]

    assert words[:4] == ["The", "US", "has", "not"]
    assert words[-6:] == ["🤔", "“", "Ça", "va", "?", "”"]


def test_one_pass_gives_the_pooled_vector_too(encoder: SentenceTransformerEncoder) -> None:
    """The pooled vector of encode_tokens is that of encode, also in a padded batch."""
    [tokens, _] = encoder.encode_tokens([TEXT, TEXT * 3])
    np.testing.assert_allclose(tokens.pooled, encoder.encode([TEXT])[0], atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(tokens.vectors, axis=1), 1, atol=1e-5)


def test_inner_vectors_are_those_of_the_layer_before(encoder: SentenceTransformerEncoder) -> None:
    """They come from the same pass, have length 1, and are not those of the last layer."""
    import torch

    [tokens, _] = encoder.encode_tokens(["The US", "has said that it has not said it"])
    model, tokenizer = encoder._model[0].auto_model, encoder._tokenizer
    with torch.inference_mode():
        layers = model(**tokenizer("The US", return_tensors="pt"), output_hidden_states=True)
    expected = torch.nn.functional.normalize(layers.hidden_states[-2][0, 1:-1], dim=-1).numpy()

    np.testing.assert_allclose(tokens.inner, expected, atol=1e-5)
    assert not np.allclose(tokens.inner, tokens.vectors, atol=0.1)


def test_tokens_are_counted_as_they_are_encoded(encoder: SentenceTransformerEncoder) -> None:
    """count_tokens says how many token vectors there will be."""
    [tokens] = encoder.encode_tokens([TEXT])
    assert encoder.count_tokens([TEXT, ""]) == [len(tokens.vectors), 0]


def test_a_long_text_is_read_to_its_limit(encoder: SentenceTransformerEncoder) -> None:
    """A text of more tokens than the model reads is cut, not refused."""
    [tokens] = encoder.encode_tokens(["ship " * 1000])
    assert len(tokens.vectors) == encoder.max_tokens == 254


def test_identity_is_that_of_the_content(tmp_path: Path) -> None:
    """The same files have the same identity anywhere, and another weight gives another one."""
    for name, weights in (("a", b"1"), ("b", b"1"), ("c", b"2")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.safetensors").write_bytes(weights)

    a, b, c = (identify(tmp_path / name) for name in "abc")
    assert a == b != c


def test_a_folder_without_a_model_is_one_clear_line(tmp_path: Path) -> None:
    """The message names the folder and the setting."""
    with pytest.raises(ModelError) as error:
        load_encoder(str(tmp_path))
    assert str(error.value).startswith(f"the model in {tmp_path} cannot be loaded (")
    assert "ARTICLE_BOT_MODEL" in str(error.value)
    assert "\n" not in str(error.value)


def test_an_unknown_name_is_one_clear_line() -> None:
    """A name that is neither a folder nor known to a hub is refused with what to check."""
    # In a process of its own: a hub name leaves the hub switched on, which tests must not do.
    # Offline, the hub's library looks into its (empty) cache only.
    program = (
        "from index.encoder import load_encoder\n"
        "from index.errors import ModelError\n"
        "try:\n    load_encoder('no-such-model')\n"
        "except ModelError as error:\n    print(error)\n"
    )
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": "/nonexistent"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith(
        "there is no model 'no-such-model': it is no folder, and the hub did not give "
        "sentence-transformers/no-such-model ("
    )
    assert done.stdout.endswith("); check ARTICLE_BOT_MODEL.\n")


def test_a_hub_that_does_not_answer_is_given_up() -> None:
    """Behind a firewall that swallows everything the wait for the hub ends with one clear line."""
    program = (
        "from index import encoder\n"
        "from index.errors import ModelError\n"
        "encoder.HUB_TIMEOUT = 0.2\n"
        "try:\n    encoder.fetch_model('some/model')\n"
        "except ModelError as error:\n    print(error)\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as silent:
        hub = f"http://127.0.0.1:{silent.getsockname()[1]}"
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("HF_")},
            "HF_ENDPOINT": hub,
            "HF_HOME": "/nonexistent",
        }
        done = subprocess.run(
            [sys.executable, "-c", program],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    assert done.stdout == (
        "there is no model 'some/model': it is no folder, and the hub did not give some/model "
        "(timed out); check ARTICLE_BOT_MODEL.\n"
    )


def test_a_path_that_is_no_folder_is_one_clear_line() -> None:
    """A mistyped path is not taken for a name on the hub."""
    with pytest.raises(ModelError) as error:
        fetch_model("/no/such/folder")
    assert str(error.value) == (
        "there is no model '/no/such/folder': it is no folder, and no hub has such names; "
        "check ARTICLE_BOT_MODEL."
    )


def test_the_packaged_model_opens_no_connection() -> None:
    """Loading and encoding with the packaged model never makes a socket to another machine."""
    program = (
        "import socket, sys\n"
        "def refuse(*args, **kwargs):\n    sys.exit('tried to connect to %r' % (args,))\n"
        "socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse\n"
        "from index.encoder import load_encoder\n"
        "print(load_encoder().encode(['a']).shape)\n"
    )
    environment = {k: v for k, v in os.environ.items() if k != "HF_HUB_OFFLINE"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.returncode) == ("(1, 384)\n", 0), done.stderr


def test_the_packaged_model_has_the_genuine_weights() -> None:
    """The packaged weights are all-MiniLM-L6-v2's, by their published SHA-256."""
    import hashlib

    weights = (find_model(None) / "model.safetensors").read_bytes()
    assert hashlib.sha256(weights).hexdigest() == (
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
    )
