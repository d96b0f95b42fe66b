"""
Measure how fast article-bot is, beside other libraries, with the same model and sentences.

    python tests/benchmarks/speed.py QUESTIONS.jsonl [--repeat N] [--before CHECKOUT]
        [--environments FOLDER --peers txtai haystack …] [--table FILE.md] [--plot FILE.png]

Measured in turns, one round of each contender after another, so that a busy machine is as busy
for all of them; the medians of the rounds are shown.

- First answer: from the start of a process to the end of `article-bot ask` on the article of a new
  database, which was asked before (or of a script that loads the model, encodes the same sentences
  and ranks them), and the peak of memory of the process.
- Question: from a string to ranked sentences, or passages, in a process that is warm: each question
  in its own article, and over all articles of the file. All were asked before, so article-bot knows
  the windows that it reads.
- First question to an article: the same in a warm process that knows of the article what adding it
  stored, so article-bot encodes its tokens and the windows that it reads. Others know all then.
- Encoding: sentences a second, in batches as each library makes them.

article-bot is measured as it comes (it reads), with its reader off, and with weights of eight
bits; --before measures an older checkout of it in the same turns, without a reader. Plain is
sentence-transformers with an exact FAISS index, and is run by the Python that runs this. Other
peers are installed into environments of their own, as peers.py does it. A library that offers it is
measured a second time with a cross-encoder of the size of MiniLM-L6 over its first ten: its weights
are random, which takes as long as any. --plot needs matplotlib, which nothing else does.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from contenders import BEFORE, OWN, READING
from cross_encoders import CROSS_ENCODERS
from libraries import PEERS
from peers import OFFLINE, make_environment
from speed_job import QUESTION
from speed_report import beside, describe, draw, explain, measures_of, table

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@dataclass
class Contender:
    """
    Who is measured: a name, the Python that runs it, and the figures of each kind.

    *root* is where the code of article-bot is, and of no meaning for others.
    """

    name: str
    python: str
    root: Path = ROOT
    figures: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    @property
    def label(self) -> str:
        """What the table calls it."""
        peer = self.name.removesuffix(READING)
        return self.name.replace(peer, PEERS[peer].label) if peer in PEERS else self.name

    @property
    def medians(self) -> dict[str, float]:
        """The median of the figures of each kind that was measured."""
        return {kind: median(figures) for kind, figures in self.figures.items()}


def read_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[1])
    parser.add_argument("file", type=Path, metavar="QUESTIONS.jsonl")
    parser.add_argument("--repeat", type=int, default=5, metavar="N", help="rounds of each")
    parser.add_argument("--before", type=Path, metavar="CHECKOUT", help="an older article-bot")
    parser.add_argument("--environments", type=Path, metavar="FOLDER")
    parser.add_argument("--peers", nargs="*", choices=sorted(PEERS.keys() - {"plain"}), default=[])
    parser.add_argument("--table", type=Path, metavar="FILE.md", help="write the table there too")
    parser.add_argument("--plot", type=Path, metavar="FILE.png", help="needs matplotlib")
    arguments = parser.parse_args()
    if arguments.plot and find_spec("matplotlib") is None:
        parser.error("--plot needs matplotlib: pip install matplotlib")
    if arguments.peers and arguments.environments is None:
        parser.error("--peers needs --environments")
    return arguments


def main() -> None:
    """Measure, and write the table."""
    arguments = read_options()
    pythons = {name: make_environment(name, arguments.environments) for name in arguments.peers}
    contenders = contenders_of(pythons, arguments.before)
    floor = Contender("floor", sys.executable)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        job = folder / "job.json"
        make = [sys.executable, str(HERE / "speed_job.py"), str(arguments.file), str(folder)]
        subprocess.run(make, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)
        measure_starts(contenders, job, folder, arguments.repeat)
        measure_rounds([*contenders, floor], job, arguments.repeat)
        sizes = {key: len(of) for key, of in json.loads(job.read_text("utf-8")).items()}
    medians = {contender.label: contender.medians for contender in contenders}
    measures = measures_of(sizes)
    note = f"{describe(sizes)} Rounds of each: {arguments.repeat}, on {arguments.file.name}."
    ratios = [beside(medians, contender) for contender in (contenders[0].label, "article-bot")]
    told = [explain(medians, floor.medians["forward"]), *ratios, note]
    lines = [*table(medians, measures), "", *told]
    print("\n".join(lines))
    if arguments.table:
        arguments.table.write_text("\n".join([*lines, ""]), encoding="utf-8")
    if arguments.plot:
        draw(arguments.plot, medians, measures, note)


def contenders_of(pythons: Mapping[str, str | None], before: Path | None) -> list[Contender]:
    """Who is measured: what is installed, without and with cross-encoders, and article-bot."""
    peers = {"plain": sys.executable, **pythons}
    installed = [Contender(name, python) for name, python in peers.items() if python]
    reading = [
        Contender(f"{peer.name}{READING}", peer.python)
        for peer in installed
        if peer.name in CROSS_ENCODERS
    ]
    own = [Contender(name, sys.executable) for name in OWN if name != BEFORE]
    older = [Contender(BEFORE, sys.executable, before.resolve())] if before else []
    return [*installed, *reading, *older, *own]


def environment_of(contender: Contender) -> dict[str, str]:
    """The environment of a contender's process: the project is importable for article-bot only."""
    environment = {**os.environ, **OFFLINE}
    environment.pop("PYTHONPATH", None)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed is compiled already
    if contender.name in {*OWN, "floor"}:
        precision, reader = OWN.get(contender.name, ("fp32", "off"))
        environment |= {"ARTICLE_BOT_PRECISION": precision, "ARTICLE_BOT_READER": reader}
        environment["PYTHONPATH"] = str(contender.root)
    return environment


