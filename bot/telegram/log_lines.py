"""
How a line of the log is written: for people, or as JSON for programs.

No token stands in a line, whoever put it there, and nothing that is told breaks a line in two:
else whoever can make the bot tell something could write lines of their own.
"""

from __future__ import annotations

import json
import logging
import os
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Literal

from telegram.error import TelegramError

from bot.plain_text import mask, one_line
from index.errors import ArticleBotError

LogFormat = Literal["text", "json"]

# The number of the update that is worked on, which its lines have in common; 0 for none.
request_id: ContextVar[int] = ContextVar("request_id", default=0)

# Not the apostrophe inside of a word.
_QUOTED = re.compile(r"""([“‘«"]|(?<!\w)').*?([”’»"]|'(?!\w))""")


class TextFormatter(logging.Formatter):
    """Writes lines for people."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (the base class's)
        """Write the line, which stays one."""
        return one_line(super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        """Format *record*, traceback and all, and mask what looks like a token."""
        return mask(super().format(record))


class JsonFormatter(logging.Formatter):
    """
    Writes an object a line, without a word of what people write.

    Of an exception that is told the quoted words are left out; of one that is neither the bot's
    nor Telegram's own its kind is told. A traceback comes when ARTICLE_BOT_DEBUG asks for one.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Format *record*."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": one_line(_public_message(record)),
            "process": record.process,
        }
        if request := request_id.get():
            line["request"] = request
        if record.exc_info and record.exc_info[1] is not None:
            line |= self._told_of(record.exc_info[1], record)
        return mask(json.dumps(line, ensure_ascii=False))

    def _told_of(self, error: BaseException, record: logging.LogRecord) -> dict[str, str]:
        if os.environ.get("ARTICLE_BOT_DEBUG") and record.exc_info:
            return {"traceback": self.formatException(record.exc_info)}
        return {"error": f"{type(error).__name__} in {place_of(error)}"}


def _public_message(record: logging.LogRecord) -> str:
    if not isinstance(record.args, tuple):
        return record.getMessage()
    return str(record.msg) % tuple(_public(arg) for arg in record.args)


def _public(arg: object) -> object:
    if isinstance(arg, ArticleBotError | TelegramError):
        return without_quotes(str(arg))
    return type(arg).__name__ if isinstance(arg, BaseException) else arg


def without_quotes(text: str) -> str:
    """*text* without the words that it quotes, which may be somebody's."""
    return _QUOTED.sub(r"\1…\2", text)


def place_of(error: BaseException) -> str:
    """Where *error* was raised, the last of this program's own lines: "bot/x.py:12"."""
    place, frame = "nowhere", error.__traceback__
    root = f"{os.sep}{__name__.partition('.')[0]}{os.sep}"
    while frame is not None:
        name = frame.tb_frame.f_code.co_filename
        for room in (root, f"{os.sep}index{os.sep}"):
            if room in name:
                place = f"{room[1:]}{name.rpartition(room)[2]}:{frame.tb_lineno}"
        frame = frame.tb_next
    return place
