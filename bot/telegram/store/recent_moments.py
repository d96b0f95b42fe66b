"""
What was a moment ago, for all workers: how much somebody has asked, and what goes on.

Functions over a connection inside of a transaction; they wait for the database.
"""

from __future__ import annotations

import json
import time
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, delete, select, text

from bot.telegram.store.tables import recent
from bot.telegram.store.upserts import lock_owner

PERIOD = 60.0  # seconds in which something is counted, or belongs together

# Made once, which is half of what they cost.
_RECALL = select(recent.c.value).where(
    recent.c.owner == bindparam("o"),
    recent.c.kind == bindparam("k"),
    recent.c.at >= bindparam("since"),
)
_NOTE = text(
    "INSERT INTO telegram_recent (kind, owner, value, at) VALUES (:k, :o, :value, :at) "
    "ON CONFLICT (owner, kind) DO UPDATE SET value = excluded.value, at = excluded.at"
)

Verdict = Literal["free", "warn", "over"]


def judge(times: list[float], warned: float, limit: int, now: float) -> Verdict:
    """
    Whether one more is within *limit* in a PERIOD, after those at *times*, which it is added to.

    "warn" is the first that is too many since *warned*. Times are seconds, the oldest first.
    """
    times[:] = [at for at in times if now - PERIOD < at <= now]
    if len(times) < limit:
        times.append(now)
        return "free"
    return "over" if now - PERIOD < warned <= now else "warn"


def draw(connection: Connection, kind: str, owner: int, limit: int) -> Verdict:
    """Count once more for *owner*, of this *kind*; see judge."""
    lock_owner(connection, owner)
    now = round(time.time(), 2)
    times, warned = recall(connection, kind, owner) or ([], 0.0)
    verdict = judge(times, warned, limit, now)
    if verdict != "over":
        note(connection, kind, owner, (times, now if verdict == "warn" else warned))
    return verdict


def recall(connection: Connection, kind: str, owner: int) -> Any:  # noqa: ANN401 (JSON)
    """What was noted in the last PERIOD, None when nothing was."""
    key = {"k": kind, "o": owner, "since": int(time.time() - PERIOD)}
    value = connection.scalar(_RECALL, key)
    return None if value is None else json.loads(value)


def note(connection: Connection, kind: str, owner: int, value: Any) -> None:  # noqa: ANN401
    """Note *value*, which JSON can say, in the place of the one before."""
    row = {"k": kind, "o": owner, "value": json.dumps(value), "at": int(time.time())}
    connection.execute(_NOTE, row)


def forget(connection: Connection) -> None:
    """Forget what is over."""
    connection.execute(delete(recent).where(recent.c.at < int(time.time() - 2 * PERIOD)))
