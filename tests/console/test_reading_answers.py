"""Answers of the command with the packaged reader, without it, and where there can be none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from command_line import SEED, Run

from index.answering import Answerer
from index.datatypes import Passage
from index.encoding.protocol import Encoder
from index.reading.onnx_reader import OnnxReader
from index.retrieval.corpus import Corpus
from index.several_answers import TIERS
from index.storage.database import open_database
from index.storage.library import open_library

NAMED = "who was named by Biden as the new US special representative?"
QUESTIONS = (NAMED, "what conditions did the US set?", "How do I reset my password?")


def ask(run: Run, encoder: Encoder, question: str) -> Any:
    """Ask the seed article with the real model, by the command."""
    done = run("ask", question, "--json", load=lambda _: encoder)
    assert done.code in (0, 3), done.err
    return done.json


def matched(encoder: Encoder, tmp_path: Path, question: str) -> Any:
    """What the articles answer by matching alone."""
    library = open_library(open_database(f"sqlite:///{tmp_path / 'db.sqlite'}"), None)
    return Answerer(Corpus(library, encoder)).answer(question)


def place_of(passage: dict[str, Any]) -> tuple[int, int, int, int]:
    """Where a passage of the JSON and its best sentence stand."""
    return passage["start"], passage["end"], passage["best"]["start"], passage["best"]["end"]


def place_in(passage: Passage) -> tuple[int, int, int, int]:
    """Where a passage and its best sentence stand."""
    return passage.span.start, passage.span.end, passage.best.start, passage.best.end


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_json_has_tier_and_words(
    question: str, run: Run, encoder: Encoder, reader: OnnxReader
) -> None:
    """How sure it is in three steps, and words of each best sentence, or none."""
    answer = ask(run, encoder, question)
    text = run("show", SEED, "--json").json["text"]
    assert answer["tier"] in TIERS
    assert answer["answered"] == (answer["tier"] != "not")
    for passage in answer["passages"]:
        if words := passage["answer"]:
            assert set(words) == {"start", "end", "text"}
            assert words["text"] == text[words["start"] : words["end"]] != ""
            assert passage["best"]["start"] <= words["start"]
            assert words["end"] <= passage["best"]["end"]


def test_the_reader_tells_the_words_that_answer(
    run: Run, encoder: Encoder, reader: OnnxReader
) -> None:
    """With the model as users get it, of a question that the article answers in a few words."""
    answer = ask(run, encoder, "who is Biden’s senior diplomat?")
    assert answer["answered"]
    assert "Blinken" in answer["passages"][0]["answer"]["text"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_without_the_reader_answers_are_matched(
    question: str, run: Run, encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Switched off, it changes nothing: neither order nor confidence, and no words are told."""
    monkeypatch.setenv("ARTICLE_BOT_READER", "off")
    answer, expected = ask(run, encoder, question), matched(encoder, tmp_path, question)
    assert (answer["tier"], answer["confidence"]) == (
        expected.tier, pytest.approx(expected.confidence, abs=1e-3),
    )  # fmt: skip
    assert list(map(place_of, answer["passages"])) == list(map(place_in, expected.passages))
    assert {passage["answer"] for passage in answer["passages"]} == {None}


def test_where_no_reader_can_be_kept_answers_are_matched(
    run: Run, encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A first start that cannot write into its cache answers, and says what it does without."""
    (tmp_path / "cache").touch()
    monkeypatch.setenv("ARTICLE_BOT_CACHE", str(tmp_path / "cache"))
    done = run("ask", NAMED, "--json", load=lambda _: encoder)
    expected = matched(encoder, tmp_path, NAMED)
    assert done.code == (0 if expected.answered else 3)
    assert done.json["tier"] == expected.tier
    assert list(map(place_of, done.json["passages"])) == list(map(place_in, expected.passages))
    assert done.err.count("answers are ranked without it.") == 1
    assert "Traceback" not in done.err
