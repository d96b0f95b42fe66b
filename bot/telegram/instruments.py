"""
What the bot counts and times while it runs.

Whoever works says what happened; nobody listens, and it costs nothing, unless the operator asks
for figures (bot.telegram.prometheus_sink).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, Protocol

Place = Literal["private", "group", "channel", "comment", "inline", "guest"]
Reason = Literal["allowance", "age", "waiting", "unreadable", "quota"]


class Sink(Protocol):
    """Who listens; its methods are called from any thread."""

    def count(self, name: str, **labels: str) -> None:
        """Count one more of *name*."""

    def time(self, stage: str, seconds: float) -> None:
        """Note that *stage* took so long."""


class _Nobody:
    """Listens to nothing."""

    def count(self, name: str, **labels: str) -> None:
        """Do nothing."""

    def time(self, stage: str, seconds: float) -> None:
        """Do nothing."""


_NOBODY = _Nobody()
_listening: list[Sink] = [_NOBODY]


@contextmanager
def heard_by(sink: Sink) -> Iterator[None]:
    """Let *sink* hear what happens meanwhile."""
    before, _listening[0] = _listening[0], sink
    try:
        yield
    finally:
        _listening[0] = before


def count(name: str, **labels: str) -> None:
    """Count one more of *name*, one of the COUNTERS of bot.telegram.prometheus_sink."""
    _listening[0].count(name, **labels)


def note_time(stage: str, seconds: float) -> None:
    """Note that *stage* took so long."""
    _listening[0].time(stage, seconds)


@contextmanager
def timed(stage: str) -> Iterator[None]:
    """Note how long it takes what is done meanwhile."""
    started = time.perf_counter()
    try:
        yield
    finally:
        note_time(stage, time.perf_counter() - started)


def drop(reason: Reason) -> None:
    """Count an update that is left out."""
    count("dropped", reason=reason)


def note_answer(place: Place, tier: str) -> None:
    """Count a question, and whether the articles answer it."""
    count("questions", place=place)
    if tier == "not":
        count("refused")
    else:
        count("answered", tier=tier)
