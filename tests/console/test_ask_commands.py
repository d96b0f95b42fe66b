"""The commands that ask, with a real database in a folder of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import SEED, STORM, Result, Run


def test_ask_as_json(run: Run, storm: Path) -> None:
    """`ask --json` is the answer object, its passages cut from the stored text."""
    run("add", str(storm))

    answer = run("ask", "--json", "--article", "storm", "what broke the old pier?").json

    assert list(answer) == [
        *("question", "answered", "confidence", "tier", "passages", "hits"),
        *("elapsed_ms", "kind", "unanswered", "about", "parts"),
    ]
    assert answer["question"] == "what broke the old pier?"
    assert [STORM[passage["start"] : passage["end"]] for passage in answer["passages"]] == [
        passage["text"] for passage in answer["passages"]
    ]


@pytest.mark.parametrize(("threshold", "code"), [("0", 0), ("1", 3)])
def test_exit_code_says_whether_it_was_answered(
    threshold: str, code: int, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The exit code of `ask` is 0 when the articles answer, and 3 when they do not."""
    monkeypatch.setenv("ARTICLE_BOT_THRESHOLD", threshold)

    result = run("ask", "--json", "who is the special representative?")

    assert (result.code, result.json["answered"]) == (code, code == 0)


def test_ask_as_text(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """As text the refusal and the nearest passage are shown, without any escape sequence."""
    monkeypatch.setenv("ARTICLE_BOT_THRESHOLD", "1")

    result = run("ask", "who is the special representative?")

    assert result.out.startswith("The article does not say this.\nThe nearest passage: ")
    assert "\x1b" not in result.out


def test_ask_limits_the_passages(run: Run) -> None:
    """--passages limits how many are shown."""
    answer = run("ask", "--json", "--passages", "1", "what does the Taliban want?").json

    assert len(answer["passages"]) == 1


def test_ask_an_empty_library(run: Run) -> None:
    """Asking where there are no articles says how to add some; that is no answer."""
    assert run("--chat", "7", "ask", "who?") == Result(
        3, "There are no articles here yet; add one with `article-bot add FILE`.\n", ""
    )


def test_question_too_long(run: Run) -> None:
    """A question of 20,000 characters is one line and exit code 2."""
    result = run("ask", "why " * 5000)

    assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize("question", ["\U0001f30a\U0001f30a", "מה?", "a\x00b", "a\udcffb", "--"])
def test_odd_questions_are_answered_or_not(question: str, run: Run) -> None:
    """Emoji, right-to-left text, NUL and broken characters are questions like others."""
    assert run("ask", "--json", "--", question).code in {0, 3}


def test_console_as_json(run: Run) -> None:
    """`console --json` answers each line with one line, and goes on after a bad one."""
    narrow = json.dumps({"question": "who?", "article": SEED})
    lines = f'what conditions?\n{{"question": 1}}\n{narrow}\n'.encode()

    result = run("console", "--json", stdin=lines)

    answers = [json.loads(line) for line in result.out.splitlines()]
    assert (result.code, result.err) == (0, "")
    assert [next(iter(answer)) for answer in answers] == ["question", "error", "question"]


def test_console_without_a_terminal_reads_lines(run: Run) -> None:
    """Without a terminal the console answers line by line, as text."""
    result = run("console", stdin=b"what does the Taliban want?\n\n")

    assert (result.code, result.out.splitlines()[0]) == (0, "? what does the Taliban want?")


def test_removed_article_answers_no_more(run: Run, storm: Path) -> None:
    """What was removed is in no later answer."""
    run("add", str(storm))
    run("remove", "storm")

    answer = run("ask", "--json", "what broke the old pier?").json

    assert {hit["article"] for hit in answer["hits"]} == {SEED}
