"""
What time it is by Telegram, which dates messages.

How long a message has waited must not hang on this machine's clock, which may be wrong or jump: by
one that is a day ahead every message is too old.
"""

from __future__ import annotations

import datetime as dt
import time
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

LATE = dt.timedelta(minutes=10)  # after which an answer says that it is late

# The time of the last answer less the monotonic clock, in seconds; None before the first answer.
_offset: list[float | None] = [None]


def now() -> dt.datetime:
    """The time in UTC, by this machine's clock as long as Telegram has not answered."""
    offset = _offset[0]
    if offset is None:
        return dt.datetime.now(dt.UTC)
    return dt.datetime.fromtimestamp(offset + time.monotonic(), dt.UTC)


def skew() -> float:
    """How many seconds this machine's clock is ahead of Telegram's; 0 when that is not known."""
    return (dt.datetime.now(dt.UTC) - now()).total_seconds()


def age_of(date: dt.datetime) -> dt.timedelta:
    """How long ago *date* was."""
    return now() - date


async def note_date(response: httpx.Response) -> None:
    """Take the time over from an answer of Telegram, which says it to the second."""
    try:
        said = parsedate_to_datetime(response.headers["Date"]).timestamp()
    except (KeyError, ValueError):  # a Bot API server of one's own need not say it
        return
    _offset[0] = said - time.monotonic()


def noting_dates() -> dict[str, Any]:
    """What httpx needs to be told so that dates are noted."""
    return {"event_hooks": {"response": [note_date]}}
