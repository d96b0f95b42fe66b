"""What a check finds: that all is well, or one sentence about what to do."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

State = Literal["ok", "advice", "failed"]

_MARKS: dict[State, str] = {"ok": "✓", "advice": "!", "failed": "✗"}


@dataclass(frozen=True, slots=True)
class Finding:
    """
    What the check called *check* has found, *said* in one line.

    With "advice" the bot works all the same; with "failed" something does not work.
    """

    check: str
    state: State
    said: str

    @property
    def line(self) -> str:
        """The finding as a person reads it."""
        return f"{_MARKS[self.state]} {self.check}: {self.said}"

    @property
    def json(self) -> dict[str, str]:
        """The finding as a script reads it."""
        return asdict(self)


def ok(check: str, said: str) -> Finding:
    """Find that all is well."""
    return Finding(check, "ok", said)


def advice(check: str, said: str) -> Finding:
    """Find something that could be better."""
    return Finding(check, "advice", said)


def failed(check: str, said: str) -> Finding:
    """Find something that does not work."""
    return Finding(check, "failed", said)
