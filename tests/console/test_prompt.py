"""The prompt: completion, what stands beside it, and the file of questions."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from types import SimpleNamespace

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.history import InMemoryHistory

from bot.console.opening import LOADING
from bot.console.prompt import LineCompleter, loading_note, open_history, prompt_text


@pytest.mark.parametrize(
    ("under_way", "entered", "said"),
    [(True, False, "loading the model…"), (True, True, ""), (False, False, "")],
)
def test_loading_is_told_beside_the_prompt(under_way: bool, entered: bool, said: str) -> None:
    """While the model loads it is said beside the prompt, but not beside lines entered."""
    prompt = SimpleNamespace(app=SimpleNamespace(is_done=entered))
    opening = SimpleNamespace(under_way=under_way, doing=LOADING, seconds=3)

    assert loading_note(prompt, opening) == said  # type: ignore[arg-type]


def test_preparing_is_told_with_its_time() -> None:
    """What happens once and takes long is named, with the seconds that it has taken."""
    prompt = SimpleNamespace(app=SimpleNamespace(is_done=False))
    opening = SimpleNamespace(under_way=True, doing="preparing the model…", seconds=3)

    assert loading_note(prompt, opening) == "preparing the model… 3 s"  # type: ignore[arg-type]


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
    completer = LineCompleter(commands, opening)  # type: ignore[arg-type]

    found = completer.get_completions(Document(typed), CompleteEvent())

    assert sorted(completion.text for completion in found) == offered


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_history_is_private(tmp_path: Path) -> None:
    """Only its owner can read the file of questions."""
    open_history()

    mode = (tmp_path / "state" / "article-bot" / "history").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_history_without_a_place(tmp_path: Path) -> None:
    """When the file cannot be made, questions are remembered for the session only."""
    (tmp_path / "file").touch()

    assert isinstance(open_history(tmp_path / "file" / "history"), InMemoryHistory)


def test_history_takes_lone_surrogates(tmp_path: Path) -> None:
    """Bytes that are no text cannot end the session by way of the history."""
    history = open_history(tmp_path / "history")

    history.append_string("a\udcffb")

    assert list(open_history(tmp_path / "history").load_history_strings()) == ["a\ufffdb"]


def test_a_long_id_leaves_room_to_type() -> None:
    """The only article that is searched is named before the prompt, by the beginning of its id."""
    assert [prompt_text(None), prompt_text("storm"), prompt_text("x" * 99)] == [
        "? ",
        "[storm] ? ",
        f"[{'x' * 23}…] ? ",
    ]
