"""The command that measures, on small question files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import SEED, STORM, Result, Run, no_model

from index.ranking.confidence import MATCHING_TIERS


def write_questions(name: str = "q.jsonl", *, shift: int = 0) -> str:
    """Write a question file of two articles, the first with a question and its answer."""
    start = STORM.index("the old pier") + shift
    asked = {"id": "q1", "question": "what broke?", "answer": "the old pier", "start": start}
    lines = [
        {"id": "s", "title": "S", "text": STORM, "questions": [asked]},
        {"id": "b", "title": "B", "text": "A baker sells bread.", "questions": []},
    ]
    Path(name).write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return name


def test_evaluate_as_json(run: Run) -> None:
    """`evaluate --json` is one object with the metrics of each file, in the order given."""
    files = [write_questions("q.jsonl"), write_questions("r.jsonl")]

    made = run("evaluate", "--json", *files).json

    assert (made["threshold"], made["library"]) == (MATCHING_TIERS.may, False)
    assert [measured["file"] for measured in made["files"]] == files
    first, second = made["files"]
    assert {**first, "file": "r.jsonl"} == second
    assert (first["articles"], first["answerable"], first["off_topic"]) == (2, 1, 1)
    assert (first["hit_at_1"], first["mrr"], first["worst"]) == (1.0, 1.0, [])


def test_evaluate_tells_what_each_tier_shows(run: Run) -> None:
    """`evaluate --json` has a row for each tier, and every question is in one of them."""
    [made] = run("evaluate", "--json", write_questions()).json["files"]

    assert [row["tier"] for row in made["tiers"]] == ["says", "may", "not"]
    for kind in ("answerable", "off_topic"):
        assert sum(row[kind] for row in made["tiers"]) == made[kind]


def test_evaluate_as_text(run: Run) -> None:
    """As text each file is a block of its own, under its name."""
    result = run("evaluate", write_questions("q.jsonl"), write_questions("r.jsonl"))

    headings = [line for line in result.out.splitlines() if line and not line.startswith(" ")]
    assert (result.code, result.err) == (0, "")
    assert headings == [
        f"{name}: 2 articles, 1 answerable question, 0 unanswerable"
        for name in ("q.jsonl", "r.jsonl")
    ]


def test_evaluate_a_whole_library(run: Run) -> None:
    """With --library the articles of the file are asked together, and nothing is off topic."""
    [made] = run("evaluate", "--json", "--library", write_questions()).json["files"]

    assert (made["answerable"], made["off_topic"], made["off_topic_answered"]) == (1, 0, None)


@pytest.mark.parametrize(("threshold", "refused"), [("0", 0.0), ("1", 1.0)])
def test_evaluate_uses_the_threshold(
    threshold: str, refused: float, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ARTICLE_BOT_THRESHOLD decides what is refused; --worst shows what went wrong."""
    monkeypatch.setenv("ARTICLE_BOT_THRESHOLD", threshold)

    made = run("evaluate", "--json", "--worst", "3", write_questions()).json

    assert made["threshold"] == float(threshold)
    assert made["files"][0]["answerable_refused"] == refused
    assert [case["kind"] for case in made["files"][0]["worst"]] == [
        "answerable" if refused else "off_topic"
    ]


def test_evaluate_leaves_the_database_alone(run: Run) -> None:
    """The articles of a question file are asked, and not added."""
    run("evaluate", write_questions())

    assert [row["id"] for row in run("list", "--json").json] == [SEED]


def test_evaluate_checks_the_files_first(run: Run) -> None:
    """A file that cannot be used is one line and exit code 1, before the model is loaded."""
    good, bad = write_questions("q.jsonl"), write_questions("bad.jsonl", shift=1)

    assert run("evaluate", good, bad, load=no_model) == Result(
        1,
        "",
        "article-bot: line 1 of bad.jsonl has question 'q1', whose answer does not stand at 57; "
        "mend it.\n",
    )
    assert run("evaluate", good, "none.jsonl", load=no_model) == Result(
        1,
        "",
        "article-bot: none.jsonl cannot be read (No such file or directory); "
        "check its name and folder.\n",
    )


def test_evaluate_shows_progress_on_a_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The progress bar goes to standard error; the output stays as it is."""
    plain = run("evaluate", write_questions("[q] {task}.jsonl"))
    monkeypatch.setattr("bot.console.progress.is_terminal", lambda _: True)
    monkeypatch.setenv("FORCE_COLOR", "1")

    shown = run("evaluate", "[q] {task}.jsonl")

    assert (shown.code, shown.out) == (0, plain.out)
    assert "[q] {task}.jsonl" in shown.err
