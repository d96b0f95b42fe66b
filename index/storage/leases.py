"""
Which workers live: what one has taken is another's when it has ended.

A worker that works on something moves its beat in the database every second, and looks for those of
others. No clock is read: who has seen the same beat at LEASE more looks takes over, and at once
when the process was one of its own machine and is gone. A look that fails, since the database was
away for all, counts for nothing, and neither does a time in which this worker itself was held up.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

BEAT = 1.0  # seconds between beats
LEASE = 6  # looks without one; a loop that is held up by a long garbage collection has moved


@dataclass
class LeaseWatch:
    """The last beat of each other worker, and at how many looks it has been the same since."""

    seen: dict[str, tuple[int, int]] = field(default_factory=dict)

    def gone(self, beats: Mapping[str, int]) -> list[str]:
        """Those who have ended, of the workers whose last *beats* are these."""
        known = {name: self.seen.get(name, (-1, 0)) for name in beats}
        self.seen = {
            name: (beat, known[name][1] + 1 if known[name][0] == beat else 0)
            for name, beat in beats.items()
        }
        return [
            name for name, (_, looks) in self.seen.items() if looks > LEASE or has_ended_here(name)
        ]


def worker_name() -> str:
    """A name for this process, which no other one has, now or later."""
    process = os.getpid()
    return f"{_place()}//{process}/{_started(process)}/{secrets.token_hex(4)}"


def process_place() -> str:
    """Where this process is, as people are told."""
    return f"process {os.getpid()} of {socket.gethostname()}"[:200]


def has_ended_here(name: str) -> bool:
    """Whether the worker *name* was a process of this machine and is no more."""
    place, _, rest = name.partition("//")
    process, _, rest = rest.partition("/")
    if place != _place() or not process.isdecimal():
        return False
    try:
        os.kill(int(process), 0)  # asks whether it is there
    except ProcessLookupError:
        return True
    except OSError:  # it is somebody else's
        return False
    return _started(int(process)) != rest.partition("/")[0]


def _place() -> str:
    """The machine, or the container, whose processes this one can see."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        space = Path("/proc/self/ns/pid").readlink().name
    except OSError:  # no Linux: leases run out
        return f"{socket.gethostname()} {secrets.token_hex(4)}"
    return f"{boot} {space}"


def _started(process: int) -> str:
    """When *process* has started, "ended" when nobody has waited for it yet."""
    try:
        status = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "hidden"
    fields = status.rpartition(")")[2].split()
    return "ended" if fields[0] in "ZX" else fields[19]
