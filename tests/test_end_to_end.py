"""The command as it is installed: real processes, the real model, a real database."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index.encoding.protocol import Encoder
from index.storage.database import seed_articles

COMMAND = [sys.executable, "-m", "bot"]
CONDITIONS = "what conditions did the US set?"

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Name a database that does not exist yet."""
    return f"sqlite:///{tmp_path_factory.mktemp('e2e') / 'articles.sqlite'}"


@pytest.fixture(scope="module")
def console(database: str, encoder: Encoder) -> Iterator[subprocess.Popen[str]]:
    """Start a console for scripts where the model is exported; it is up when it has answered."""
    command = [*COMMAND, "--database", database, "console", "--json"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=30) == 0


def say(console: subprocess.Popen[str], line: str) -> Any:
    """Send one line and read the one line that answers it."""
    assert console.stdin is not None
    assert console.stdout is not None
    console.stdin.write(line + "\n")
    console.stdin.flush()
    return json.loads(console.stdout.readline())


def run(database: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    command = [*COMMAND, "--database", database, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_example_question_shows_sentence_and_list(console: subprocess.Popen[str]) -> None:
    """The sentence about the conditions comes first, the lead-in with its four items too."""
    answer = say(console, CONDITIONS)

    assert answer["answered"]
    first, second = answer["passages"][:2]
    assert first["text"].startswith("The US has not said publicly what conditions the Taliban")
    assert second["kind"] == "list"
    for words in (
        "will depend on conduct in these areas",
        "Preventing terrorist organizations",
        "Respecting all Afghans’ human rights",
        "Providing unrestricted humanitarian access",
        "And building a truly inclusive government",
    ):
        assert words in second["text"]


def test_a_question_imports_nothing_it_does_not_need(
    console: subprocess.Popen[str], database: str
) -> None:
    """When the model is exported, a command that answers starts without what takes long."""
    say(console, CONDITIONS)
    heavy = ["pydantic", "rapidfuzz", "sentence_transformers", "torch", "transformers", "typer"]
    code = (
        f"import sys; from bot.cli import main; main(['--database', {database!r}, 'ask', 'who?'])\n"
        f"print(sorted(set({heavy}) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"


def test_every_passage_is_verbatim(console: subprocess.Popen[str], database: str) -> None:
    """Each passage, and its best sentence, is the stored text at its offsets."""
    [seed] = seed_articles()
    stored = json.loads(run(database, "show", seed.id, "--json").stdout)["text"]
    assert stored == seed.text
    for question in (CONDITIONS, "who appointed West?", "why?", "weather in Berlin"):
        for passage in say(console, question)["passages"]:
            assert passage["text"] == stored[passage["start"] : passage["end"]]
            assert passage["start"] <= passage["best"]["start"] < passage["best"]["end"]
            assert passage["best"]["end"] <= passage["end"]


def test_the_answer_has_the_fields_of_the_contract(console: subprocess.Popen[str]) -> None:
    """Scripts outside the project read exactly these."""
    answer = say(console, json.dumps({"question": CONDITIONS, "history": ["who is West?"]}))
    fields = {
        *("question", "answered", "confidence", "tier", "passages", "hits"),
        *("elapsed_ms", "kind", "unanswered", "about", "parts"),
    }
    assert set(answer) == fields
    assert set(answer["passages"][0]) == {
        *("article", "title", "start", "end", "text", "best", "answer"),
        *("kind", "score", "paragraph", "section", "page", "brings", "items_left"),
    }
    assert set(answer["hits"][0]) == {"article", "start", "end", "score"}
    assert len(answer["hits"]) == 10


@pytest.mark.parametrize("line", ["{broken", '{"question": 3}', "", "why " * 600])
def test_a_bad_line_gets_an_error_and_the_session_goes_on(
    console: subprocess.Popen[str], line: str
) -> None:
    """One line in, one line out, whatever the line."""
    assert set(say(console, line)) == {"error"}
    assert say(console, CONDITIONS)["answered"]


@pytest.mark.parametrize(
    "question", ["what is the weather like in Berlin tomorrow?", "How do I reset my password?"]
)
def test_a_question_about_something_else_is_refused(
    console: subprocess.Popen[str], question: str
) -> None:
    """The article does not answer, and the nearest passage is there all the same."""
    answer = say(console, question)
    assert not answer["answered"]
    assert answer["passages"]


def test_another_process_adds_and_removes(
    console: subprocess.Popen[str], database: str, tmp_path: Path
) -> None:
    """A running console answers from an article as soon as it is added, until it is removed."""
    question = json.dumps({"question": "When does the lighthouse of Rocksby open?"})
    path = tmp_path / "rocksby.txt"
    path.write_text("The lighthouse of Rocksby opens at nine.\n\nIt is old.", encoding="utf-8")
    assert not say(console, question)["answered"]

    assert run(database, "add", str(path)).returncode == 0
    answer = say(console, question)
    assert answer["passages"][0]["text"] == "The lighthouse of Rocksby opens at nine."
    assert answer["answered"]

    assert run(database, "remove", "rocksby").returncode == 0
    answer = say(console, question)
    assert {hit["article"] for hit in answer["hits"]} == {seed_articles()[0].id}


def test_ask_says_by_its_exit_code_whether_it_was_answered(database: str) -> None:
    """0 when the articles answer, 3 when they do not."""
    assert run(database, "ask", CONDITIONS).returncode == 0
    assert run(database, "ask", "How do I reset my password?").returncode == 3
