"""The evaluation gate: no change may make the answers worse than the floors that are pinned."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from gate import pin

from index.encoding.protocol import Encoder
from index.evaluation.question_files import read_questions
from index.reading.onnx_reader import OnnxReader
from index.storage.database import seed_articles
from index.text.articles import normalise
from index.text.sentences import split_sentences

PINNED: pin.Pinned = {
    "sha256": "0f",
    "answerable": 20,
    "impossible": 10,
    "hit_at_1": 0.8,
    "hit_at_3": 0.95,
    "evidence_shown": 0.7,
    "auroc": 0.8,
    "answerable_refused": 0.05,
    "impossible_answered": 0.4,
}


@pytest.mark.parametrize("name", pin.FILES)
def test_no_metric_is_below_its_floor(name: str, encoder: Encoder, reader: OnnxReader) -> None:
    """The real model's answers to the questions of this project are as good as pinned."""
    measured = pin.measure(pin.FOLDER / name, encoder, reader)

    worse = list(pin.complaints(name, pin.read_floors().get(name), measured))

    assert not worse, "\n".join(worse)


# The question files


@pytest.mark.parametrize("name", pin.FILES)
def test_articles_are_as_they_would_be_stored(name: str) -> None:
    """The texts are in their normal form, so that what is measured is what users get."""
    for article, _ in read_questions(pin.FOLDER / name):
        assert normalise(article.text) == article.text


def test_seed_is_the_article_that_is_shipped() -> None:
    """The questions about the seed are asked of its present text."""
    [(article, _)] = read_questions(pin.FOLDER / "seed.jsonl")
    [seed] = seed_articles()

    assert (article.id, article.title, article.text) == (seed.id, seed.title, seed.text)


def test_every_second_question_is_a_near_miss() -> None:
    """A text of the near misses is asked for as much that it says as it does not say."""
    for _, questions in read_questions(pin.FOLDER / "near_misses.jsonl"):
        answered = [bool(question.evidence) for question in questions]
        assert answered == [True, False] * 10


def test_evidence_of_near_misses_is_whole_sentences() -> None:
    """What a complete answer shows are sentences, or items without their marker."""
    for article, questions in read_questions(pin.FOLDER / "near_misses.jsonl"):
        cuts = [article.cut(sentence.span) for sentence in split_sentences(article.text)]
        shown = [article.cut(span) for question in questions for span in question.evidence]
        assert set(shown) <= {cut.removeprefix("- ") for cut in cuts}


# The gate itself


def test_equal_and_better_pass() -> None:
    """What is as good as pinned, or better, or within rounding and slack, is no regression."""
    better = {**PINNED, "hit_at_1": 0.9, "impossible_answered": 0.3, "hit_at_3": 0.9496}
    better["auroc"] = 0.791

    assert list(pin.complaints("q.jsonl", PINNED, PINNED)) == []
    assert list(pin.complaints("q.jsonl", PINNED, better)) == []


def test_worse_metrics_are_named() -> None:
    """Each metric that fell is named with both values and the command that re-pins."""
    worse = {**PINNED, "hit_at_1": 0.75, "auroc": 0.789, "answerable_refused": 0.1}

    assert list(pin.complaints("q.jsonl", PINNED, worse)) == [
        "q.jsonl: hit_at_1 is 0.750, below its floor 0.800; "
        "if that is meant, run `python tests/gate/pin.py --allow-regression`.",
        "q.jsonl: auroc is 0.789, below its floor 0.800; "
        "if that is meant, run `python tests/gate/pin.py --allow-regression`.",
        "q.jsonl: answerable_refused is 0.100, above its ceiling 0.050; "
        "if that is meant, run `python tests/gate/pin.py --allow-regression`.",
    ]


def test_changed_questions_are_named() -> None:
    """A question file that is not the pinned one keeps the gate closed, however good it is."""
    changed = {**PINNED, "sha256": "f0", "hit_at_1": 1.0}

    assert list(pin.complaints("q.jsonl", PINNED, changed)) == [
        "q.jsonl has changed since its floors were pinned; run `python tests/gate/pin.py`."
    ]
    assert list(pin.complaints("q.jsonl", None, changed)) == [
        "q.jsonl has no floors; run `python tests/gate/pin.py`."
    ]


@pytest.fixture
def floors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Name a file of floors that is not the real one, and measure without a model."""
    path = tmp_path / "floors.json"
    monkeypatch.setattr(pin, "FLOORS", path)
    monkeypatch.setattr(pin, "FILES", ("q.jsonl",))
    monkeypatch.setattr(pin, "load_encoder", lambda: None)
    monkeypatch.setattr(pin, "load_reader", lambda *_: None)
    return path


def run_pin(monkeypatch: pytest.MonkeyPatch, hit_at_1: float, *options: str) -> None:
    """Run the command while hit@1 is so much."""
    monkeypatch.setattr(pin, "measure", lambda *_: {**PINNED, "hit_at_1": hit_at_1})
    monkeypatch.setattr("sys.argv", ["pin.py", *options])
    pin.main()


def test_floors_only_rise(floors: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A better result raises the floor; a worse one leaves it and fails, unless it is allowed."""
    run_pin(monkeypatch, 0.8)
    run_pin(monkeypatch, 0.9)
    assert json.loads(floors.read_text())["q.jsonl"]["hit_at_1"] == 0.9

    with pytest.raises(SystemExit, match=r"Nothing was pinned; .* --allow-regression"):
        run_pin(monkeypatch, 0.8)
    assert json.loads(floors.read_text())["q.jsonl"]["hit_at_1"] == 0.9

    run_pin(monkeypatch, 0.8, "--allow-regression")
    assert json.loads(floors.read_text())["q.jsonl"]["hit_at_1"] == 0.8


def test_one_metric_cannot_buy_another(floors: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When one metric rises and another falls, nothing is pinned."""
    floors.write_text(json.dumps({"q.jsonl": {**PINNED, "hit_at_3": 1.0}}))

    with pytest.raises(SystemExit):
        run_pin(monkeypatch, 0.9)
    assert json.loads(floors.read_text())["q.jsonl"]["hit_at_1"] == 0.8
