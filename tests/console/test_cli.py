"""The command line from argument to exit code, with a real database in a folder of its own."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from fakes import HashingEncoder

from bot.cli import main
from index.encoding.protocol import Encoder
from index.errors import ModelError
from index.ranking.confidence import NO_ANSWER_THRESHOLD

STORM = (
    "Storm hits the coast\n\nThe storm came at night and broke the old pier.\n\nNobody was hurt."
)
SEED = "taliban-us-recognition"


@dataclass(frozen=True)
class Result:
    """What a command did: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its output, which must be one line of JSON."""
        (line,) = self.out.splitlines()
        return json.loads(line)


Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def clean_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder, on a database there, without anybody's settings."""
    for name in ("MODEL", "THRESHOLD", "DEBUG"):
        monkeypatch.delenv(f"ARTICLE_BOT_{name}", raising=False)
    monkeypatch.setenv("ARTICLE_BOT_DATABASE", f"sqlite:///{tmp_path / 'db.sqlite'}")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Give a function that runs a command in this process, with a model that loads at once."""

    def command(
        *arguments: str,
        stdin: bytes = b"",
        load: Callable[[str | None], Encoder] = lambda _: HashingEncoder(),
    ) -> Result:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = main(arguments, load_encoder=load)
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return command


@pytest.fixture
def storm() -> Path:
    """Write an article about a storm."""
    path = Path("storm.txt")
    path.write_text(STORM, encoding="utf-8")
    return path


def no_model(_: str | None) -> Encoder:
    """Stand for a model that cannot be loaded."""
    raise ModelError("there is no model 'x'.")


# What is not about articles


def test_help_lists_the_commands(run: Run) -> None:
    """--help names every command, on standard output."""
    result = run("--help")

    listed = [line.split()[0] for line in result.out.partition("Commands:\n")[2].splitlines()]
    assert (result.code, listed) == (
        0,
        ["ask", "console", "add", "list", "show", "remove", "evaluate", "telegram", "feedback"],
    )


def test_no_command_shows_the_help(run: Run) -> None:
    """The bare command says what there is."""
    assert run() == run("--help")


def test_version(run: Run) -> None:
    """--version prints name and version."""
    assert run("--version") == Result(0, f"article-bot {version('article-bot')}\n", "")


def test_help_imports_nothing_heavy() -> None:
    """--help starts at once: no library that takes long is imported for it."""
    heavy = ["faiss", "numpy", "prompt_toolkit", "pydantic", "rich", "sqlalchemy", "torch"]
    code = (
        "import sys; from bot.cli import main; main(['--help'])\n"
        f"print(sorted(set({heavy}) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"


def test_list_loads_no_model() -> None:
    """What asks nothing imports nothing that encodes or searches."""
    heavy = ["Stemmer", "faiss", "onnxruntime", "tokenizers", "torch"]
    code = (
        "import sys; from bot.cli import main; main(['list'])\n"
        f"print(sorted(set({heavy}) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert SEED in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["sing"], "No such command 'sing'; see article-bot --help."),
        (["lis"], "No such command 'lis'. Did you mean 'list'? See article-bot --help."),
        (["ask"], "Missing argument 'QUESTION'; see article-bot ask --help."),
        (["ask", "two", "questions"],
         "Got unexpected extra argument (questions); see article-bot ask --help."),
        (["ask", "--loud", "x"], "No such option '--loud'; see article-bot ask --help."),
        (["ask", ""], "the question is empty; ask something."),
        (["ask", " \n"], "the question is empty; ask something."),
        (["add"], "Missing argument 'PATH...'; see article-bot add --help."),
        (["add", "a", "b", "--id", "x"],
         "--title and --id are for a single path; add the articles one by one."),
        (["remove"], "Missing argument 'ID...'; see article-bot remove --help."),
        (["evaluate"], "Missing argument 'FILE...'; see article-bot evaluate --help."),
    ],
)  # fmt: skip
def test_misuse_is_one_line(arguments: Sequence[str], complaint: str, run: Run) -> None:
    """A wrong use of the command is one line on standard error and exit code 2."""
    assert run(*arguments) == Result(2, "", f"article-bot: {complaint}\n")


@pytest.mark.parametrize("number", ["0", "11", "many"])
def test_number_of_passages_is_checked(number: str, run: Run) -> None:
    """--passages takes 1 to 10."""
    result = run("ask", "--passages", number, "who?")

    assert (result.code, result.err.count("\n")) == (2, 1)
    assert result.err.startswith("article-bot: Invalid value for '--passages': ")


def test_bad_setting_is_misuse(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bad value in the environment stops any command with exit code 2."""
    monkeypatch.setenv("ARTICLE_BOT_DATABASE", "")
    monkeypatch.setenv("ARTICLE_BOT_THRESHOLD", "high")

    assert run("list") == Result(
        2,
        "",
        "article-bot: ARTICLE_BOT_THRESHOLD is 'high' and must be a number from 0 to 1; "
        "change it in the environment or in .env.\n",
    )


