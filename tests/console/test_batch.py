"""The console for scripts: lines in, answers out."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from answerers import FixedAnswerer

from bot.console.batch import Request, parse_request, run_batch
from bot.console.text_layout import PLAIN
from index.text.surrogates import replace_surrogates


def batch(answerer: FixedAnswerer, data: bytes, *, as_json: bool) -> tuple[str, str]:
    """Run a batch on *data*; what it wrote, and its complaints."""
    out, errors = io.StringIO(), io.StringIO()
    run_batch(answerer, io.BytesIO(data), out, errors, None if as_json else PLAIN)  # type: ignore[arg-type]
    return out.getvalue(), errors.getvalue()


def json_batch(data: bytes) -> list[dict[str, Any]]:
    """Run a batch with JSON; its answers."""
    return [json.loads(line) for line in batch(FixedAnswerer(), data, as_json=True)[0].splitlines()]


def test_text_batch() -> None:
    """Piped as text, each question stands before its answer, and a blank line after it."""
    assert batch(FixedAnswerer(max_passages=1), b"who?\n\n  when?  \n", as_json=False) == (
        "? who?\nThe article may say this:\n  They sat.\n  — The guests, paragraph 2\n\n"
        "? when?\nThe article may say this:\n  They sat.\n  — The guests, paragraph 2\n\n",
        "",
    )


def test_text_batch_tells_bad_lines_apart() -> None:
    """Piped as text, a bad line is one line of complaint, and the session goes on."""
    out, errors = batch(FixedAnswerer(max_passages=1), b"{\nwho?\n", as_json=False)

    assert out == "? who?\nThe article may say this:\n  They sat.\n  — The guests, paragraph 2\n\n"
    assert errors == (
        "article-bot: the line begins with { but is not JSON (Expecting property name enclosed "
        "in double quotes at column 2).\n"
    )


def test_json_batch_keeps_the_order() -> None:
    """Every line gets one line of JSON, in order, whether plain or an object."""
    answers = json_batch(b'first?\n{"question": "second?"}\nthird?')

    assert [answer["question"] for answer in answers] == ["first?", "second?", "third?"]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"", "the question is empty; ask something."),
        (b"caf\xe9?", "the line is not UTF-8 (at byte 4); write questions in UTF-8."),
        (b"{}", 'the object needs a "question", which is a string.'),
        (b'{"question": 7}', 'the object needs a "question", which is a string.'),
        (b'{"question": "a", "article": 7}',
         '"article" must be the id of an article, which is a string.'),
        (b'{"question": "a", "history": "b"}',
         '"history" must be a list of earlier questions, which are strings.'),
        (b'{"question": "a", "history": [1]}',
         '"history" must be a list of earlier questions, which are strings.'),
        (b'{"question": "a", "article": "none"}', "there is no article 'none'."),
        (b'{"question": "a\tb"}',
         "the line begins with { but is not JSON (Invalid control character at column 16)."),
        (b'{"question": "a"} x',
         "the line begins with { but is not JSON (Extra data at column 19)."),
        (b'{"question": ' + b"[" * 100_000,
         "the line begins with { but is not JSON that can be read."),
        (b"x" * 1_000_001, "the line is longer than 1,000,000 bytes; ask in fewer words."),
        (b"x" * 3_000_000, "the line is longer than 1,000,000 bytes; ask in fewer words."),
    ],
    ids=lambda value: value[:30] if isinstance(value, bytes) else "",
)  # fmt: skip
def test_bad_line_is_an_error_and_the_session_goes_on(line: bytes, error: str) -> None:
    """A bad line, also a blank one, gets an error object in its place; the next is answered."""
    bad, good = json_batch(line + b"\ngood?\n")

    assert bad == {"error": error}
    assert good["question"] == "good?"


def test_unexpected_failure_does_not_end_a_json_batch() -> None:
    """Even an exception that nobody expected costs one answer only."""
    answerer = FixedAnswerer(during=lambda: 1 / 0)

    out, _ = batch(answerer, b"a?\n", as_json=True)

    assert json.loads(out)["error"].startswith("unexpected ZeroDivisionError (division by zero)")


def test_unexpected_failure_does_not_end_a_text_batch() -> None:
    """As text, too, it is one line of complaint."""
    out, errors = batch(FixedAnswerer(during=lambda: 1 / 0), b"a?\nb?\n", as_json=False)

    assert out == "? a?\n? b?\n"
    assert [line[:35] for line in errors.splitlines()] == [
        "article-bot: unexpected ZeroDivisio",
        "article-bot: unexpected ZeroDivisio",
    ]


def test_object_narrows_the_search_and_brings_history() -> None:
    """The article and the earlier questions of an object reach the desk; null is absent."""
    answerer = FixedAnswerer()

    lines = (
        b'{"question": "a", "article": "guests", "history": ["b", "c"], "other": 1}\n'
        b'{"question": "d", "article": null, "history": null}\n'
    )
    batch(answerer, lines, as_json=True)

    assert answerer.asked == [("a", "guests", ("b", "c")), ("d", None, ())]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ({"question": "yes", "history": ["why?"]}, 0),
        ({"question": "no"}, 0),
        ({"question": "No, that is wrong!", "history": ["why?"]}, 0),
        ({"question": "great"}, 1),
        ({"question": "why?", "history": ["who?"]}, 1),
    ],
)
def test_remarks_are_not_looked_up(line: dict[str, Any], found: int) -> None:
    """Who agrees or complains asks nothing; without an earlier question, "great" may be a word."""
    [answer] = json_batch(json.dumps(line).encode())

    assert (answer["answered"], bool(answer["passages"])) == (bool(found), bool(found))


def test_plain_lines_stand_alone() -> None:
    """Plain lines of a batch are no conversation: each is asked without history."""
    answerer = FixedAnswerer()

    batch(answerer, b"a\nb\n", as_json=False)

    assert answerer.asked == [("a", None, ()), ("b", None, ())]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("in short", "The article may say this:\n  They sat.\n  — The guests, paragraph 2\n"),
        ("where does it say that", "  One came.\n\n  Two came.\n> They sat.\n"),
        ("/context", "  One came.\n\n  Two came.\n> They sat.\n"),
        ("danke", "Gern geschehen."),
        ("bye", "Goodbye."),
        ("help", "I answer questions about articles"),
    ],
)
def test_words_that_ask_nothing_are_no_questions(line: str, shown: str) -> None:
    """Piped as text they get what they get in a terminal, and are not asked."""
    answerer = FixedAnswerer(max_passages=1)

    out, errors = batch(answerer, f"who?\n{line}\n".encode(), as_json=False)

    assert out.partition(f"? {line}\n")[2].startswith(shown)
    assert (len(answerer.asked), errors) == (1, "")


def test_before_an_answer_a_wish_asks_for_one() -> None:
    """There is nothing yet that "more" could be about, and "in short" wishes a summary."""
    answerer = FixedAnswerer()

    out, _ = batch(answerer, b"more\nin short\n", as_json=False)

    assert out.startswith("? more\nThere is no answer yet; ask something first.\n\n? in short\n")
    assert [question for question, *_ in answerer.asked] == ["in short"]


def test_a_command_that_is_piped_is_refused() -> None:
    """Lines that are piped stand alone, so none can narrow those after it."""
    out, errors = batch(FixedAnswerer(), b"/article guests\n", as_json=False)

    assert out == "? /article guests\n"
    assert errors.startswith("article-bot: /article is for the console in a terminal;")


def test_json_asks_every_line() -> None:
    """With JSON a line is a question, whatever it says."""
    answerer = FixedAnswerer()

    batch(answerer, b"more\n/more\n", as_json=True)

    assert [question for question, *_ in answerer.asked] == ["more", "/more"]


def test_byte_order_mark_is_not_asked() -> None:
    """The mark that some programs put before UTF-8 is no part of the question."""
    assert parse_request(b"\xef\xbb\xbfwho?\r\n") == Request("who?")


def test_lone_surrogates_are_replaced() -> None:
    """Halves of surrogate pairs, which JSON can spell, are made readable for the model."""
    assert replace_surrogates(parse_request(rb'{"question": "a\ud800b"}').question) == "a\ufffdb"


def test_answers_come_while_input_is_open() -> None:
    """Each answer is out before the next line is read."""
    out = io.StringIO()
    seen: list[int] = []

    class Lines(io.BytesIO):
        def readline(self, size: int | None = -1, /) -> bytes:
            seen.append(out.getvalue().count("\n"))
            return super().readline(size)

    run_batch(FixedAnswerer(), Lines(b"a\nb\n"), out, io.StringIO(), None)  # type: ignore[arg-type]

    assert seen == [0, 1, 2]
