"""
Ask a service of two workers; kill one in the middle, restart its database, count the answers.

    python tests/benchmarks/service_run.py [--questions 5000] [--chats 200] [--rate 12]

Starts a PostgreSQL server, two `article-bot telegram` behind nginx (with the file that deployments
have), and the tests' Bot API server; the model and the reader are the real ones. People of so many
chats ask in turns. After a third of the questions one worker is ended by SIGKILL and started again;
after two thirds PostgreSQL is restarted. The last lines say what became of every question. Exits
with 1 when one was not answered, was answered twice but for one a kill, or out of order.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from faulty_bots import ask_a_failing_service, first_replies
from killed_bots import Workers, webhooks
from killed_databases import is_whole
from postgresql_server import PostgresqlServer


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.strip().split("\n")[0])
    parser.add_argument("--questions", type=int, default=5000)
    parser.add_argument("--chats", type=int, default=200)
    parser.add_argument("--rate", type=float, default=12.0, help="questions a second")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        home = folder / "home"
        home.mkdir()
        with PostgresqlServer() as server:
            url = f"{server.url}/postgres"
            with webhooks(home, 2, folder / "nginx", DATABASE=url) as workers:
                ask_a_failing_service(workers, server, given.questions, given.chats, given.rate)
                workers.settle()
            return report(workers, is_whole(url))


def report(workers: Workers, whole: bool) -> int:
    """Print what became of the questions; return the exit code."""
    toll = workers.toll()
    waits = sorted(
        replies[question].at - at
        for asked in workers.chats
        for replies in [first_replies(workers, asked)]
        for question, at in zip(asked.questions, asked.times, strict=True)
        if question in replies
    )
    print(
        f"{toll.asked} questions in {len(workers.chats)} chats: {toll.lost} lost, {toll.doubled} "
        f"answered twice, {toll.disordered} chats out of order; the database is "
        f"{'whole' if whole else 'DAMAGED'}; answers after {percentile(waits, 0.5):.2f} s "
        f"(median), {percentile(waits, 0.95):.2f} s (95 %), {percentile(waits, 0.99):.2f} s (99 %)"
    )
    good = whole and not (toll.lost or toll.disordered) and toll.doubled <= len(toll.kills)
    return 0 if good else 1


def percentile(ordered: list[float], part: float) -> float:
    return ordered[int(part * (len(ordered) - 1))] if ordered else 0.0


if __name__ == "__main__":
    sys.exit(main())
