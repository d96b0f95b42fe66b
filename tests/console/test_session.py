"""The console for a person: a conversation at a terminal."""

from __future__ import annotations

import os
import signal
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from answerers import FixedAnswerer
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from bot.console import session
from bot.console.session import run_interactive
from index.errors import LibraryError, ModelError


@pytest.fixture(autouse=True)
def state_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the history of questions out of the home folder."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def talk(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[..., list[str]]]:
    """Give a function that types *keys* into a console and returns what it said after it."""
    with create_pipe_input() as keyboard, create_app_session(keyboard, DummyOutput()):

        def type_keys(
            keys: str, answerer: FixedAnswerer | Callable[[], Any] | None = None
        ) -> list[str]:
            keyboard.send_text(keys + "\x04")
            opened = answerer or FixedAnswerer()
            run_interactive(opened if callable(opened) else lambda: opened)
            greeting, *said = capsys.readouterr().out.split("\n\n")
            assert greeting == session.GREETING
            return said[:-1]

        yield type_keys


TWO = [
    "  They sat.\n  — The guests, paragraph 2 · sure",
    "  Three came.\n  — The guests, paragraph 3",
]


def test_question_gets_its_passages(talk: Callable[..., list[str]]) -> None:
    """A question is answered with as many passages as asked for."""
    assert talk("who?\r") == TWO


def test_refusal_shows_one_passage(talk: Callable[..., list[str]]) -> None:
    """When the articles do not answer, the nearest passage alone is shown."""
    assert talk("who?\r", FixedAnswerer(answered=False)) == [
        "None of the 3 articles answers this.\nThe nearest passage:",
        "  They sat.\n  — The guests, paragraph 2",
    ]


def test_more_shows_the_next_passages(talk: Callable[..., list[str]]) -> None:
    """/more goes on where the last reply ended, and says when there is nothing left."""
    assert talk("who?\r/more\r/more\r") == [
        *TWO,
        "  Four came.\n  — The guests, paragraph 4",
        "  One came.\n  — The guests, paragraph 1",
        "There are no more passages; ask something else.",
    ]


def test_context_shows_the_paragraphs_around(talk: Callable[..., list[str]]) -> None:
    """/context shows the paragraph before and after the first passage, which is marked."""
    assert talk("who?\r/context\r")[2:] == [
        "  One came.",
        "> Two came. They sat.",
        "  Three came.\n  — The guests, paragraph 2",
    ]


def test_context_of_another_passage(talk: Callable[..., list[str]]) -> None:
    """/context with a number takes that passage of the last reply."""
    assert talk("who?\r/more\r/context 2\r")[4:] == [
        "> One came.",
        "  Two came. They sat.\n  — The guests, paragraph 1",
    ]


@pytest.mark.parametrize("number", ["0", "3", "-1", "two"])
def test_context_of_no_passage(number: str, talk: Callable[..., list[str]]) -> None:
    """/context with a number of no passage says how many there are."""
    assert talk(f"who?\r/context {number}\r")[2:] == [
        "The last reply showed 2 passages; say which by its number, /context 1."
    ]


def test_context_before_any_question(talk: Callable[..., list[str]]) -> None:
    """/context and /more before the first question say what to do."""
    assert talk("/context\r/more\r") == [
        "There is no passage yet; ask something first.",
        "There are no more passages; ask something else.",
    ]


def test_articles_are_listed(talk: Callable[..., list[str]]) -> None:
    """/articles shows the table of articles."""
    assert talk("/articles\r") == [
        "ID      CHARACTERS  SENTENCES  TITLE\nguests          56          5  The guests"
    ]


def test_article_narrows_and_widens(talk: Callable[..., list[str]]) -> None:
    """/article ID asks one article only, until /article without an id."""
    answerer = FixedAnswerer()

    said = talk("/article guests\ra?\r/article\rb?\r", answerer)

    assert [said[0], said[3]] == [
        "Only this article is searched now: The guests",
        "All articles are searched now.",
    ]
    assert [(question, article) for question, article, _ in answerer.asked] == [
        ("a?", "guests"),
        ("b?", None),
    ]


def test_unknown_article_changes_nothing(talk: Callable[..., list[str]]) -> None:
    """/article with an unknown id is one line, and the search stays as it was."""
    answerer = FixedAnswerer()

    said = talk("/article nobody\ra?\r", answerer)

    assert said == ["article-bot: there is no article 'nobody'.", *TWO]
    assert answerer.asked == [("a?", None, ())]


def test_earlier_questions_are_history(talk: Callable[..., list[str]]) -> None:
    """A question is read with the last four before it."""
    answerer = FixedAnswerer()

    talk("".join(f"q{number}\r" for number in range(7)), answerer)

    assert [history for _, _, history in answerer.asked][1::5] == [
        ("q0",),
        ("q2", "q3", "q4", "q5"),
    ]


def test_unknown_command_is_one_line(talk: Callable[..., list[str]]) -> None:
    """An unknown command is not asked but refused, with where to look."""
    assert talk("/mroe\r") == ["There is no command /mroe; /help lists them."]


def test_help_lists_every_command(talk: Callable[..., list[str]]) -> None:
    """/help names each command there is."""
    said = talk("/help\r")

    assert said == [session.HELP]
    assert all(f"  {name} " in said[0] for name in ("/more", "/context", "/articles", "/article"))


def test_blank_line_says_nothing(talk: Callable[..., list[str]]) -> None:
    """Enter on an empty line is no question."""
    assert talk("\r   \r") == []


@pytest.mark.parametrize("command", ["/quit", "/exit"])
def test_quit_leaves(command: str, talk: Callable[..., list[str]]) -> None:
    """/quit leaves at once; what is typed after it is not asked."""
    answerer = FixedAnswerer()

    talk(f"{command}\rwho?\r", answerer)

    assert answerer.asked == []


