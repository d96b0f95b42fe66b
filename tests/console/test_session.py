"""The console for a person: what is typed at a terminal, until they leave."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator

import pytest
from answerers import FixedAnswerer
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from bot.console.console_help import help_text
from bot.console.prompt import open_history
from bot.console.session import GREETING, run_interactive
from index.errors import LibraryError

Type = Callable[..., list[str]]


@pytest.fixture
def type_keys(capsys: pytest.CaptureFixture[str]) -> Iterator[Type]:
    """Give a function that types keys into a console, then Ctrl-D, and returns what it said."""
    with create_pipe_input() as keyboard, create_app_session(keyboard, DummyOutput()):

        def type_into(keys: str, answerer: FixedAnswerer | None = None) -> list[str]:
            keyboard.send_text(keys + "\x04")
            opened = answerer or FixedAnswerer()
            run_interactive(lambda: opened)  # type: ignore[arg-type, return-value]
            greeting, *said = capsys.readouterr().out.split("\n\n")
            assert greeting == GREETING
            return said[:-1]

        yield type_into


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let SIGINT interrupt, as at a terminal; a job in the background is started to ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


TWO = [
    "The article may say this:\n  They sat.\n  — The guests, paragraph 2",
    "  Three came.\n  — The guests, paragraph 3",
]


def test_question_is_answered(type_keys: Type) -> None:
    """A line that is entered is answered, and the next one too."""
    assert type_keys("who?\rwhen?\r") == [*TWO, *TWO]


@pytest.mark.parametrize("command", ["/quit", "/exit"])
def test_quit_leaves(command: str, type_keys: Type) -> None:
    """/quit leaves at once; what is typed after it is not asked."""
    answerer = FixedAnswerer()

    type_keys(f"{command}\rwho?\r", answerer)

    assert answerer.asked == []


def test_interrupt_at_the_empty_prompt_says_how_to_leave(type_keys: Type) -> None:
    """Ctrl-C at an empty prompt does not leave but says how to."""
    assert type_keys("\x03") == ["Ctrl-D or /quit leaves."]


def test_interrupt_empties_the_line(type_keys: Type) -> None:
    """Ctrl-C after some words drops them, and nothing is said."""
    answerer = FixedAnswerer()

    assert type_keys("wrong\x03who came?\r", answerer) == TWO
    assert [question for question, *_ in answerer.asked] == ["who came?"]


@pytest.mark.usefixtures("interruptible")
def test_interrupt_stops_an_answer(type_keys: Type) -> None:
    """Ctrl-C while an answer is computed gives the prompt back, and the next one is answered."""
    released = threading.Event()

    def interrupt_first() -> None:
        if not released.is_set():
            main = threading.main_thread().ident
            assert main is not None
            signal.pthread_kill(main, signal.SIGINT)
            released.wait(30)
            raise LibraryError("nobody hears this.")

    said = type_keys("slow?\r/help\r", FixedAnswerer(during=interrupt_first))
    released.set()

    assert said == ["Stopped.", help_text()]


def test_failing_answer_is_one_line(type_keys: Type) -> None:
    """An error while answering is one line, and the session goes on."""

    def fail() -> None:
        raise LibraryError("the database\nis gone.")

    assert type_keys("who?\r/help\r", FixedAnswerer(during=fail)) == [
        "article-bot: the database is gone.",
        help_text(),
    ]


def test_unexpected_failure_is_one_line(type_keys: Type) -> None:
    """An exception that nobody expected is one line, and the session goes on."""
    said = type_keys("who?\r/help\r", FixedAnswerer(during=lambda: 1 / 0))

    assert said[0].startswith("article-bot: unexpected ZeroDivisionError (division by zero);")
    assert said[1] == help_text()


def test_unknown_article_is_one_line(type_keys: Type) -> None:
    """/article with an unknown id is one line, and the session goes on."""
    assert type_keys("/article nobody\r/help\r") == [
        "article-bot: there is no article 'nobody'.",
        help_text(),
    ]


def test_questions_are_remembered(type_keys: Type) -> None:
    """What was asked can be called back in the next session."""
    type_keys("who?\r")

    assert list(open_history().load_history_strings()) == ["who?"]


def test_errors_name_the_commands_of_the_console(type_keys: Type) -> None:
    """What is done with the command line elsewhere is done with a command here."""

    def fail() -> None:
        raise LibraryError("no article has the id 'x'; see `article-bot list`.")

    assert type_keys("who?\r", FixedAnswerer(during=fail)) == [
        "article-bot: no article has the id 'x'; see /articles."
    ]