def test_database_that_is_none(run: Run) -> None:
    """A database URL that names none is one line and exit code 1."""
    result = run("--database", "nonsense", "list")

    assert (result.code, result.out, result.err.count("\n")) == (1, "", 1)
    assert result.err.startswith("article-bot: ")


def test_model_that_does_not_load(run: Run) -> None:
    """A model that cannot be loaded is one line and exit code 1."""
    assert run("ask", "who?", load=no_model) == Result(
        1, "", "article-bot: there is no model 'x'.\n"
    )


def interrupt(_: str | None) -> Encoder:
    """Stand for Ctrl-C while the model loads."""
    raise KeyboardInterrupt


def test_interrupt_is_one_line(run: Run) -> None:
    """Ctrl-C is exit code 130 and one line."""
    assert run("ask", "who?", load=interrupt) == Result(
        130, "", "article-bot: interrupted; nothing half done was stored.\n"
    )


def broken(_: str | None) -> Encoder:
    """Stand for a mistake in the program."""
    raise ZeroDivisionError("a mistake")


def test_unexpected_failure_is_one_line(run: Run) -> None:
    """An exception that nobody expected is one line, with the way to its traceback."""
    assert run("ask", "who?", load=broken) == Result(
        1,
        "",
        "article-bot: unexpected ZeroDivisionError (a mistake); "
        "set ARTICLE_BOT_DEBUG=1 to see where it comes from, and please report it.\n",
    )


def test_debugging_shows_the_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """With ARTICLE_BOT_DEBUG the traceback comes too."""
    monkeypatch.setenv("ARTICLE_BOT_DEBUG", "1")

    assert "Traceback (most recent call last)" in run("ask", "who?", load=broken).err


# Adding, listing, showing, removing


def test_new_database_has_the_seed(run: Run) -> None:
    """A new database starts with the articles of seeds/."""
    assert [row["id"] for row in run("list", "--json").json] == [SEED]


def test_list_as_text(run: Run) -> None:
    """`list` is a table with a line for each article."""
    header, row = run("list").out.splitlines()

    assert header.split() == ["ID", "CHARACTERS", "SENTENCES", "TITLE"]
    assert row.split()[0] == SEED
    assert row.endswith("seeks US approval for world recognition.")


def test_list_of_an_empty_library(run: Run) -> None:
    """A library without articles prints no table but says how to add."""
    assert run("--chat", "7", "list") == Result(
        0,
        "",
        "article-bot: there are no articles here yet; add one with `article-bot add FILE`.\n",
    )


def test_add_says_what_was_added(run: Run, storm: Path) -> None:
    """A single article is named with its id and title."""
    assert run("add", str(storm)) == Result(0, "added storm: Storm hits the coast\n", "")


def test_add_twice_says_so(run: Run, storm: Path) -> None:
    """The same text again changes nothing, and needs no model."""
    run("add", str(storm))

    assert run("add", str(storm), load=no_model) == Result(
        0, "storm was there already: Storm hits the coast\n", ""
    )


def test_add_as_json(run: Run, storm: Path) -> None:
    """`add --json` is one object with the articles and their numbers."""
    assert run("add", "--json", str(storm)).json == {
        "articles": [{"id": "storm", "title": "Storm hits the coast", "status": "added"}],
        "added": 1,
        "unchanged": 0,
        "replaced": 0,
        "errors": [],
    }


def test_add_with_title_and_id(run: Run, storm: Path) -> None:
    """--title and --id name a single article."""
    assert run("add", str(storm), "--id", "s1", "--title", "T").out == "added s1: T\n"


def test_add_other_text_under_a_taken_id(run: Run, storm: Path) -> None:
    """Another text under the same id is refused, unless --replace allows it."""
    run("add", str(storm))
    storm.write_text(STORM + "\n\nThe pier is closed.", encoding="utf-8")

    refused = run("add", str(storm))
    replaced = run("add", "--replace", str(storm))

    assert (refused.code, refused.out, refused.err.count("\n")) == (1, "", 1)
    assert (replaced.code, replaced.out) == (0, "replaced storm: Storm hits the coast\n")


