"""The reader into graphs: they read as torch does, or they are refused."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.encoding.export_cache import MANIFEST_FILE
from index.errors import UnfaithfulExportError
from index.reading.onnx_reader import OnnxReader
from index.reading.window_tokens import load_tokenizer

if TYPE_CHECKING:
    from index.reading.reader_network import Reader

pytestmark = pytest.mark.slow  # importing torch takes seconds

FILES = {"lower.onnx", "lower.bin", "upper.onnx", "upper.bin"}


def small_network(seed: int) -> Reader:
    """A network at random that fits into a test, with logits of the size of real ones."""
    import torch

    from index.reading.reader_network import Reader, Shape

    torch.manual_seed(seed)
    network = Reader(shape=Shape(width=24, heads=2, inner=32, layers=3)).eval()
    for head in (network.token_head, network.null_head):
        head.weight.data *= 10
    return network


@pytest.fixture(autouse=True)
def network(monkeypatch: pytest.MonkeyPatch) -> Reader:
    """Let a small network be the packaged one."""
    from index.reading import export_reader

    packaged = small_network(1)
    monkeypatch.setattr(export_reader, "load_int8", lambda *_: packaged)
    monkeypatch.setattr(export_reader, "packaged_words", lambda: None)
    return packaged


def let_graphs_be_of(other: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the graphs hold the weights of *other* instead of the packaged ones."""
    from index.reading import export_reader, reader_graphs

    monkeypatch.setattr(
        export_reader, "export_graphs", lambda _, out: reader_graphs.export_graphs(other, out)
    )


def run_command(place: Path, precision: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """Export into *place* as the command does, and return what it says of that."""
    from index.reading import export_reader

    monkeypatch.setattr(sys, "argv", ["export_reader", str(place), precision])
    export_reader.main()
    manifest: dict[str, object] = json.loads((place / MANIFEST_FILE).read_text(encoding="utf-8"))
    return manifest


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Make the folder that an export is written to."""
    folder = tmp_path / "export"
    folder.mkdir()
    return folder


def test_an_export_says_what_it_holds(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both graphs and their weights, each with its size, and what they read of known rows."""
    manifest = run_command(place, "fp32", monkeypatch)
    probe = OnnxReader(place, load_tokenizer()).probe()
    assert manifest["files"] == {name: (place / name).stat().st_size for name in FILES}
    assert manifest["probe"] == pytest.approx(probe, abs=1e-5)


@pytest.mark.parametrize("size", [(16, 112, 3), (2, 2, 1), (40, 128, 5), (3, 9, 2)])
def test_the_graphs_read_as_torch_does(
    size: tuple[int, int, int], network: Reader, tmp_path: Path
) -> None:
    """Questions and windows of any length, one window or several, padded or not."""
    from index.reading.export_reader import greatest_difference
    from index.reading.reader_graphs import export_graphs

    export_graphs(network, tmp_path)
    assert greatest_difference(network, OnnxReader(tmp_path, load_tokenizer()), size) < 1e-4


def test_another_network_is_told_from_it(network: Reader, tmp_path: Path) -> None:
    """The difference that is looked for is there when the weights are others."""
    from index.reading.export_reader import greatest_difference
    from index.reading.reader_graphs import export_graphs

    export_graphs(small_network(2), tmp_path)
    served = OnnxReader(tmp_path, load_tokenizer())
    assert greatest_difference(network, served, (16, 112, 3)) > 2


def test_logits_that_are_no_numbers_are_refused(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are not near to anything."""
    from index.reading.export_reader import export_reader

    broken = small_network(1)
    broken.null_head.bias.data[:] = float("nan")
    let_graphs_be_of(broken, monkeypatch)
    with pytest.raises(UnfaithfulExportError, match="its logits differ, by nan"):
        export_reader(place, "fp32")


def test_graphs_with_other_weights_are_refused(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line says so, in the place of what the export holds."""
    let_graphs_be_of(small_network(2), monkeypatch)
    manifest = run_command(place, "fp32", monkeypatch)
    assert list(manifest) == ["refused"]
    assert re.fullmatch(r"its logits differ, by \d+\.\d+", str(manifest["refused"]))


def test_an_unknown_precision_is_said(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is exported then."""
    with pytest.raises(SystemExit, match="the precision is 'fp8' and must be fp32 or int8"):
        run_command(place, "fp8", monkeypatch)
    assert list(place.iterdir()) == []


def test_the_packaged_reader_can_be_of_eight_bits(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its export passes its own check."""
    from index.reading import export_reader, reader_weights

    monkeypatch.setattr(export_reader, "load_int8", reader_weights.load_int8)
    monkeypatch.setattr(export_reader, "packaged_words", reader_weights.packaged_words)
    export_reader.export_reader(place, "int8")
    assert {path.name for path in place.iterdir()} == FILES
