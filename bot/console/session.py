"""
The console for a person: a conversation with history, line editing and commands.

The prompt is there at once; what answers takes seconds to open, and only the first
question waits for it.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from bot.console import answer_text
from bot.console.answer_text import Look
from bot.console.terminal import look_of
from index.datatypes import Passage
from index.errors import ArticleBotError
from index.text.context import context_span
from index.text.surrogates import replace_surrogates

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import Completer
    from prompt_toolkit.history import History

    from index.answering import Answerer

T = TypeVar("T")

EARLIER_QUESTIONS = 4  # that a question of a conversation is read with
LISTED = 30  # articles that /articles shows
PATIENCE = 0.2  # seconds before waiting is announced

GREETING = "Ask about the articles in your own words; /help shows more, Ctrl-D leaves."
HELP = """\
Type a question and press Enter; the article answers in its own words.
  /more          the next passages for the last question
  /context [N]   the paragraphs around the first (or N-th) passage shown last
  /articles      the articles that are searched
  /article [ID]  search this article only; without ID: all of them again
  /help          this list
  /quit          leave (so does Ctrl-D)
Ctrl-C stops an answer. Tab completes commands and article ids; arrow up brings back a question."""


class Unavailable(Exception):  # noqa: N818 (no error: it has been told already)
    """Raised when a question cannot be answered and the reason has been said."""


def in_background(work: Callable[[], T]) -> Future[T]:
    """Do *work* in a thread that neither Ctrl-C nor leaving has to wait for."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as exc:  # it is raised where the result is used
            future.set_exception(exc)

    threading.Thread(target=run, daemon=True).start()
    return future


class Opening:
    """What answers, being opened in the background; a failure is said once, then tried again."""

    def __init__(self, open_answerer: Callable[[], Answerer], say: Callable[[str], None]) -> None:
        self._open_answerer = open_answerer
        self._say = say
        self.article_ids: list[str] = []
        self._future = in_background(self._open)

    def _open(self) -> Answerer:
        try:
            answerer = self._open_answerer()
            self.article_ids = [info.id for info in answerer.library.listing()]
        except ArticleBotError as exc:
            self._say(f"article-bot: {answer_text.one_line(str(exc))}")
            raise Unavailable from exc
        except Exception as exc:
            self._say(f"article-bot: {answer_text.describe_failure(exc)}")
            raise Unavailable from exc
        return answerer

    @property
    def under_way(self) -> bool:
        """Whether it is not open yet, and has not failed."""
        return not self._future.done()

    def answerer(self, wait: Callable[[Future[Answerer], str], Answerer]) -> Answerer:
        """Wait with *wait* until it is open; raise Unavailable when it does not open."""
        if self._future.done() and self._future.exception():
            self._future = in_background(self._open)
        return wait(self._future, "loading the model…")


class Conversation:
    """What has been asked and shown in a person's session, and the commands on it."""

    def __init__(
        self,
        opening: Opening,
        say: Callable[[str], None],
        look: Callable[[], Look],
        wait: Callable[[Future[Any], str], Any],
    ) -> None:
        self._opening = opening
        self._say = say
        self._look = look
        self._wait = wait
        self.scope: str | None = None
        self._questions: list[str] = []
        self._shown: tuple[Passage, ...] = ()  # last
        self._more: tuple[Passage, ...] = ()  # of the last answer, not shown yet
        self.commands: dict[str, Callable[[str], None]] = {
            "/more": self._show_more,
            "/context": self._show_context,
            "/articles": self._show_articles,
            "/article": self._narrow,
            "/help": lambda _: self._say(HELP),
        }

    def hear(self, line: str) -> bool:
        """Answer one line, a question or a command; False when it says to leave."""
        text = " ".join(line.split())
        name, _, rest = text.partition(" ")
        if name in ("/quit", "/exit"):
            return False
        if not text:
            return True
        if name in self.commands:
            self.commands[name](rest)
        elif name.startswith("/"):
            self._say(f"There is no command {answer_text.printable(name)}; /help lists them.")
        else:
            self._ask(text)
        return True

    def _answerer(self) -> Answerer:
        return self._opening.answerer(self._wait)

    def _ask(self, question: str) -> None:
        answerer = self._answerer()
        history = tuple(self._questions[-EARLIER_QUESTIONS:])
        scope = self.scope
        work = in_background(
            lambda: (
                answerer.answer(question, article=scope, history=history),
                answerer.count_articles(scope),
            )
        )
        answer, articles = self._wait(work, "reading…")
        self._questions = [*history, question]
        shown = len(answer.passages) if answer.answered else 1
        self._shown = answer.passages[:shown]
        self._more = (*answer.passages[shown:], *answer.further)
        self._say(answer_text.answer_text(answer, self._look(), articles=articles))

    def _show_more(self, _: str) -> None:
        if not self._more:
            self._say("There are no more passages; ask something else.")
            return
        number = self._answerer().max_passages
        self._shown, self._more = self._more[:number], self._more[number:]
        self._say(answer_text.passages_text(self._shown, self._look()))

    def _show_context(self, number: str) -> None:
        if not self._shown:
            self._say("There is no passage yet; ask something first.")
        elif number and not (number.isdecimal() and 1 <= int(number) <= len(self._shown)):
            shown = answer_text.count(len(self._shown), "passage")
            self._say(f"The last reply showed {shown}; say which by its number, /context 1.")
        else:
            passage = self._shown[int(number or 1) - 1]
            self._say(answer_text.context_text(passage, context_span(passage), self._look()))

    def _show_articles(self, _: str) -> None:
        infos = self._answerer().library.listing()
        self._opening.article_ids = [info.id for info in infos]
        if not infos:
            self._say(answer_text.NO_ARTICLES)
            return
        self._say(answer_text.listing_text(infos[:LISTED], self._look()))
        if len(infos) > LISTED:
            left = answer_text.count(len(infos) - LISTED, "article")
            self._say(f"… and {left} more; `article-bot list` shows all.")

    def _narrow(self, article: str) -> None:
        if article:
            title = answer_text.one_line(self._answerer().library.get(article).article.title)
            self._say(f"Only this article is searched now: {title}")
        else:
            self._say("All articles are searched now.")
        self.scope = article or None
        self._questions = []