def test_add_standard_input(run: Run) -> None:
    """A dash reads an article from standard input."""
    result = run("add", "-", "--id", "piped", stdin=STORM.encode())

    assert (result.code, result.out) == (0, "added piped: Storm hits the coast\n")


def test_failing_path_does_not_stop_the_others(run: Run, storm: Path) -> None:
    """Of several paths the good ones are added; each bad one is a line; the exit code is 1."""
    result = run("add", "nowhere.txt", str(storm), ".")

    assert (result.code, result.out) == (1, "added storm: Storm hits the coast\n")
    assert [line.split(":")[0] for line in result.err.splitlines()] == ["article-bot"] * 2


def test_failing_path_in_json(run: Run, storm: Path) -> None:
    """With --json the failures are in the object too, and the exit code is 1."""
    result = run("add", "--json", "nowhere.txt", str(storm))

    assert (result.code, result.json["added"]) == (1, 1)
    assert result.json["errors"] == [result.err.removeprefix("article-bot: ").rstrip("\n")]


def write_jsonl(count: int, bad: int | None = None) -> str:
    """Write a JSONL file of articles, the line *bad* broken."""
    lines = [
        json.dumps({"id": f"a{i}", "title": f"T{i}", "text": f"Text {i}."}) for i in range(count)
    ]
    if bad is not None:
        lines[bad] = "{"
    Path("many.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return "many.jsonl"


def test_many_articles_are_counted(run: Run) -> None:
    """When there are many, their numbers are enough."""
    run("add", write_jsonl(2))

    assert run("add", write_jsonl(48)).out == "added 46 articles, 2 were there already\n"


def test_articles_before_a_broken_line_are_kept(run: Run) -> None:
    """A broken line of a JSONL file is named, and those before it are there."""
    result = run("add", write_jsonl(5, bad=3))

    assert (result.code, result.err.count("\n")) == (1, 1)
    assert [row["id"] for row in run("list", "--json").json] == [SEED, "a0", "a1", "a2"]


def test_add_without_a_model_stores_nothing(run: Run, storm: Path) -> None:
    """When the model does not load, nothing is half stored."""
    result = run("add", str(storm), load=no_model)

    assert (result.code, result.err) == (1, "article-bot: there is no model 'x'.\n")
    assert [row["id"] for row in run("list", "--json").json] == [SEED]


def test_interrupted_add_says_what_is_kept(run: Run, storm: Path) -> None:
    """Ctrl-C during add says how many articles are kept, and stores nothing by halves."""
    assert run("add", str(storm), load=interrupt) == Result(
        130, "",
        "article-bot: interrupted; 0 articles were added and kept, "
        "and nothing half done was stored.\n",
    )  # fmt: skip


def test_interrupt_between_files_keeps_the_first(run: Run, storm: Path) -> None:
    """What was complete before Ctrl-C stays, and is counted."""
    Path("calm.txt").write_text("The sea was calm.", encoding="utf-8")

    class Tired(HashingEncoder):
        def encode(self, texts: Sequence[str], progress: Any = None) -> Any:
            if any("calm" in text for text in texts):
                raise KeyboardInterrupt
            return super().encode(texts, progress)

    result = run("add", str(storm), "calm.txt", load=lambda _: Tired())

    assert (result.code, result.err) == (
        130,
        "article-bot: interrupted; 1 article was added and kept, "
        "and nothing half done was stored.\n",
    )
    assert [row["id"] for row in run("list", "--json").json] == [SEED, "storm"]


def test_show_prints_the_text(run: Run, storm: Path) -> None:
    """`show` prints the stored text, its title first."""
    run("add", str(storm))

    assert run("show", "storm") == Result(0, STORM + "\n", "")


def test_show_as_json(run: Run, storm: Path) -> None:
    """`show --json` has the stored text and where its sentences stand."""
    run("add", str(storm))

    shown = run("show", "storm", "--json").json

    assert [shown[key] for key in ("id", "title", "text")] == [
        "storm",
        "Storm hits the coast",
        STORM,
    ]
    assert [shown["text"][start:end] for start, end in shown["sentences"]] == STORM.split("\n\n")


def test_remove(run: Run, storm: Path) -> None:
    """A removed article is in no list any more."""
    run("add", str(storm))

    assert run("remove", "storm") == Result(0, "removed 1 article\n", "")
    assert [row["id"] for row in run("list", "--json").json] == [SEED]


@pytest.mark.parametrize(
    "arguments", [["show", "x"], ["remove", SEED, "x"], ["ask", "a", "--article", "x"]]
)
def test_unknown_article(arguments: Sequence[str], run: Run) -> None:
    """An unknown id is one line and exit code 1, and changes nothing."""
    result = run(*arguments)

    assert (result.code, result.out, result.err.count("\n")) == (1, "", 1)
    assert [row["id"] for row in run("list", "--json").json] == [SEED]


def test_chats_have_their_own_articles(run: Run, storm: Path) -> None:
    """--chat adds to that chat's library and leaves the shared one alone."""
    run("--chat", "7", "add", str(storm))

    assert [row["id"] for row in run("--chat", "7", "list", "--json").json] == ["storm"]
    assert [row["id"] for row in run("list", "--json").json] == [SEED]


# Asking


def test_ask_as_json(run: Run, storm: Path) -> None:
    """`ask --json` is the answer object, its passages cut from the stored text."""
    run("add", str(storm))

    answer = run("ask", "--json", "--article", "storm", "what broke the old pier?").json

    assert list(answer) == [
        *("question", "answered", "confidence", "passages", "hits", "elapsed_ms"),
        *("kind", "unanswered"),
    ]
    assert answer["question"] == "what broke the old pier?"
    assert [STORM[one["start"] : one["end"]] for one in answer["passages"]] == [
        one["text"] for one in answer["passages"]
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

    assert result.out.startswith("The article does not answer this.\nThe nearest passage:\n\n")
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


# Measuring


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

    assert (made["threshold"], made["library"]) == (NO_ANSWER_THRESHOLD, False)
    assert [one["file"] for one in made["files"]] == files
    first, second = made["files"]
    assert {**first, "file": "r.jsonl"} == second
    assert (first["articles"], first["answerable"], first["off_topic"]) == (2, 1, 1)
    assert (first["hit_at_1"], first["mrr"], first["worst"]) == (1.0, 1.0, [])


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
    assert [one["kind"] for one in made["files"][0]["worst"]] == [
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


def test_add_shows_progress_on_a_terminal(
    run: Run, storm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bar on standard error counts the articles; the output stays as it is."""
    monkeypatch.setattr("bot.console.terminal.is_terminal", lambda _: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    Path("two.txt").write_text("Two storms came.", encoding="utf-8")
    result = run("add", str(storm), "two.txt")

    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", result.err)  # without its colours
    assert (result.code, result.out.count("added")) == (0, 2)
    assert "adding articles" in shown
    assert " 2/2 " in shown


def test_evaluate_shows_progress_on_a_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The progress bar goes to standard error; the output stays as it is."""
    plain = run("evaluate", write_questions("[q] {task}.jsonl"))
    monkeypatch.setattr("bot.console.terminal.is_terminal", lambda _: True)
    monkeypatch.setenv("FORCE_COLOR", "1")

    shown = run("evaluate", "[q] {task}.jsonl")

    assert (shown.code, shown.out) == (0, plain.out)
    assert "[q] {task}.jsonl" in shown.err


# In a process of its own


@pytest.fixture
def process() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Give a function that starts the command as a process."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        command = [sys.executable, "-m", "bot", *arguments]
        root = Path(__file__).parents[2]
        env = {**os.environ, "PYTHONPATH": str(root), **environment}
        started.append(subprocess.Popen(command, env=env, **pipes))
        return started[-1]

    yield start
    for one in started:
        one.kill()
        one.communicate()


def test_reader_that_leaves_early(
    process: Callable[..., subprocess.Popen[bytes]], run: Run
) -> None:
    """When nobody reads its output any more, the command ends without a word."""
    run("list")
    child = process("list")
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdout.close()

    assert child.stderr.read() == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_output_that_cannot_be_written(run: Run) -> None:
    """When the disk that takes the output is full, that is said in one line."""
    run("list")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "bot", "list"],
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )

    assert (done.returncode, done.stderr) == (
        1,
        b"article-bot: the output cannot be written (No space left on device).\n",
    )


def test_terminal_that_knows_ascii_only(
    process: Callable[..., subprocess.Popen[bytes]], run: Run
) -> None:
    """What the output's encoding lacks is spelled out; nothing fails."""
    Path("sea.txt").write_text("“שלום” \U0001f30a", encoding="utf-8")
    run("add", "sea.txt")

    out, err = process("show", "sea", PYTHONIOENCODING="ascii").communicate()

    assert out.splitlines()[-1] == rb"\u201c\u05e9\u05dc\u05d5\u05dd\u201d \U0001f30a"
    assert err == b""
