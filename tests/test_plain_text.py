"""Text that breaks no line and steers no terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.plain_text import count, describe_failure, one_line, printable


@given(st.text())
def test_printable_text_keeps_its_offsets(text: str) -> None:
    """Control characters are replaced one for one, and nothing else is touched."""
    shown = printable(text)

    assert len(shown) == len(text)
    assert all(new in (old, "\ufffd") for old, new in zip(text, shown, strict=True))


def test_one_line_has_no_line_end() -> None:
    """Line ends and other spaces become one space, and control characters are defused."""
    assert one_line(" a\n\tb\u2028\x1b[0m ") == "a b\ufffd\ufffd[0m"


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 articles"), (1, "1 article"), (1234, "1,234 articles")]
)
def test_things_are_counted(number: int, said: str) -> None:
    """Only one of them is singular."""
    assert count(number, "article") == said


def test_unexpected_failure_is_one_line() -> None:
    """An exception that nobody expected is told with its type, on one line, with the next step."""
    assert describe_failure(ValueError("bad\nthing \x1b[0m")) == (
        "unexpected ValueError (bad thing \ufffd[0m); "
        "set ARTICLE_BOT_DEBUG=1 to see where it comes from, and please report it."
    )
