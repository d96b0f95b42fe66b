"""Where the packaged reader's export is kept, and what happens where there is none."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from damaged_files import blank, link, remove, truncate
from fakes import HashingEncoder

from index.encoding.export_cache import EXPORTS_FOLDER, MANIFEST_FILE
from index.encoding.find_model import find_model, identify_model
from index.reading import packaged_reader
from index.reading.load_reader import OFF, PACKAGED, load_reader
from index.reading.onnx_reader import OnnxReader
from index.reading.packaged_reader import load_packaged_reader, reader_settings

Command = Callable[[Path], Sequence[str]]


@pytest.fixture
def good(reader: OnnxReader, cache: Path) -> Path:
    """Give the folder of the packaged reader's export."""
    [folder] = (cache / EXPORTS_FOLDER).glob("reader-*-fp32")
    return folder


@pytest.fixture
def made(good: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Let making an export copy the good one, and list what was made."""
    places: list[Path] = []

    def copy(export: Path, command: Command) -> None:
        places.append(export)
        link(good, export)

    monkeypatch.setattr(packaged_reader, "make_export", copy)
    return places


def refuse(export: Path, command: Command | None = None) -> None:
    """Write the refusal of an export."""
    export.mkdir(parents=True)
    refusal = json.dumps({"refused": "its logits differ, by 9.000"})
    (export / MANIFEST_FILE).write_text(refusal, encoding="utf-8")


def test_an_export_is_made_once(made: list[Path], tmp_path: Path) -> None:
    """The first start makes it; the second finds it."""
    for _ in range(2):
        assert load_packaged_reader("fp32", tmp_path, print) is not None
    assert len(made) == 1


def test_the_precisions_are_kept_apart(made: list[Path], tmp_path: Path) -> None:
    """An export of another precision is not mistaken for the one that is wanted."""
    load_packaged_reader("fp32", tmp_path, print)
    load_packaged_reader("int8", tmp_path, print)
    assert len(set(made)) == 2


def test_other_weights_have_an_export_of_their_own(
    made: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an update that brings a new reader the old one's export is not used."""
    load_packaged_reader("fp32", tmp_path, print)
    newer = reader_settings() | {"sha256": "0" * 64}
    monkeypatch.setattr(packaged_reader, "reader_settings", lambda: newer)
    load_packaged_reader("fp32", tmp_path, print)
    assert len(set(made)) == 2


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("lower.onnx", truncate),
        ("lower.bin", blank),
        ("upper.onnx", remove),
        ("upper.bin", truncate),
        *((MANIFEST_FILE, damage) for damage in (truncate, blank, remove)),
    ],
)
def test_a_damaged_export_is_made_anew(
    name: str, damage: Callable[[Path], None], made: list[Path], good: Path, tmp_path: Path
) -> None:
    """Whatever happened to one of its files: it is noticed, and the export is replaced."""
    export = tmp_path / EXPORTS_FOLDER / good.name
    link(good, export)
    damage(export / name)
    assert load_packaged_reader("fp32", tmp_path, print) is not None
    assert made == [export]


def test_what_cannot_be_exported_is_said(
    made: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no reader then, and one sentence says why and what follows."""
    monkeypatch.setattr(packaged_reader, "make_export", refuse)
    notices: list[str] = []
    assert load_packaged_reader("fp32", tmp_path, notices.append) is None
    assert notices[1:] == [
        "the reader cannot be used (the model cannot be exported (its logits differ, by 9.000)); "
        "answers are ranked without it."
    ]


def test_a_refusal_is_remembered(good: Path, made: list[Path], tmp_path: Path) -> None:
    """What cannot be exported is not exported again at each start."""
    refuse(tmp_path / EXPORTS_FOLDER / good.name)
    assert load_packaged_reader("fp32", tmp_path, print) is None
    assert not made


def test_an_export_that_cannot_be_read_is_said(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When even a new one is damaged there is no reader."""

    def half(export: Path, command: Command) -> None:
        link(good, export)
        truncate(export / "upper.bin")

    monkeypatch.setattr(packaged_reader, "make_export", half)
    notices: list[str] = []
    assert load_packaged_reader("fp32", tmp_path, notices.append) is None
    assert len(notices) == 2
    assert notices[1].startswith("the reader cannot be used (")


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    """Nothing can be exported there, which one sentence says."""
    (tmp_path / "file").touch()
    notices: list[str] = []
    assert load_packaged_reader("fp32", tmp_path / "file", notices.append) is None
    assert len(notices) == 2
    assert "cannot be written to" in notices[1]
    assert notices[1].endswith("; answers are ranked without it.")


def test_a_reader_can_be_switched_off(made: list[Path], tmp_path: Path) -> None:
    """Nothing is exported for it then."""
    encoder = HashingEncoder(identify_model(find_model(None)))
    assert load_reader(OFF, encoder, cache=tmp_path) is None
    assert not made


def test_the_packaged_reader_belongs_to_the_packaged_model(
    made: list[Path], tmp_path: Path
) -> None:
    """Beside another model there is none, as it has been fitted to this one's ranking."""
    assert load_reader(PACKAGED, HashingEncoder("another"), cache=tmp_path) is None
    assert not made


@pytest.mark.parametrize("suffix", ["", "-int8"])
def test_the_packaged_model_is_known_in_any_precision(
    suffix: str, made: list[Path], tmp_path: Path
) -> None:
    """By its identity, whatever follows that."""
    encoder = HashingEncoder(identify_model(find_model(None)) + suffix)
    assert load_reader(PACKAGED, encoder, cache=tmp_path) is not None
