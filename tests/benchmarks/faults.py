"""
Let what the bot stands on fail while it is asked, and print what people got meanwhile.

    python tests/benchmarks/faults.py [PART …] [--seconds 20] [--outage 600]

PART is any of
  full        the disk of the database has no room left, and gets some again
  read-only   the kernel makes that disk read-only; the bot is stopped, the disk repaired
  io-error    that disk answers everything with EIO; the bot is stopped, the disk repaired
  postgresql  a PostgreSQL server is stopped for some seconds and started again; then it crashes
  offline     Telegram is out of reach for so many seconds (--outage), and back
  storm       Telegram puts off every second call (429)
  clock       the clock of the machine jumps two days on, and back (needs libfaketime)
by default all that this machine can do: the first three need root and loop devices.

Starts `article-bot telegram` against the tests' Bot API server for each part, with the real model
and reader. Some people ask before, while and after it fails, --seconds each. A line for each of
these times says what became of the questions. Exits with 1 when a question was told nothing, or
when one was answered twice, or out of order; where the disk fails for good, what was under way is
answered again by the next start, and that is none.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import postgresql_server
import small_disk
from faulty_bots import Trial
from killed_bots import WAYS, Workers
from postgresql_server import PostgresqlServer
from small_disk import SmallDisk

FAKE_TIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")
RETRY_AFTER = 3  # seconds that each call of the storm is put off
JUMP = "+2d"
# Where nothing can be noted what was under way is answered again by the next start.
RESTARTED = ("read-only", "io-error")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.strip().split("\n")[0])
    parser.add_argument("part", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--outage", type=float, default=600.0)
    given = parser.parse_args()
    if wrong := set(given.part) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(wrong))}")
    good = []
    for name in given.part or PARTS:
        if reason := lacking(name):
            print(f"{name}: left out, {reason}")
            continue
        with tempfile.TemporaryDirectory() as made:
            good.append(report(name, PARTS[name](Path(made), given)))
    return 0 if all(good) else 1


def lacking(part: str) -> str:
    """What this machine lacks for a part, "" when it has everything."""
    if part in ("full", "read-only", "io-error") and not small_disk.can_mount():
        return "which only root can try, where there are loop devices"
    if part == "postgresql" and postgresql_server.programs() is None:
        return "since there is no PostgreSQL server"
    if part == "clock" and not FAKE_TIME.exists():
        return f"since {FAKE_TIME} is missing (Debian's package libfaketime)"
    return ""


@contextmanager
def polling(folder: Path, **settings: str) -> Iterator[Trial]:
    """One bot that polls."""
    home = folder / "home"
    home.mkdir()
    with WAYS["polling"](home, **settings) as workers:
        yield Trial(workers)


def full(folder: Path, given: argparse.Namespace) -> Trial:
    """Fill the disk of the database."""
    with SmallDisk(folder) as disk, polling(folder, DATABASE=at(disk)) as trial:
        trial.ask("room on the disk", given.seconds)
        disk.fill()
        trial.ask("no room", given.seconds)
        disk.make_room()
        trial.ask("room again", given.seconds)
        trial.outcome()
    return trial


def read_only(folder: Path, given: argparse.Namespace) -> Trial:
    """Let the kernel close the disk of the database to writing."""
    return on_a_failing_disk(folder, given, SmallDisk.close_to_writing)


def io_error(folder: Path, given: argparse.Namespace) -> Trial:
    """Let the disk of the database answer nothing but EIO."""
    return on_a_failing_disk(folder, given, SmallDisk.break_down)


def on_a_failing_disk(
    folder: Path, given: argparse.Namespace, fail: Callable[[SmallDisk], None]
) -> Trial:
    """Ask before and after the disk fails, and when it was repaired and the bot started again."""
    with SmallDisk(folder) as disk, polling(folder, DATABASE=at(disk)) as trial:
        trial.ask("disk as it should be", given.seconds)
        fail(disk)
        trial.ask("disk failing", given.seconds)
        time.sleep(5)
        restart(trial.workers, disk.repair)
        trial.ask("repaired, bot started again", given.seconds)
        trial.outcome()
    return trial


def at(disk: SmallDisk) -> str:
    return f"sqlite:///{disk.place / 'articles.sqlite'}"


def restart(workers: Workers, between: Callable[[], None]) -> None:
    """Stop the bot in order, do something, and start it again."""
    (bot,) = workers.bots
    bot.stop()
    workers.log += bot.log
    bot.log = ""
    between()
    bot.start()
    bot.wait_until_ready()


def postgresql(folder: Path, given: argparse.Namespace) -> Trial:
    """Stop a server for half of the time, start it again, and let it crash once."""
    with (
        PostgresqlServer() as server,
        polling(folder, DATABASE=f"{server.url}/postgres") as trial,
    ):
        trial.ask("server as it should be", given.seconds)
        server.stop()
        starting = threading.Timer(given.seconds / 2, server.start)
        starting.start()
        trial.ask("server stopped, started in the middle", given.seconds)
        starting.join()
        server.stop("immediate")
        server.start()
        trial.ask("server crashed and started", given.seconds)
        trial.outcome()
    return trial


def offline(folder: Path, given: argparse.Namespace) -> Trial:
    """Take Telegram away; people go on writing to it."""
    with polling(folder) as trial:
        api = trial.workers.api
        trial.ask("Telegram there", given.seconds)
        threading.Timer(0.5, api.go_offline).start()
        ask = min(given.seconds, given.outage)
        trial.ask("Telegram out of reach", ask)
        time.sleep(given.outage - ask)
        api.go_online()
        trial.ask("Telegram back", given.seconds)
        trial.outcome()
    return trial


def storm(folder: Path, given: argparse.Namespace) -> Trial:
    """Put off every second call."""
    with polling(folder) as trial:
        trial.ask("quiet", given.seconds)
        fault = trial.workers.api.fail(
            "sendMessage", 429, retry_after=RETRY_AFTER, times=10**9, every=2
        )
        trial.ask("every second call is put off", given.seconds)
        fault.times = 0
        trial.ask("quiet again", given.seconds)
        trial.outcome()
    return trial


def clock(folder: Path, given: argparse.Namespace) -> Trial:
    """Let the bot's clock jump."""
    now = folder / "now"
    now.write_text("+0")
    preload = {"LD_PRELOAD": str(FAKE_TIME), "FAKETIME_TIMESTAMP_FILE": str(now)}
    preload |= {"FAKETIME_CACHE_DURATION": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    os.environ |= preload
    try:
        with polling(folder) as trial:
            trial.ask("clock right", given.seconds)
            now.write_text(JUMP)
            trial.ask(f"clock {JUMP}", given.seconds)
            now.write_text("+0")
            trial.ask("clock right again", given.seconds)
            trial.outcome()
    finally:
        for name in preload:
            del os.environ[name]
    return trial


PARTS: dict[str, Callable[[Path, argparse.Namespace], Trial]] = {
    "full": full,
    "read-only": read_only,
    "io-error": io_error,
    "postgresql": postgresql,
    "offline": offline,
    "storm": storm,
    "clock": clock,
}


def report(part: str, trial: Trial) -> bool:
    """Print what people got, and what the log says; return whether all is well."""
    workers = trial.workers
    workers.log += "".join(bot.log for bot in workers.bots)
    toll = workers.toll()
    print(f"{part}: {toll.doubled} answered twice, {toll.disordered} chats out of order")
    for phase in trial.phases:
        print(f"  {phase}")
    said = Counter(line.partition(" ")[2][:150] for line in problems(workers.log))
    for line, times in said.most_common(8):
        print(f"    {times} times: {line}")
    sys.stdout.flush()
    silent = sum(phase.silent for phase in trial.phases)
    return not silent and (part in RESTARTED or not (toll.doubled or toll.disordered))


def problems(log: str) -> list[str]:
    """The lines of a log that tell of something wrong, without their times."""
    kinds = (" WARNING ", " ERROR ", "Traceback")
    lines = (line for line in log.splitlines() if any(kind in line for kind in kinds))
    return [line.partition(" ")[2] for line in lines]


if __name__ == "__main__":
    sys.exit(main())
