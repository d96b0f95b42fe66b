"""
A PDF of 300 pages in a chat and in the console: added with its progress, asked, removed.

    python tests/benchmarks/long_document.py [--part telegram console]

The chat is one of `article-bot telegram`, a process that runs against the tests' Bot API server;
the console is the command. The PDF is that of sources_speed.py. Printed are seconds of the wall
clock from what is sent to what comes back, what the progress said, and the peaks of memory of the
process and of the one that reads the PDF for it.
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
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bots import Bot
from fake_telegram.api import BotApi
from fake_telegram.world import Json
from sources_speed import PDF_PAGES, pdf

QUESTION = "In which year was the harbour of the council given to the ferry?"
TIMEOUT = 1800.0
MEBI = 1024  # KiB


class Peaks:
    """The peaks of memory, in KiB, of a process and of those that it starts, while it runs."""

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
        return f"peak {self.own // MEBI} MiB, of the process that reads {self.readers // MEBI} MiB"

    def _watch(self) -> None:
        while not self._done.wait(0.05):
            self.own = max(self.own, peak_of(self._process))
            for child in children_of(self._process):
                self.readers = max(self.readers, peak_of(child))


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
        command = [sys.executable, "-m", "bot", "--database", database, *words]

        def run(command: list[str] = command) -> None:
            root = str(Path(__file__).parents[2])
            environment = os.environ | {"PYTHONPATH": root}
            process = subprocess.Popen(
                command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            peaks = Peaks(process.pid)
            process.wait(TIMEOUT)
            print(f"  {peaks.stop()}")

        timed(words[0], run)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parts = {"telegram": in_telegram, "console": in_console}
    parser.add_argument("--part", nargs="*", choices=parts, default=list(parts))
    given = parser.parse_args()
    document = pdf(random.Random(1))  # noqa: S311 (no secret)
    print(f"a PDF of {PDF_PAGES} pages, {len(document):,} bytes; load {os.getloadavg()[0]:.1f}")
    for part in given.part:
        with tempfile.TemporaryDirectory() as folder:
            parts[part](Path(folder), document)


if __name__ == "__main__":
    main()
