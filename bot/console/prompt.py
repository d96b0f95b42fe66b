"""The prompt of the console: line editing, the history of all sessions, completion with Tab."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.patch_stdout import patch_stdout
from prompt_toolkit.shortcuts import CompleteStyle

from bot.console.opening import LOADING
from index.text.surrogates import replace_surrogates

if TYPE_CHECKING:
    from bot.console.opening import Opening

MAX_ID = 24  # characters of an article's id before the prompt


def make_prompt(commands: Iterable[str], opening: Opening) -> PromptSession[str]:
    """Make the prompt, which completes *commands* and the ids of articles."""
    return PromptSession(
        history=open_history(),
        auto_suggest=AutoSuggestFromHistory(),
        completer=LineCompleter(commands, opening),
        complete_while_typing=False,
        # Like a shell, and without the lines that a menu reserves below the prompt.
        complete_style=CompleteStyle.READLINE_LIKE,
    )


def read_line(prompt: PromptSession[str], article: str | None, opening: Opening) -> str:
    """
    Read what the person types; what a thread prints meanwhile appears above it.

    *article* is the id of the only one that is searched, None when all are. Raises
    KeyboardInterrupt after Ctrl-C, and EOFError after Ctrl-D.
    """
    with patch_stdout():
        return prompt.prompt(
            prompt_text(article),
            rprompt=lambda: loading_note(prompt, opening),
            refresh_interval=0.5 if opening.under_way else 0,
        )


def prompt_text(article: str | None) -> str:
    """What stands before a question; a long id of the only *article* is cut."""
    if not article:
        return "? "
    cut = article if len(article) <= MAX_ID else f"{article[: MAX_ID - 1]}…"
    return f"[{cut}] ? "


def loading_note(prompt: PromptSession[str], opening: Opening) -> str:
    """What stands at the right of the prompt; beside a line that was entered it would stay."""
    if prompt.app.is_done or not opening.under_way:
        return ""
    return f"{opening.doing} {opening.seconds} s" if opening.doing != LOADING else LOADING


class LineCompleter(Completer):
    """Completes commands, and the ids of articles behind /article."""

    def __init__(self, commands: Iterable[str], opening: Opening) -> None:
        self._commands = [*commands, "/quit"]
        self._opening = opening

    def get_completions(self, document: Document, _: CompleteEvent) -> Iterator[Completion]:
        """What may stand where the cursor is."""
        command, space, argument = document.text_before_cursor.partition(" ")
        command = command.lower()
        ids = self._opening.article_ids if command == "/article" else []
        begun, known = (argument, ids) if space else (command, self._commands)
        yield from (Completion(word, -len(begun)) for word in known if word.startswith(begun))


class LastingHistory(FileHistory):
    """A file of questions that may become full or unwritable without ending the session."""

    def store_string(self, string: str) -> None:
        """Append *string*, if it can be done."""
        with suppress(OSError):
            super().store_string(replace_surrogates(string))


def open_history(path: Path | None = None) -> History:
    """Open the file of questions asked before, readable by its owner only; else remember none."""
    path = path or platformdirs.user_state_path("article-bot", appauthor=False) / "history"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.read_bytes()
    except OSError:
        return InMemoryHistory()
    return LastingHistory(path)
