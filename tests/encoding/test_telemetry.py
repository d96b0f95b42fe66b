"""The switches of the libraries' telemetry."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from index.encoding.telemetry import SWITCHES, switch_off_telemetry


def test_telemetry_is_off_unless_the_operator_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is set already stays; the rest is switched off."""
    monkeypatch.setenv("ORT_DISABLE_TELEMETRY", "0")
    monkeypatch.delenv("HF_HUB_DISABLE_TELEMETRY", raising=False)
    switch_off_telemetry()

    assert os.environ["ORT_DISABLE_TELEMETRY"] == "0"
    assert os.environ["HF_HUB_DISABLE_TELEMETRY"] == "1"


@pytest.mark.parametrize(
    ("module", "library"),
    [
        ("index.encoding.onnx_session", "onnxruntime"),
        pytest.param("index.encoding.torch_encoder", "huggingface_hub", marks=pytest.mark.slow),
    ],
)
def test_telemetry_is_off_before_a_library_is_imported(module: str, library: str) -> None:
    """When onnxruntime or huggingface_hub begins to load, its switch is set already."""
    program = (
        "import builtins, importlib, os\n"
        "plain = builtins.__import__\n"
        "def watch(name, *rest, **more):\n"
        f"    if name.partition('.')[0] == '{library}':\n"
        f"        print({set(SWITCHES)} - set(os.environ), flush=True)\n"
        "        os._exit(0)  # the rest of the library takes seconds, and does not matter\n"
        "    return plain(name, *rest, **more)\n"
        "builtins.__import__ = watch\n"
        f"importlib.import_module('{module}')\n"
    )
    environment = {name: value for name, value in os.environ.items() if name not in SWITCHES}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.returncode) == ("set()\n", 0), done.stderr
