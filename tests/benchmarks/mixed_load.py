"""
Mixed traffic at a rate that two cores hold, three times of it, and the recovery.

    python tests/benchmarks/mixed_load.py [--minutes 10] [--rate 12 | --find] [--workers 1 2]
        [--times 3] [--overload 60] [--flood 2]
        [--database sqlite postgresql+psycopg://USER@HOST:PORT]

Starts so many `article-bot telegram` with the real model and reader behind nginx, against the
tests' Bot API server, which runs on the same cores. 200 people and ten groups want what people want
(tests/mixed_traffic.py says what), --rate things a second; beside them one group is flooded with
/help, and every five seconds a stranger asks. With --find the rate grows by a quarter every half
minute until the 99th percentile passes a second, and 0.8 of the last one that held is taken.

Prints the 50th, 95th and 99th percentile in seconds by kind, how many got nothing within a minute,
what was shed by which rule, and the memory of the workers; the same for --times the rate; and how
it is again afterwards. Of one worker and two the rates found are compared. An edit counts as
answered by the next change in its chat. Exits with 1 when the 99th percentile, or a stranger, took
too long at the rate itself.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from killed_bots import Workers, webhooks
from killed_databases import database_on
from mixed_traffic import Traffic
from ports import free_port

STAGE = 30.0  # seconds at each rate that is tried
PATIENCE = 60.0  # seconds in which something is answered, or it is not
WARM = 15.0  # seconds before anything is measured
GOOD, STRANGER = 1.0, 2.0  # seconds that the 99th percentile, and a stranger, may take
SHED = re.compile(r'article_bot_dropped_total\{reason="(\w+)"\} (\S+)')


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.strip().split("\n")[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--rate", type=float, default=12.0, help="things wanted a second")
    parser.add_argument("--find", action="store_true")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--times", type=float, default=3.0)
    parser.add_argument("--overload", type=float, default=60.0, help="seconds")
    parser.add_argument("--flood", type=float, default=2.0, help="/help a second in one group")
    parser.add_argument("--database", nargs="+", default=["sqlite"])
    given = parser.parse_args()
    good = True
    for server in given.database:
        rates = {}
        for number in given.workers:
            with service(number, server) as loaded:
                rates[number], held = measure(loaded, given)
                good = good and held
        if given.find and len(rates) > 1:
            first, *_, last = rates.values()
            print(f"{server}: {max(rates)} workers hold {last / first:.2f} times the rate of one")
    return 0 if good else 1


class Loaded:
    """A service, its traffic, and the ports at which the workers tell how it goes."""

    def __init__(self, workers: Workers, ports: list[int]) -> None:
        self.workers = workers
        self.ports = ports
        self.traffic = Traffic(workers.api, random.Random(1))  # noqa: S311 (no secret)

    def memory(self) -> str:
        """What the workers hold, in MiB."""
        held = []
        for bot in self.workers.bots:
            assert bot.process is not None
            status = Path(f"/proc/{bot.process.pid}/status").read_text(encoding="ascii")
            held.append(int(status.partition("VmRSS:")[2].split()[0]) / 1024)
        return " + ".join(f"{size:.0f}" for size in held)

    def shed(self) -> dict[str, float]:
        """How much was left out so far, by the rule that says so."""
        total: dict[str, float] = {}
        for port in self.ports:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
                for rule, times in SHED.findall(answer.read().decode()):
                    total[rule] = total.get(rule, 0.0) + float(times)
        return total

    def settle(self, since: float) -> dict[str, list[float | None]]:
        """Wait until all is answered that was wanted *since* then, or for PATIENCE."""
        end = time.monotonic() + PATIENCE
        while True:
            waits = self.traffic.waits(since)
            missing = any(None in kind for kind in waits.values())
            if not missing or time.monotonic() > end:
                return waits
            time.sleep(0.5)


@contextmanager
def service(number: int, server: str) -> Iterator[Loaded]:
    """So many workers on a database of *server*."""
    with tempfile.TemporaryDirectory() as made, database_on(server) as url:
        home = Path(made) / "home"
        home.mkdir()
        settings = {"DATABASE": url} if url else {}
        ports = [free_port() for _ in range(number)]
        with webhooks(
            home, number, Path(made) / "nginx", QUESTIONS_PER_MINUTE="20", **settings
        ) as workers:
            for bot, port in zip(workers.bots, ports, strict=True):
                bot.stop()
                bot.tell_at(port)
                bot.start()
                bot.wait_until_ready()
            print(f"{number} worker(s), {server.partition('+')[0]}:", flush=True)
            yield Loaded(workers, ports)


def measure(loaded: Loaded, given: argparse.Namespace) -> tuple[float, bool]:
    """Run all of it on a service; return the rate, and whether it held."""
    begun = time.monotonic()
    loaded.traffic.run(WARM, given.rate / 2)
    loaded.settle(begun)
    rate = find(loaded, given) if given.find else given.rate
    before = loaded.memory()
    held = stage(loaded, f"{rate:.1f} a second", 60 * given.minutes, rate, given.flood)
    print(f"  memory {before} MiB at the beginning, {loaded.memory()} at the end")
    over = given.times * rate
    stage(loaded, f"{over:.1f} a second", given.overload, over, given.flood)
    stage(loaded, f"{rate:.1f} a second again", STAGE, rate, given.flood)
    print(f"  memory {loaded.memory()} MiB", flush=True)
    return rate, held


def find(loaded: Loaded, given: argparse.Namespace) -> float:
    """The rate that holds, with something to spare."""
    rate = given.rate
    while stage(loaded, f"trying {rate:.1f} a second", STAGE, rate, given.flood):
        rate *= 1.25
    return 0.8 * rate / 1.25


def stage(loaded: Loaded, name: str, seconds: float, rate: float, flood: float) -> bool:
    """Run the traffic for so long, and print how it went; return whether it held."""
    before, since = loaded.shed(), time.monotonic()
    loaded.traffic.run(seconds, rate, flood)
    ended = time.monotonic()
    waits = loaded.settle(since)
    late = time.monotonic() - ended
    shed = {rule: times - before.get(rule, 0.0) for rule, times in loaded.shed().items()}
    said = ", ".join(f"{times:.0f} by {rule}" for rule, times in sorted(shed.items()) if times)
    print(
        f"  {name}, {sum(map(len, waits.values()))} wishes; the last answered {late:.1f} s after; "
        f"shed: {said or 'nothing'}"
    )
    for kind in sorted(waits):
        print(f"    {kind}: {line(waits[kind])}")
    sys.stdout.flush()
    never = float("inf")
    all_waits = {kind: [never if w is None else w for w in waits[kind]] for kind in waits}
    measured = sorted(wait for kind, of in all_waits.items() if kind != "edit" for wait in of)
    strangers = all_waits.get("stranger", [])
    return percentile(measured, 0.99) <= GOOD and max(strangers, default=0.0) <= STRANGER


def line(waits: list[float | None]) -> str:
    """The percentiles of what was answered, and how much was not."""
    ordered = sorted(wait for wait in waits if wait is not None)
    parts = "  ".join(f"p{100 * at:.0f} {percentile(ordered, at):.2f}" for at in (0.5, 0.95, 0.99))
    return f"{len(waits):5} wanted, {len(waits) - len(ordered)} told nothing; {parts} s"


def percentile(ordered: list[float], part: float) -> float:
    return ordered[int(part * (len(ordered) - 1))] if ordered else float("inf")


if __name__ == "__main__":
    sys.exit(main())
