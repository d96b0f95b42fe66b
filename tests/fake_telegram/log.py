"""Everything that went in and out, in order."""

from __future__ import annotations

import threading
import time
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from fake_telegram.world import Json


@dataclass
class Arrival:
    """An update; `seen` says whether the bot gets it."""

    kind: str
    content: Json
    seen: bool
    at: float = field(default_factory=time.monotonic)  # seconds

    def __post_init__(self) -> None:
        self.content = deepcopy(self.content)  # it may be edited later


@dataclass(eq=False)
class Call:
    """A call of the bot, decoded, and what came of it."""

    method: str
    params: Json
    result: Any = None
    error_code: int = 0  # 0 when it was carried out
    error: str = ""
    injected: bool = False  # whether the error was asked for by the test
    taken: bool = False  # whether a wait has given it out
    at: float = field(default_factory=time.monotonic)  # seconds, when the call arrived

    def matches(self, method: str, wanted: Json) -> bool:
        """Whether this is a call of *method* whose parameters have the *wanted* values."""
        return self.method == method and all(
            self.params.get(name) == value for name, value in wanted.items()
        )


class Log:
    """The arrivals and calls in order; guarded by the condition that is given."""

    def __init__(self, changed: threading.Condition) -> None:
        self.changed = changed
        self.entries: list[Arrival | Call] = []

    def add(self, entry: Arrival | Call) -> None:
        """Note *entry* and wake whoever waits for it."""
        with self.changed:
            self.entries.append(entry)
            self.changed.notify_all()

    def calls(self, method: str | None = None) -> list[Call]:
        """Give the calls of *method*, in order, or all that are no polls."""
        with self.changed:
            calls = [entry for entry in self.entries if isinstance(entry, Call)]
        if method is None:
            return [call for call in calls if call.method != "getUpdates"]
        return [call for call in calls if call.method == method]

    def take(self, method: str, wanted: Json, timeout: float, *, refused: bool) -> Call | None:
        """Give the first call that matches and was not given out yet; None after *timeout* s."""

        def found() -> Call | None:
            for call in self.calls(method):
                fits = bool(call.error_code) == refused and call.matches(method, wanted)
                if fits and not call.taken:
                    return call
            return None

        with self.changed:
            self.changed.wait_for(found, timeout)
            call = found()
            if call:
                call.taken = True
            return call
