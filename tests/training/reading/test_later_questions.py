"""Questions that were asked later of written texts are read with their places."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from small_texts import HARBOUR, ROWS, texts, tokenizer

from index.text.as_addressed import as_addressed
from index.training.reading import asked_questions
from index.training.reading.asked_questions import ASKED_FILE, asked_rows
from index.training.reading.tokenised_texts import read_rows
from index.training.reading.training_rounds import ASKED, Sources, make_round

ANSWER = "Nobody may moor there for longer than three nights."
START = HARBOUR.index(ANSWER)


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """The row of the harbour, with two questions: one that it answers, one that it does not."""
    words = START + ANSWER.index("three nights")
    own = {
        "id": "asked-1",
        "text": "own-harbour",
        "kind": "yesno",
        "question": "can I stay a week?",
    }
    rows = [
        own | {"evidence": [START, START + len(ANSWER)], "words": [words, words + 12]},
        own | {"id": "asked-2", "question": "can I swim?", "evidence": None, "words": None},
    ]
    path = tmp_path / "asked.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    monkeypatch.setattr(asked_questions, "ASKED_FILE", path)
    [row] = asked_rows(ROWS)
    return row


def test_the_answering_words_stand_where_they_are_told(asked: dict[str, object]) -> None:
    """With the sentence that they stand in as evidence."""
    [question, _] = asked["questions"]  # type: ignore[misc]
    assert question["answer"] == "three nights"
    assert question["evidence"] == [[START, START + len(ANSWER)]]


def test_what_the_text_does_not_answer_is_impossible(asked: dict[str, object]) -> None:
    """As the question files say it."""
    [_, question] = asked["questions"]  # type: ignore[misc]
    assert question["impossible"]


def test_the_questions_of_each_kind_have_both_answers() -> None:
    """Nothing can be told by the kind: about half of each are answered."""
    kinds = Counter((row["kind"], row["evidence"] is None) for row in read_rows(ASKED_FILE))
    for kind in ("yesno", "own", "plain", "short"):
        assert kinds[kind, True] == pytest.approx(kinds[kind, False], rel=0.1)


def test_no_question_is_asked_twice_of_a_text() -> None:
    """Also not as it is read."""
    rows = [(row["text"], as_addressed(row["question"])) for row in read_rows(ASKED_FILE)]
    assert len(rows) == len(set(rows))


def test_teachers_have_no_say_in_what_was_asked_later() -> None:
    """And what is true of it weighs more by so much."""
    sources = Sources({ASKED: texts()}, {ASKED: 1.0}, {}, tokenizer(), made=False, asked_factor=2.5)
    pairs = [pair for bundle in make_round(sources, 0, 1) for pair in bundle.pairs]
    assert {(pair.taught, pair.weight) for pair in pairs} == {(False, 2.5)}
