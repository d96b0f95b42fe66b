"""
Kill commands at random moments, and look at what is there afterwards.

    python tests/benchmarks/command_kills.py [--kills 100] [--seed 1]
        [--job "add a file" …] [--database sqlite postgresql+psycopg://USER@HOST:PORT]

Each kill gets a database and folders of its own. A command (add, export, import, remove, or any on
an old database, which it brings up) is ended by SIGKILL after a random part of the time that it
takes; then the database checks itself, what is there is compared with what may be, the same command
runs again, and then all must be done, articles must answer, and nothing half made may be left. The
real model encodes. The kills are divided among jobs and databases; a line for each says how many
there were and what was wrong. Exits with 1 when anything was.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

from killed_commands import JOBS, Death, kill, place_on
from packaged_model import packaged_encoder

from index.encoding.export_cache import user_cache


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.strip().split("\n")[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--job", nargs="+", choices=list(JOBS), default=list(JOBS))
    parser.add_argument("--database", nargs="+", default=["sqlite"])
    given = parser.parse_args()
    chance = random.Random(given.seed)  # noqa: S311 (no secret)
    each = -(-given.kills // (len(given.job) * len(given.database)))
    wrong = 0
    for server in given.database:
        for name in given.job:
            whole = try_once(server, name, 2.0, 1.0).seconds  # lets it end
            deaths: list[Death] = []
            while sum(death.killed for death in deaths) < each:
                # The first fifth is the start of Python.
                deaths.append(try_once(server, name, chance.uniform(0.2, 1.0), whole))
                if not deaths[-1].killed:  # it was faster than the first one
                    whole = deaths[-1].seconds
            wrong += report(server, name, whole, deaths)
    return int(wrong > 0)


def try_once(server: str, job: str, fraction: float, whole: float) -> Death:
    """Kill a command in a place of its own."""
    exports = Path(os.environ.get("ARTICLE_BOT_CACHE") or user_cache())
    exports.mkdir(parents=True, exist_ok=True)
    encoder = packaged_encoder(exports)
    with (
        tempfile.TemporaryDirectory() as made,
        place_on(server, Path(made) / "place", exports, encoder) as place,
    ):
        return kill(place, JOBS[job], fraction, whole)


def report(server: str, job: str, whole: float, deaths: Sequence[Death]) -> int:
    """Print what became of the kills of a job; return how many went wrong."""
    bad = [death for death in deaths if death.wrong]
    at = [death.seconds for death in deaths if death.killed]
    print(
        f"{job}, {server.partition('+')[0]}: {len(at)} kills after {min(at):.1f} to "
        f"{max(at):.1f} s (median {median(at):.1f}) of {whole:.1f} s; {len(bad)} went wrong",
        flush=True,
    )
    for death in bad:
        print(f"  after {death.seconds:.2f} s: {'; '.join(death.wrong[:4])}", flush=True)
    return len(bad)


if __name__ == "__main__":
    sys.exit(main())