def measure_starts(contenders: list[Contender], job: Path, folder: Path, repeat: int) -> None:
    """Start each contender *repeat* times for one answer; the time before that does not count."""
    for turn in range(repeat + 1):
        tell(f"starts, round {turn} of {repeat}")
        for contender in contenders:
            if contender.name in OWN:
                database = f"sqlite:///{folder / contender.name}.sqlite"
                command = ["-m", "bot", "--database", database, "ask", QUESTION]
            else:
                command = [str(HERE / "contenders.py"), "cold", contender.name, str(job)]
            seconds, memory = run_once([contender.python, *command], environment_of(contender))
            if turn:  # the first fills the caches of the disk, and exports the model
                contender.figures["start"].append(seconds)
                contender.figures["memory"].append(memory)


def tell(news: str) -> None:
    """Say how far the measuring is, beside the report."""
    print(f"{time.strftime('%H:%M:%S')} {news}", file=sys.stderr, flush=True)


def run_once(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Run *command*; return its seconds and its peak of memory in MiB."""
    quiet = subprocess.DEVNULL
    start = time.perf_counter()
    with subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet) as process:
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 3}:  # 3: article-bot found no answer
        raise SystemExit(f"{' '.join(command)} failed; run it to see why.")
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, KiB elsewhere
    return seconds, usage.ru_maxrss * unit / 2**20


def measure_rounds(contenders: list[Contender], job: Path, repeat: int) -> None:
    """Let warm contenders do their rounds in turns."""
    with ExitStack() as stack:
        pairs, rounds = [], []
        # One after another: torch in several processes at once collapses.
        for contender in contenders:
            tell(f"putting the articles into {contender.label}")
            command = [
                contender.python,
                str(HERE / "contenders.py"),
                "warm",
                contender.name,
                str(job),
            ]
            pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
            process = subprocess.Popen(command, env=environment_of(contender), text=True, **pipes)
            pairs.append((contender, stack.enter_context(process)))
            stack.callback(process.stdin.close)
            rounds.append(read_line(contender, process))
        for turn in range(repeat + 1):
            tell(f"questions and sentences, round {turn} of {repeat}")
            for kind in ("article", "library", "first", "forward", "sentences"):
                for (contender, process), known in zip(pairs, rounds, strict=True):
                    if kind not in known:
                        continue
                    process.stdin.write(f"{kind}\n")
                    process.stdin.flush()
                    seconds = read_line(contender, process)
                    if turn:  # the first warms the caches
                        contender.figures[kind].append(median(seconds))


def read_line(contender: Contender, process: subprocess.Popen[str]) -> list[Any]:
    """Read what a warm contender says next; SystemExit when it ended, or says something else."""
    line = process.stdout.readline()
    try:
        return json.loads(line)
    except ValueError:
        said = f"said {line!r}" if line else f"ended with code {process.wait()}"
        raise SystemExit(f"{contender.label} {said} where a list of JSON was due.") from None


if __name__ == "__main__":
    main()
