"""
Kill the bot at random moments while it is asked, and count what is lost, doubled or out of order.

    python tests/benchmarks/kills.py [--kills 80] [--burst 50] [--seed 1]
        [--way polling pollers webhook] [--database sqlite postgresql+psycopg://USER@HOST:PORT]

Starts `article-bot telegram` against the tests' Bot API server with the real model and reader, once
for each way and database: one process that polls, two of which one polls, or two behind a webhook.
While so many questions of different chats are outstanding, one process is ended by SIGKILL, at a
random moment of its work or of its start, and started again; then so often again. The last lines
say what became of every question, whether the database is whole, and what was left in the folders.
Exits with 1 when anything was lost, doubled more than once by a kill, or answered out of order.

A database is made on the PostgreSQL server for the run, and removed.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

from killed_bots import WAYS, Toll, kill_at_random
from killed_databases import database_on, is_whole


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.strip().split("\n")[0])
    parser.add_argument("--kills", type=int, default=80)
    parser.add_argument("--burst", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--way", nargs="+", choices=WAYS, default=list(WAYS))
    parser.add_argument("--database", nargs="+", default=["sqlite"])
    given = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed is compiled already
    good = [measure(given, way, server) for server in given.database for way in given.way]
    return 0 if all(good) else 1


def measure(given: argparse.Namespace, way: str, server: str) -> bool:
    """Kill the bots of one *way* on one kind of database; print the toll and whether it is 0."""
    with tempfile.TemporaryDirectory() as made, database_on(server) as url:
        folder, scratch = Path(made) / "bot", Path(made) / "tmp"
        folder.mkdir()
        scratch.mkdir()
        os.environ["TMPDIR"] = str(scratch)
        settings = {"DATABASE": url} if url else {}
        with WAYS[way](folder, **settings) as workers:
            kill_at_random(workers, given.kills, given.burst, given.seed)
            toll = workers.toll()
        whole = is_whole(url or f"sqlite:///{folder / 'articles.sqlite'}")
        left = sorted(file.name for place in (folder, scratch) for file in place.iterdir())
    report(f"{way}, {'PostgreSQL' if url else 'SQLite'}", toll)
    print(f"  database {'whole' if whole else 'DAMAGED'}; files: {', '.join(left) or 'none'}")
    return whole and not (toll.lost or toll.disordered or toll.worst > 1)


def report(name: str, toll: Toll) -> None:
    ready = sorted(toll.returns) or [0.0]
    print(
        f"{name}: {len(toll.kills)} kills, {toll.asked} questions, {toll.lost} lost, "
        f"{toll.doubled} answered twice (at most {toll.worst} by a kill), "
        f"{toll.disordered} chats out of order; ready again after {median(ready):.2f} s "
        f"(at most {ready[-1]:.2f})",
        flush=True,
    )
    for line, times in Counter(line.partition(" ERROR ")[2] for line in toll.failures).items():
        print(f"  {times} times: {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
