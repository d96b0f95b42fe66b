"""Where models come from, and that each is known by its content."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from index.encoding.find_model import fetch_model, find_model, fingerprint_folder, identify_model
from index.errors import ModelError


def test_identity_is_that_of_the_content(tmp_path: Path) -> None:
    """The same files have the same identity anywhere, and another weight gives another one."""
    for name, weights in (("a", b"1"), ("b", b"1"), ("c", b"2")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.safetensors").write_bytes(weights)

    a, b, c = (identify_model(tmp_path / name) for name in "abc")
    assert a == b != c


def test_a_folder_that_changes_has_another_fingerprint(tmp_path: Path) -> None:
    """A file that is written again, or one more of them, is seen without being read."""
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(b"1")
    before = fingerprint_folder(tmp_path)
    os.utime(weights, ns=(1, 1))
    touched = fingerprint_folder(tmp_path)
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")

    assert len({before, touched, fingerprint_folder(tmp_path)}) == 3


def test_an_unknown_name_is_one_clear_line() -> None:
    """A name that is neither a folder nor known to a hub is refused with what to check."""
    # In a process of its own: a hub name leaves the hub switched on, which tests must not do.
    # Offline, the hub's library looks into its (empty) cache only.
    program = (
        "from index.encoding.load import load_encoder\n"
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


@pytest.mark.slow
def test_a_hub_that_does_not_answer_is_given_up() -> None:
    """Behind a firewall that swallows everything the wait for the hub ends with one clear line."""
    program = (
        "from index.encoding import find_model\n"
        "from index.errors import ModelError\n"
        "find_model.HUB_TIMEOUT = 0.2\n"
        "try:\n    find_model.fetch_model('some/model')\n"
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


def test_the_packaged_model_has_the_genuine_weights() -> None:
    """The packaged weights are all-MiniLM-L6-v2's, by their published SHA-256."""
    weights = (find_model(None) / "model.safetensors").read_bytes()
    assert hashlib.sha256(weights).hexdigest() == (
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
    )
