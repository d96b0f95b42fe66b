"""The console for scripts: one question a line, each answered before the next is read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from bot.console.answer_json import answer_json, to_json
from bot.console.answer_text import answer_text
from bot.console.piped_wishes import PipedWishes
from bot.console.terminal import error_line
from bot.console.text_layout import PLAIN
from bot.plain_text import describe_failure, one_line
from bot.wishes import ABOUT_ANSWER, WishKind, read_wish
from index.datatypes import Answer
from index.errors import ArticleBotError, QuestionError

if TYPE_CHECKING:
    from bot.console.text_layout import TextStyle
    from index.answering import Answerer

MAX_LINE = 1_000_000  # bytes; far above the longest question with its history
# What people say of an answer; nothing is looked up for it.
REMARKS: frozenset[WishKind] = frozenset({"agree", "deny", "wrong", "good", "bad"})


@dataclass(frozen=True, slots=True)
class Request:
    """What one line of a batch asks."""

    question: str
    article: str | None = None
    history: tuple[str, ...] = ()


def run_batch(
    answerer: Answerer, lines: BinaryIO, out: TextIO, errors: TextIO, style: TextStyle | None
) -> None:
    """
    Answer the questions of *lines*, one a line, each before the next is read.

    Without a *style* every line, also a bad or a blank one, gets one line of JSON. As text, blank
    lines are skipped, the question stands before its answer, a bad line is told to *errors*, and
    words that are no question ("in short", "/more") are about the answer before.
    """
    wishes = PipedWishes(answerer, lambda text: _write(text, out), style or PLAIN)
    for line in read_lines(lines):
        if style is None:
            _respond_json(answerer, line, out)
        elif line is None or line.strip():
            _respond_text(wishes, line, out, errors)
        out.flush()


def read_lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """Yield the lines of *stream* as they come; None for one longer than MAX_LINE."""
    while line := stream.readline(MAX_LINE + 1):
        if len(line) <= MAX_LINE or line.endswith(b"\n"):
            yield line
            continue
        while (rest := stream.readline(MAX_LINE)) and not rest.endswith(b"\n"):
            pass
        yield None


def parse_request(line: bytes | None) -> Request:
    """Read one line: a question, or a JSON object with it; raise QuestionError for a bad one."""
    if line is None:
        raise QuestionError(f"the line is longer than {MAX_LINE:,} bytes; ask in fewer words.")
    try:
        text = line.decode("utf-8-sig").strip()
    except UnicodeDecodeError as exc:
        raise QuestionError(
            f"the line is not UTF-8 (at byte {exc.start + 1:,}); write questions in UTF-8."
        ) from exc
    return _parse_object(text) if text.startswith("{") else Request(text)


def _parse_object(text: str) -> Request:
    try:
        fields = json.loads(text)
    except json.JSONDecodeError as exc:
        reason = exc.msg.removesuffix(" at")
        raise QuestionError(
            f"the line begins with {{ but is not JSON ({reason} at column {exc.colno:,})."
        ) from exc
    except (ValueError, RecursionError) as exc:  # a number or a nesting without end
        raise QuestionError("the line begins with { but is not JSON that can be read.") from exc
    question, article, history = (fields.get(key) for key in ("question", "article", "history"))
    if not isinstance(question, str):
        raise QuestionError('the object needs a "question", which is a string.')
    if not isinstance(article, str | None):
        raise QuestionError('"article" must be the id of an article, which is a string.')
    earlier = [] if history is None else history
    if not isinstance(earlier, list) or not all(isinstance(question, str) for question in earlier):
        raise QuestionError('"history" must be a list of earlier questions, which are strings.')
    return Request(question, article, tuple(earlier))


def _ask_line(answerer: Answerer, request: Request) -> Answer:
    article = _scope(answerer, request)
    if _asks_nothing(request):
        return Answer(request.question, "not", 0.0, (), (), 0.0)
    return answerer.answer(request.question, article=article, history=request.history)


def _asks_nothing(request: Request) -> bool:
    """Whether a line only says something about the last answer: "yes", "no, that is wrong"."""
    wish = read_wish(request.question)
    if wish is None:
        return False
    return wish.kind in REMARKS and (wish.kind not in ABOUT_ANSWER or bool(request.history))


def _scope(answerer: Answerer, request: Request) -> str | None:
    """The id of the article that is asked, whose beginning may be given; None for all."""
    return None if request.article is None else answerer.library.complete(request.article)


def _respond_json(answerer: Answerer, line: bytes | None, out: TextIO) -> None:
    reply: dict[str, Any]
    try:
        reply = answer_json(_ask_line(answerer, parse_request(line)))
    except ArticleBotError as exc:
        reply = {"error": str(exc)}
    except Exception as exc:  # one line may not end the session of a script
        reply = {"error": describe_failure(exc)}
    out.write(to_json(reply) + "\n")


def _respond_text(wishes: PipedWishes, line: bytes | None, out: TextIO, errors: TextIO) -> None:
    answerer, style = wishes.answerer, wishes.style
    try:
        request = parse_request(line)
        out.write(f"? {one_line(request.question)}\n")
        out.flush()
        if wishes.grant(request.question):
            return
        answer = _ask_line(answerer, request)
        articles = answerer.count_articles(_scope(answerer, request))
        wishes.last.replace_with(answer, articles, short=style.short)
        _write(answer_text(answer, style, articles=articles), out)
    except ArticleBotError as exc:
        _write_error(str(exc), errors)
    except OSError:  # it is the output that failed
        raise
    except Exception as exc:  # one line may not end the session of a script
        _write_error(describe_failure(exc), errors)


def _write(text: str, out: TextIO) -> None:
    out.write(f"{text}\n\n")


def _write_error(message: str, errors: TextIO) -> None:
    errors.write(f"{error_line(message)}\n")
    errors.flush()
