"""What of a failure stands in the log."""

from __future__ import annotations

import logging

from bot.telegram.failures import SecretiveFormatter

TOKEN = "123456789:AAFakeTokenOfTheTestsOfTheBot-0_1234"  # noqa: S105


def test_no_token_stands_in_the_log() -> None:
    """Neither in a line, whoever wrote it, nor in a traceback."""
    try:
        raise ValueError(f"https://api.telegram.org/bot{TOKEN}/getMe")
    except ValueError as exc:
        failure = (type(exc), exc, exc.__traceback__)
    record = logging.LogRecord("x", logging.ERROR, "x", 1, "sent to %s", (TOKEN,), failure)

    written = SecretiveFormatter("%(message)s").format(record)

    assert "sent to <token>" in written
    assert "bot<token>/getMe" in written
    assert TOKEN not in written
