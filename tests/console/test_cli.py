"""The command line from argument to exit code, with a real database in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

import pytest
from command_line import SEED, Result, Run, interrupt, no_model

from index.encoding.protocol import Encoder


def test_help_lists_the_commands(run: Run) -> None:
    """--help names every command, on standard output."""
    result = run("--help")

    listed = [line.split()[0] for line in result.out.partition("Commands:\n")[2].splitlines()]
    assert (result.code, listed) == (
        0,
        [
            *("ask", "console", "add", "refresh", "list", "show", "rename", "remove", "evaluate"),
            *("telegram", "feedback", "export", "import", "completion", "doctor"),
        ],
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
        (["show", "two", "articles"],
         "Got unexpected extra argument (articles); see article-bot show --help."),
        (["ask", "--loud", "x"], "No such option '--loud'; see article-bot ask --help."),
        (["ask", ""], "the question is empty; ask something."),
        (["ask", " \n"], "the question is empty; ask something."),
        (["add"], "Missing argument 'PATH...'; see article-bot add --help."),
        (["add", "a", "b", "--id", "x"],
         "--title and --id are for a single path; add the articles one by one."),
        (["remove"], "name the articles to remove, or give --all to remove all of them."),
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


def test_no_failure_shows_a_token(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in its line nor in its traceback, whatever has put it there."""
    monkeypatch.setenv("ARTICLE_BOT_DEBUG", "1")
    token = "123456789:AAFakeTokenOfTheTestsOfTheBot-0_1234"  # noqa: S105

    def load(_: str | None) -> Encoder:
        raise ZeroDivisionError(f"https://api.telegram.org/bot{token}/getMe")

    said = run("ask", "who?", load=load).err

    assert token not in said
    assert said.count("/bot<token>/getMe") == 2


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
    for child in started:
        child.kill()
        child.communicate()


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
