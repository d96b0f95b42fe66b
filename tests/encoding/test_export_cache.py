"""Where exported models are kept: made once, made anew when damaged, done without when need be."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from damaged_files import blank, link, remove, truncate

from index.encoding import export_cache
from index.encoding.export_cache import cached_identity, open_export
from index.encoding.find_model import find_model, identify_model
from index.encoding.load import load_encoder
from index.encoding.protocol import Encoder
from index.errors import ExportError

PREPARING = "preparing the model, which happens once…"


@pytest.fixture
def good(encoder: Encoder, cache: Path) -> Path:
    """Give the folder of the packaged model's export."""
    return cache / export_cache.EXPORTS_FOLDER / f"{encoder.identity}-fp32"


@pytest.fixture
def made(good: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Let making an export copy the good one, and list what was made."""
    places: list[Path] = []

    def copy(export: Path, command: Callable[[Path], Sequence[str]]) -> None:
        places.append(export)
        link(good, export)

    monkeypatch.setattr(export_cache, "make_export", copy)
    return places


def test_an_export_is_made_once(made: list[Path], tmp_path: Path) -> None:
    """The first start makes it and says so; the second finds it."""
    notices: list[str] = []
    for _ in range(2):
        open_export(find_model(None), tmp_path, "fp32", notices.append)

    assert len(made) == 1
    assert notices == [PREPARING]


def test_the_precisions_are_kept_apart(made: list[Path], tmp_path: Path) -> None:
    """An export of another precision is not mistaken for the one that is wanted."""
    open_export(find_model(None), tmp_path, "fp32", lambda _: None)
    open_export(find_model(None), tmp_path, "int8", lambda _: None)
    assert len(set(made)) == 2


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("graph.onnx", truncate),
        ("graph.bin", blank),
        ("tokenizer.json", remove),
        *(("manifest.json", damage) for damage in (truncate, blank, remove)),
    ],
)
def test_a_damaged_export_is_made_anew(
    name: str, damage: Callable[[Path], None], made: list[Path], good: Path, tmp_path: Path
) -> None:
    """Whatever happened to one of its files: it is noticed, and the export is replaced."""
    export = tmp_path / export_cache.EXPORTS_FOLDER / good.name
    link(good, export)
    damage(export / name)
    open_export(find_model(None), tmp_path, "fp32", lambda _: None)

    assert made == [export]


@pytest.mark.slow
def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    """sentence-transformers serves, with the same identity, and one sentence says why."""
    (tmp_path / "file").touch()
    notices: list[str] = []
    encoder = load_encoder(cache=tmp_path / "file", notice=notices.append)

    assert encoder.identity == identify_model(find_model(None))
    assert notices[0] == PREPARING
    assert notices[1].startswith("the model's export cannot be written to ")
    assert notices[1].endswith(
        "); sentence-transformers serves it instead, which takes longer to start."
    )


def test_a_refusal_is_remembered(good: Path, made: list[Path], tmp_path: Path) -> None:
    """A model that cannot be exported is not exported again at each start."""
    export = tmp_path / export_cache.EXPORTS_FOLDER / good.name
    export.mkdir(parents=True)
    refusal = {"refused": "it is too round"}
    (export / export_cache.MANIFEST_FILE).write_text(json.dumps(refusal), encoding="utf-8")

    with pytest.raises(ExportError, match=r"the model cannot be exported \(it is too round\)"):
        open_export(find_model(None), tmp_path, "fp32", lambda _: None)
    assert not made


def test_a_maker_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the process that exports fails, its last line is the reason, and it can try again."""
    (tmp_path / "model").mkdir()
    (tmp_path / "torch.py").write_text("raise ImportError('it is half installed')")
    monkeypatch.syspath_prepend(tmp_path)  # which that process inherits
    with pytest.raises(ExportError, match=r"\(ImportError: it is half installed\)"):
        open_export(tmp_path / "model", tmp_path / "cache", "fp32", lambda _: None)
    assert list((tmp_path / "cache" / export_cache.EXPORTS_FOLDER).iterdir()) == []


def test_the_first_of_two_makers_is_kept(tmp_path: Path) -> None:
    """A process that finishes second leaves the export of the first where it is."""
    for text in ("first", "second"):
        made = tmp_path / text
        made.mkdir()
        (made / "graph").write_text(text, encoding="utf-8")
        export_cache._put_in_place(made, tmp_path / "export")

    assert (tmp_path / "export" / "graph").read_text(encoding="utf-8") == "first"


def test_an_identity_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that did not change is not read again; one that did is."""
    model, cache = tmp_path / "model", tmp_path / "cache"
    model.mkdir()
    weights = model / "model.safetensors"
    weights.write_bytes(b"1")
    first = cached_identity(model, cache)
    with monkeypatch.context() as patch:
        patch.setattr(export_cache, "identify_model", lambda _: "read again")
        assert cached_identity(model, cache) == first
    weights.write_bytes(b"22")
    assert cached_identity(model, cache) == identify_model(model) != first


def test_a_damaged_identity_is_read_again(tmp_path: Path) -> None:
    """An empty file, which a power cut may leave, is not taken for an identity."""
    first = cached_identity(find_model(None), tmp_path)
    [known] = (tmp_path / "identities").iterdir()
    known.write_text("", encoding="ascii")

    assert cached_identity(find_model(None), tmp_path) == first
