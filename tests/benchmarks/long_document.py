"""
A PDF of 300 pages in a chat and in the console: added with its progress, asked, removed.

    python tests/benchmarks/long_document.py [--part telegram console] [--pages 300]

The chat is one of `article-bot telegram`, a process that runs against the tests' Bot API server;
the console is the command, whose exit codes are checked. The PDF is that of sources_speed.py.
Printed are seconds of the wall clock from what is sent to what comes back, what the progress said,
and peaks of resident memory:

- *own* and *reader* are the kernel's own peaks (VmHWM) of the process and of the one that reads the
  PDF for it, looked up twenty-five times a second; a reader counts once it runs its program, since
  before that it shares the memory of the process that starts it. What a process takes in its last
  twenty-fifth of a second can be missed.
- *largest* is what the kernel says when the command has ended (wait4): the larger of its own peak
  and of that of any process that it has started and waited for. It misses nothing, parts nothing.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bots import Bot
from fake_telegram.api import BotApi
from fake_telegram.world import Json
from sources_speed import PDF_PAGES, pdf

QUESTION = "In which year was the harbour of the council given to the ferry?"
TIMEOUT = 1800.0
READER = b"index.sources.parser_process"
EXIT_CODES = {"add": {0}, "ask": {0, 3}, "remove": {0}}  # 3: it does not answer
MEBI = 1024  # KiB


# Starts a command, says its process, waits for its end, and says its exit code and its peak in KiB.
# A process that starts another bequeaths its size to that one's count, and this one is small.
_LAUNCH = """
import os, sys
process = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
print(process, flush=True)
_, status, used = os.wait4(process, 0)
print(os.waitstatus_to_exitcode(status), used.ru_maxrss)
"""


class Peaks:
    """The peaks of memory, in KiB, of a process and of its readers, while it runs."""

    def __init__(self, process: int) -> None:
        self.own, self.readers = 0, 0
        self._process = process
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> str:
        """Watch no longer, and tell."""
        self._done.set()
        self._thread.join()
        self._look()
        return f"peaks: own {self.own // MEBI} MiB, reader {self.readers // MEBI} MiB"

    def _watch(self) -> None:
        while not self._done.wait(0.04):
            self._look()

    def _look(self) -> None:
        self.own = max(self.own, peak_of(self._process))
        for child in children_of(self._process):
            if is_reader(child):
                self.readers = max(self.readers, peak_of(child))


def is_reader(process: int) -> bool:
    """Whether *process* has begun to run the program that reads sources."""
    try:
        return READER in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False


def peak_of(process: int) -> int:
    """The most memory that *process* has had, in KiB; 0 when it is gone."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    lines = (line.split() for line in status.splitlines() if line.startswith("VmHWM:"))
    return next((int(line[1]) for line in lines), 0)


def children_of(process: int) -> list[int]:
    """The processes that the threads of *process* have started."""
    found: list[int] = []
    with suppress(OSError):  # it has ended meanwhile
        for thread in list(Path(f"/proc/{process}/task").iterdir()):
            with suppress(OSError):  # or one of its threads
                found += map(int, (thread / "children").read_text(encoding="utf-8").split())
    return found


def timed(what: str, work: Callable[[], object]) -> None:
    """Do *work*, and print how long it took."""
    start = time.monotonic()
    work()
    print(f"  {what}: {time.monotonic() - start:.1f} s", flush=True)


def in_telegram(folder: Path, document: bytes) -> None:
    """Send the PDF to the bot, ask it, and remove it."""
    with BotApi() as api, Bot(api, folder) as bot:
        assert bot.process is not None
        print(f"telegram, {peak_of(bot.process.pid) // MEBI} MiB before")
        ann = api.user(first_name="Ann", language_code="en")
        chat = api.private(ann)
        peaks = Peaks(bot.process.pid)
        said: list[str] = []
        last: list[Json] = []

        def add() -> None:
            api.send(chat, ann, document=api.document(document, "report.pdf"))
            api.wait("sendMessage", chat_id=chat.id, timeout=TIMEOUT)
            while not said or not said[-1].startswith("Added"):
                call = api.wait("editMessageText", chat_id=chat.id, timeout=TIMEOUT)
                said.append(call.result["text"])
                last[:] = [call.result]

        def ask(text: str) -> None:
            api.send(chat, ann, text)
            last[:] = [api.wait("sendMessage", chat_id=chat.id, timeout=TIMEOUT).result]

        timed("added", add)
        print(f"  {len(said)} edits: {said[0]!r} … {said[-2]!r}")
        timed("asked", lambda: ask(QUESTION))
        timed("asked again", lambda: ask("Who had asked for 200 crowns?"))

        def remove() -> None:
            ask("/remove report")
            api.press(last[0], "Yes, remove", user=ann)
            api.wait("editMessageText", chat_id=chat.id, timeout=TIMEOUT)

        timed("removed", remove)
        print(f"  {peaks.stop()}")


def in_console(folder: Path, document: bytes) -> None:
    """The same by the command."""
    path = folder / "report.pdf"
    path.write_bytes(document)
    database = f"sqlite:///{folder / 'console.sqlite'}"
    print("console")
    for words in (
        ["add", str(path)],
        ["ask", QUESTION, "--article", "report"],
        ["remove", "report"],
    ):
        command = ["-m", "bot", "--database", database, *words]
        timed(words[0], partial(run_command, command, words[0]))


def run_command(command: list[str], name: str) -> None:
    """Run article-bot, print its peaks, and end when it fails."""
    root = str(Path(__file__).parents[2])
    process = subprocess.Popen(
        [sys.executable, "-S", "-c", _LAUNCH, sys.executable, *command],
        env=os.environ | {"PYTHONPATH": root},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    peaks = Peaks(int(process.stdout.readline()))
    said, failures = process.communicate(timeout=TIMEOUT)
    code, largest = map(int, said.split()[-2:])
    print(f"  {name}: exit code {code}, {peaks.stop()}, largest {largest // MEBI} MiB")
    if code not in EXIT_CODES[name]:
        raise SystemExit(f"{name} ended with {code}: {failures.strip()[-500:]}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parts = {"telegram": in_telegram, "console": in_console}
    parser.add_argument("--part", nargs="*", choices=parts, default=list(parts))
    parser.add_argument("--pages", type=int, default=PDF_PAGES)
    given = parser.parse_args()
    document = pdf(random.Random(1), given.pages)  # noqa: S311 (no secret)
    print(f"a PDF of {given.pages} pages, {len(document):,} bytes; load {os.getloadavg()[0]:.1f}")
    for part in given.part:
        with tempfile.TemporaryDirectory() as folder:
            parts[part](Path(folder), document)


if __name__ == "__main__":
    main()
