"""
The exported models on disk: found by the identity of their weights, made once, made anew if bad.

    <cache>/exports-3/<identity>-<precision>/   what export.py wrote: a graph and its manifest
    <cache>/identities/<fingerprint>            the identity of a folder that was read before

An export appears under its name whole or not at all. When two processes make one at the same
time, the first to finish is kept, and both use it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeVar

import platformdirs

from index.encoding.find_model import fingerprint_folder, identify_model
from index.encoding.protocol import Precision
from index.errors import DamagedExportError, ExportError
from index.unfinished import SUFFIX, sweep, unfinished_prefix

if TYPE_CHECKING:
    from index.encoding.onnx_encoder import OnnxEncoder

T = TypeVar("T")

EXPORTS_FOLDER = (
    "exports-3"  # counted up when exports of an older version cannot be served any more
)
MANIFEST_FILE = "manifest.json"


def user_cache() -> Path:
    """The folder of this program in the user's cache folder."""
    return platformdirs.user_cache_path("article-bot", appauthor=False)


def cached_identity(folder: Path, cache: Path) -> str:
    """The identity of the model in *folder*, which is read only if it changed since last time."""
    known = cache / "identities" / fingerprint_folder(folder)
    with suppress(OSError, UnicodeDecodeError):
        identity = known.read_text(encoding="ascii")
        if re.fullmatch(r"[0-9a-f]{32}", identity):  # a crash may leave an empty file
            return identity
    identity = identify_model(folder)
    with suppress(OSError):  # where nothing can be written it is read each time
        known.parent.mkdir(parents=True, exist_ok=True)
        sweep(known.parent, known.name)
        with TemporaryDirectory(SUFFIX, unfinished_prefix(known.name), known.parent) as place:
            written = Path(place) / known.name
            written.write_text(identity, encoding="ascii")
            written.replace(known)
    return identity


def open_export(
    folder: Path, cache: Path, precision: Precision, notice: Callable[[str], None]
) -> OnnxEncoder:
    """
    Open the export of the model in *folder*, making it the first time and when it is damaged.

    Raises ExportError when it cannot be made or was refused; *notice* hears that one is made.
    """
    export = cache / EXPORTS_FOLDER / f"{cached_identity(folder, cache)}-{precision}"

    def make() -> None:
        notice("preparing the model, which happens once…")
        source = str(folder.resolve())
        make_export(export, lambda made: ("index.encoding.export", source, str(made), precision))

    try:
        return open_or_make(export, _open_encoder, make)
    except DamagedExportError as exc:
        raise ExportError(f"the model's export cannot be read ({exc})") from exc


def open_or_make(export: Path, open_: Callable[[Path], T], make: Callable[[], None]) -> T:
    """
    Open *export*, making it the first time and anew when it is damaged.

    Raises what *open_* and *make* raise; DamagedExportError only for one that was just made.
    """
    if export.exists():
        try:
            return open_(export)
        except DamagedExportError:
            shutil.rmtree(export, ignore_errors=True)
    make()
    return open_(export)


def _open_encoder(export: Path) -> OnnxEncoder:
    """Open what is in the folder *export*; DamagedExportError, or ExportError for a refusal."""
    manifest = read_manifest(export)
    from index.encoding.onnx_encoder import OnnxEncoder

    try:
        encoder = OnnxEncoder(export, manifest)
        encoder.check_known_text()
    except Exception as exc:  # onnxruntime and tokenizers raise whatever their parts raise
        raise DamagedExportError(" ".join(str(exc).split())[:200]) from exc
    return encoder


def read_manifest(export: Path) -> dict[str, Any]:
    """What the folder *export* says of itself; DamagedExportError, or ExportError for a refusal."""
    try:
        manifest: dict[str, Any] = json.loads((export / MANIFEST_FILE).read_text(encoding="utf-8"))
        if reason := manifest.get("refused"):
            raise ExportError(f"the model cannot be exported ({reason})")
        for name, size in manifest["files"].items():
            if (export / name).stat().st_size != size:
                raise DamagedExportError(f"{name} has not {size:,} bytes")
    except (OSError, ValueError, AttributeError, KeyError, TypeError) as exc:
        raise DamagedExportError(f"{MANIFEST_FILE}: {exc}") from exc
    return manifest


def make_export(export: Path, command: Callable[[Path], Sequence[str]]) -> None:
    """
    Let another process write an export, and put it in its place; raise ExportError.

    *command* says which module runs with which arguments, given the folder that it writes to.
    """
    kept = export.parent
    try:
        kept.mkdir(parents=True, exist_ok=True)
        sweep(kept, export.name)
        with TemporaryDirectory(SUFFIX, unfinished_prefix(export.name), kept) as place:
            made = Path(place) / "export"
            made.mkdir()
            _run_module(*command(made))
            _put_in_place(made, export)
    except OSError as exc:
        raise ExportError(f"the model's export cannot be written to {kept} ({exc})") from exc


def _run_module(module: str, *arguments: str) -> None:
    """
    Run *module* in a process of its own; raise ExportError when it fails.

    torch and what it needs, half a gigabyte, go away with that process; one that lasts for
    months never holds them. The model is a folder by now, so the hub stays out of it.
    """
    environment = {"HF_HUB_OFFLINE": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(  # noqa: S603 (this program itself)
        [sys.executable, "-m", module, *arguments],
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        raise ExportError(f"the model cannot be exported ({last[:200]})")


def _put_in_place(made: Path, export: Path) -> None:
    for path in made.iterdir():  # after a power cut the name may not stand for half a file
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    try:
        made.rename(export)
    except OSError:
        if not export.is_dir():  # else another process was faster
            raise