def test_interrupt_at_the_empty_prompt_says_how_to_leave(talk: Callable[..., list[str]]) -> None:
    """Ctrl-C at an empty prompt does not leave but says how to."""
    assert talk("\x03") == ["Ctrl-D or /quit leaves."]


def test_interrupt_empties_the_line(talk: Callable[..., list[str]]) -> None:
    """Ctrl-C after some words drops them, and nothing is said."""
    answerer = FixedAnswerer()

    assert talk("wrong\x03right?\r", answerer) == TWO
    assert [question for question, *_ in answerer.asked] == ["right?"]


def test_interrupt_stops_an_answer(talk: Callable[..., list[str]]) -> None:
    """Ctrl-C while an answer is computed gives the prompt back, and the next one is answered."""
    released = threading.Event()

    def interrupt_first() -> None:
        if not released.is_set():
            main = threading.main_thread().ident
            assert main is not None
            signal.pthread_kill(main, signal.SIGINT)
            released.wait(30)
            raise LibraryError("nobody hears this.")

    said = talk("slow?\r/help\r", FixedAnswerer(during=interrupt_first))
    released.set()

    assert said == ["Stopped.", session.HELP]


def test_failing_answer_is_one_line(talk: Callable[..., list[str]]) -> None:
    """An error while answering is one line, and the session goes on."""

    def fail() -> None:
        raise LibraryError("the database\nis gone.")

    assert talk("who?\r/help\r", FixedAnswerer(during=fail)) == [
        "article-bot: the database is gone.",
        session.HELP,
    ]


def test_unexpected_failure_is_one_line(talk: Callable[..., list[str]]) -> None:
    """An exception that nobody expected is one line, and the session goes on."""
    said = talk("who?\r/help\r", FixedAnswerer(during=lambda: 1 / 0))

    assert said[0].startswith("article-bot: unexpected ZeroDivisionError (division by zero);")
    assert said[1] == session.HELP


def test_model_that_does_not_load_is_said_and_tried_again() -> None:
    """A failure to open is said once each time; the next question opens again."""
    said: list[str] = []
    attempts = iter([ModelError("there is no model."), None])

    def open_answerer() -> FixedAnswerer:
        if failure := next(attempts):
            raise failure
        return FixedAnswerer()

    opening = session.Opening(open_answerer, said.append)  # type: ignore[arg-type]
    talk = session.Conversation(
        opening, said.append, session.Look, lambda future, _: future.result(30)
    )
    opening._future.exception(30)

    assert talk.hear("who?")
    assert said == ["article-bot: there is no model.", "\n\n".join(TWO)]


def test_failure_that_a_question_waits_for_is_said_once() -> None:
    """Whoever waits for a desk that does not open hears the reason once."""
    said: list[str] = []
    asked = threading.Event()

    def open_answerer() -> FixedAnswerer:
        asked.wait(30)
        raise LibraryError("it is locked.")

    def wait(future: Any, reason: str) -> Any:
        asked.set()
        return future.result(30)

    talk = session.Conversation(
        session.Opening(open_answerer, said.append),
        said.append,
        session.Look,
        wait,  # type: ignore[arg-type]
    )
    with pytest.raises(session.Unavailable):
        talk.hear("who?")

    assert said == ["article-bot: it is locked."]


@pytest.mark.parametrize(
    ("under_way", "entered", "said"),
    [(True, False, "loading the model…"), (True, True, ""), (False, False, "")],
)
def test_loading_is_told_beside_the_prompt(under_way: bool, entered: bool, said: str) -> None:
    """While the model loads it is said beside the prompt, but not beside lines entered."""
    prompt = SimpleNamespace(app=SimpleNamespace(is_done=entered))
    opening = SimpleNamespace(under_way=under_way)

    assert session.aside(prompt, opening) == said  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("/a", ["/article", "/articles"]),
        ("/q", ["/quit"]),
        ("/article ", ["guests", "storm-7"]),
        ("/article st", ["storm-7"]),
        ("/more ", []),
        ("who", []),
        ("", ["/article", "/articles", "/context", "/help", "/more", "/quit"]),
    ],
)
def test_completion(typed: str, offered: list[str]) -> None:
    """Tab completes commands, and article ids behind /article."""
    opening = SimpleNamespace(article_ids=["guests", "storm-7"])
    commands = ("/more", "/context", "/articles", "/article", "/help")
    completer = session.make_completer(commands, opening)  # type: ignore[arg-type]

    found = completer.get_completions(Document(typed), CompleteEvent())

    assert sorted(one.text for one in found) == offered


def test_questions_are_remembered(talk: Callable[..., list[str]], state_folder: Path) -> None:
    """What was asked can be called back in the next session."""
    talk("who?\r")

    history = session.open_history()

    assert list(history.load_history_strings()) == ["who?"]


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_history_is_private(state_folder: Path) -> None:
    """Only its owner can read the file of questions."""
    session.open_history()

    mode = (state_folder / "article-bot" / "history").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_history_without_a_place(tmp_path: Path) -> None:
    """When the file cannot be made, questions are remembered for the session only."""
    (tmp_path / "file").touch()

    assert isinstance(session.open_history(tmp_path / "file" / "history"), InMemoryHistory)


def test_history_takes_lone_surrogates(tmp_path: Path) -> None:
    """Bytes that are no text cannot end the session by way of the history."""
    history = session.open_history(tmp_path / "history")

    history.append_string("a\udcffb")

    assert list(session.open_history(tmp_path / "history").load_history_strings()) == ["a\ufffdb"]
