"""
The command `article-bot`: it runs a subcommand, and whatever happens is one line and an exit code.

Exit codes: 0 done (for `ask`: answered), 3 the articles do not answer, 2 the command was used
wrongly, 1 any other failure, 130 interrupted.
"""

from __future__ import annotations

import gc
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from io import TextIOWrapper
from typing import TYPE_CHECKING

import click

from bot.commands import article_bot
from bot.console.completing import completed
from bot.console.terminal import PROGRAM, print_error
from bot.exit_codes import DONE, FAILED, INTERRUPTED, MISUSED
from bot.resources import Resources
from index.errors import ArticleBotError, InterruptionError, QuestionError, UsageError

if TYPE_CHECKING:
    from index.encoding.protocol import Encoder

_EXIT_CODES = (((UsageError, QuestionError), MISUSED), (InterruptionError, INTERRUPTED))


def program() -> int:
    """Run the command of this process, and make its end short."""
    asked = completed(article_bot, PROGRAM, Resources())
    code = main() if asked is None else asked
    # The interpreter looks for garbage several times before it ends, in all that was imported;
    # with these objects left out, the end of `ask` takes .03 s of processor time instead of .19.
    gc.freeze()
    return code


def main(
    argv: Sequence[str] | None = None,
    *,
    load_encoder: Callable[[str | None], Encoder] | None = None,
) -> int:
    """
    Run the command *argv* (default: the program's own) and return its exit code.

    Whatever happens, a person sees one line and no traceback, unless ARTICLE_BOT_DEBUG asks for it.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # what the terminal cannot show is spelled out
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _run(argv, Resources(load_encoder, notice=print_error))
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as exc:
        return _lost_output(exc)
    return code


def _run(argv: Sequence[str] | None, resources: Resources) -> int:
    try:
        return _invoke(sys.argv[1:] if argv is None else list(argv), resources)
    except click.UsageError as exc:
        return _misused(exc)
    except ArticleBotError as exc:
        print_error(str(exc))
        return _exit_code(exc)
    except KeyboardInterrupt:
        print_error("interrupted; nothing half done was stored.")
        return INTERRUPTED
    except OSError as exc:
        if exc.filename is None:  # it is no file that failed, but the output
            raise
        return _unexpected(exc)
    except Exception as exc:
        return _unexpected(exc)


def _invoke(arguments: list[str], resources: Resources) -> int:
    """Run the command; click's own `main` would have the last word on Ctrl-C and lost output."""
    try:
        with article_bot.make_context(PROGRAM, arguments, obj=resources) as context:
            code: int | None = article_bot.invoke(context)
    except click.exceptions.Exit as exc:  # after --help and --version
        return exc.exit_code
    return code or DONE


def _exit_code(exc: ArticleBotError) -> int:
    return next((code for errors, code in _EXIT_CODES if isinstance(exc, errors)), FAILED)


def _misused(exc: click.UsageError) -> int:
    message = exc.format_message().rstrip(".")
    see = " See" if message.endswith("?") else "; see"  # after "Did you mean 'list'?"
    print_error(f"{message}{see} {exc.ctx.command_path if exc.ctx else PROGRAM} --help.")
    return MISUSED


def _unexpected(exc: Exception) -> int:
    from bot.plain_text import describe_failure, mask

    if os.environ.get("ARTICLE_BOT_DEBUG") and sys.stderr is not None:
        sys.stderr.write(mask("".join(traceback.format_exception(exc))))

    print_error(describe_failure(exc))
    return FAILED


def _lost_output(exc: OSError) -> int:
    """Go silently when nobody reads any more; say it when the output cannot be written."""
    if not isinstance(exc, BrokenPipeError):
        print_error(f"the output cannot be written ({exc.strerror or exc}).")
    # What is left in the buffer would fail again when the interpreter flushes it.
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return FAILED
