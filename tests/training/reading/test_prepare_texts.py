"""The files to learn from are made ready without what is held out."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from small_texts import HARBOUR, ORCHARD, ROWS

from index.training.reading import prepare_texts
from index.training.reading.prepare_texts import learnt_rows, load_texts, prepare_file, shorten


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Make a folder to learn from, with a copy of the judged text in it, and one that judges."""
    monkeypatch.setattr(prepare_texts, "SHARES", {"qamr": 0.1})
    train, judged = tmp_path / "train", tmp_path / "judged"
    train.mkdir()
    judged.mkdir()
    written = [{**ROWS[1], "id": f"own-{n}", "text": f"{n} " * 20} for n in range(5)]
    (train / "written.jsonl").write_text("\n".join(map(json.dumps, written)))
    with gzip.open(train / "qamr.jsonl.gz", "wt") as lines:
        lines.write("\n".join(map(json.dumps, ROWS)))
    (judged / "judged.jsonl").write_text(json.dumps({**ROWS[0], "text": f"Once. {HARBOUR}"}))
    return train, judged


def test_a_text_that_judges_is_not_learnt_from(folders: tuple[Path, Path]) -> None:
    """Even when it stands in another text."""
    assert [row["id"] for row in dict(learnt_rows(*folders))["qamr"]] == ["own-orchard"]


def test_a_fifth_of_the_written_texts_is_held_out(folders: tuple[Path, Path]) -> None:
    """Whole texts, which are not among those that are learnt from."""
    rows = {name: {row["id"] for row in own} for name, own in learnt_rows(*folders)}
    assert len(rows["held_out"]) == 1
    assert len(rows["written"]) == 4
    assert not rows["held_out"] & rows["written"]


def test_the_questions_of_a_long_text_keep_their_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is cut into pieces, and each question goes with the piece that answers it."""
    monkeypatch.setattr(prepare_texts, "LONGEST", 300)
    answerable = [q for q in ROWS[1]["questions"] if "answer" in q]
    pieces = shorten([{**ROWS[1], "questions": answerable}])
    kept = [(piece["text"], q) for piece in pieces for q in piece["questions"]]
    assert len(pieces) > 1
    assert {q["id"] for _, q in kept} == {q["id"] for q in answerable}
    for text, q in kept:
        assert text in ORCHARD
        assert text[q["start"] :].startswith(q["answer"])


def test_prepared_texts_are_read_again(tmp_path: Path) -> None:
    """With everything that they were written with."""
    prepare_file("qamr", ROWS, tmp_path)
    assert [text.text for text in load_texts(tmp_path, "qamr")] == [HARBOUR, ORCHARD]