def run_interactive(open_answerer: Callable[[], Answerer]) -> None:
    """
    Talk with a person until they leave; *open_answerer* runs in the background meanwhile.

    Ctrl-C stops an answer (its thread ends by itself, unheard), or empties the line.
    """
    from rich.console import Console

    screen = Console()

    def say(text: str) -> None:
        sys.stdout.write(f"{answer_text.fold(text, look_of(sys.stdout))}\n\n")
        sys.stdout.flush()

    def wait(future: Future[T], reason: str) -> T:
        with suppress(TimeoutError):
            return future.result(PATIENCE)
        with screen.status(reason):
            return future.result()

    opening = Opening(open_answerer, say)
    conversation = Conversation(opening, say, lambda: look_of(sys.stdout), wait)
    session = make_session(conversation.commands, opening)
    say(GREETING)
    going_on = True
    while going_on:
        try:
            line = _read_line(session, conversation.scope, opening)
        except KeyboardInterrupt:
            if not session.default_buffer.text:
                say("Ctrl-D or /quit leaves.")
        except EOFError:
            return
        else:
            going_on = _hear(conversation, line, say)


def _read_line(session: PromptSession[str], scope: str | None, opening: Opening) -> str:
    """Read what the person types; what a thread says meanwhile appears above it."""
    from prompt_toolkit.patch_stdout import patch_stdout

    with patch_stdout():
        return session.prompt(
            f"[{scope}] ? " if scope else "? ",
            rprompt=lambda: aside(session, opening),
            refresh_interval=0.5 if opening.under_way else 0,
        )


def aside(session: PromptSession[str], opening: Opening) -> str:
    """What stands at the right of the prompt; beside a line that was entered it would stay."""
    return "loading the model…" if opening.under_way and not session.app.is_done else ""


def _hear(conversation: Conversation, line: str, say: Callable[[str], None]) -> bool:
    """Let *conversation* hear *line*, and say in one line what went wrong."""
    try:
        return conversation.hear(line)
    except KeyboardInterrupt:
        say("Stopped.")
    except Unavailable:
        pass
    except ArticleBotError as exc:
        say(f"article-bot: {answer_text.one_line(str(exc))}")
    except Exception as exc:  # one answer may not end the session
        say(f"article-bot: {answer_text.describe_failure(exc)}")
    return True


def make_session(commands: Iterable[str], opening: Opening) -> PromptSession[str]:
    """Make the prompt: line editing, the history of all sessions, completion with Tab."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
    from prompt_toolkit.shortcuts import CompleteStyle

    return PromptSession(
        history=open_history(),
        auto_suggest=AutoSuggestFromHistory(),
        completer=make_completer(commands, opening),
        complete_while_typing=False,
        # Like a shell, and without the lines that a menu reserves below the prompt.
        complete_style=CompleteStyle.READLINE_LIKE,
    )


def make_completer(commands: Iterable[str], opening: Opening) -> Completer:
    """Complete commands, and the ids of articles behind /article."""
    from prompt_toolkit.completion import CompleteEvent, Completer, Completion
    from prompt_toolkit.document import Document

    names = [*commands, "/quit"]

    class LineCompleter(Completer):
        """What may stand where the cursor is."""

        def get_completions(self, document: Document, _: CompleteEvent) -> Iterator[Completion]:
            name, space, begun = document.text_before_cursor.partition(" ")
            ids = opening.article_ids if name == "/article" else []
            begun, known = (begun, ids) if space else (name, names)
            yield from (Completion(word, -len(begun)) for word in known if word.startswith(begun))

    return LineCompleter()


def open_history(path: Path | None = None) -> History:
    """Open the file of questions asked before, readable by its owner only; else remember none."""
    import platformdirs
    from prompt_toolkit.history import FileHistory, InMemoryHistory

    path = path or platformdirs.user_state_path("article-bot", appauthor=False) / "history"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.read_bytes()
    except OSError:
        return InMemoryHistory()

    class LastingHistory(FileHistory):
        """A file that may become full or unwritable without ending the session."""

        def store_string(self, string: str) -> None:
            with suppress(OSError):
                super().store_string(replace_surrogates(string))

    return LastingHistory(path)
