"""
The console for a person: lines are read, and each is answered, until the person leaves.

The prompt is there at once; what answers takes seconds to open, and only the first
question waits for it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from bot.console.conversation import Conversation
from bot.console.opening import Opening
from bot.console.pager import show_in_pager
from bot.console.progress import bar
from bot.console.prompt import make_prompt, read_line
from bot.console.screen import Screen
from bot.console.terminal import error_line, style_of
from bot.console.text_layout import fold
from bot.plain_text import describe_failure
from index.errors import ArticleBotError, UnavailableError

if TYPE_CHECKING:
    from index.answering import Answerer

T = TypeVar("T")

SECONDS_BEFORE_STATUS = 0.2  # until it is said what is waited for
GREETING = "Ask about the articles in your own words; /help shows more, Ctrl-D leaves."


def run_interactive(
    open_answerer: Callable[[], Answerer],
    listen: Callable[[Callable[[str], None]], None] = lambda _: None,
    *,
    short: bool = False,
) -> None:
    """
    Talk with a person until they leave; *open_answerer* runs in the background meanwhile.

    *listen* is given what hears of what that takes long for. With *short* an answer is one sentence
    long.

    Ctrl-C stops an answer (its thread ends by itself, unheard), or empties the line.
    """
    opening = Opening(open_answerer, _show, listen)
    screen = Screen(_show, lambda: style_of(sys.stdout), _wait, show_in_pager)
    conversation = Conversation(opening, screen, short=short)
    prompt = make_prompt(conversation.commands, opening)
    _show(GREETING)
    going_on = True
    while going_on:
        try:
            line = read_line(prompt, conversation.article, opening)
        except KeyboardInterrupt:
            if not prompt.default_buffer.text:
                _show("Ctrl-D or /quit leaves.")
        except EOFError:
            return
        else:
            going_on = _handle_line(conversation, line)


def _handle_line(conversation: Conversation, line: str) -> bool:
    """Let *conversation* handle *line*, and say in one line what went wrong."""
    try:
        return conversation.handle_line(line)
    except KeyboardInterrupt:
        _show("Stopped.")
    except UnavailableError:  # it has been told already
        pass
    except ArticleBotError as exc:
        _show(error_line(_in_console_words(str(exc))))
    except Exception as exc:  # one answer may not end the session
        _show(error_line(describe_failure(exc)))
    return True


def _in_console_words(message: str) -> str:
    """*message* with the console's own commands in place of those of the command line."""
    return message.replace("`article-bot list`", "/articles")


def _show(text: str) -> None:
    """Print *text* and a blank line, wrapped to the terminal's width."""
    sys.stdout.write(f"{fold(text, style_of(sys.stdout))}\n\n")
    sys.stdout.flush()


def _wait(future: Future[T], reason: str) -> T:
    """Wait for *future*, and say the *reason* when it takes long."""
    with suppress(TimeoutError):
        return future.result(SECONDS_BEFORE_STATUS)
    with bar() as progress:
        progress.add_task(reason, total=None)
        return future.result()
