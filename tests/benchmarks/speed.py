"""
Measure how fast article-bot is, beside other libraries, with the same model and sentences.

    python tests/benchmarks/speed.py QUESTIONS.jsonl [--repeat N]
        [--environments FOLDER --peers txtai haystack …] [--table FILE.md] [--plot FILE.png]

Measured in turns, one round of each contender after another, so that a busy machine is as busy
for all of them; the medians of the rounds are shown.

- First answer: from the start of a process to the end of `article-bot ask` on the article of a new
  database, which was asked before (or of a script that loads the model, encodes the same sentences
  and ranks them), with the processor's seconds and the peak of memory of the process.
- Question: from a string to ranked sentences, or passages, in a process that is warm: each question
  in its own article, and over all articles of the file.
- Sentences: encoded per second, in batches as each library makes them.

Plain is sentence-transformers with an exact FAISS index, and is run by the Python that runs this.
Other peers are installed into environments of their own, as peers.py does it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from libraries import PEERS
from peers import make_environment

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
QUESTION = "what conditions did the US set?"
OWN = {"fp32": "**article-bot**", "int8": "article-bot, int8"}
ARTICLES = 48  # of the file, at most
QUESTIONS = 40  # of a round
SENTENCES = 512  # of a round: a few seconds of work


@dataclass
class Contender:
    """Who is measured: a name, the Python that runs it, and the figures of each kind."""

    name: str
    python: str
    figures: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    @property
    def label(self) -> str:
        """What the table calls it."""
        return OWN.get(self.name) or (PEERS[self.name].label if self.name in PEERS else self.name)

    def middle(self, kind: str) -> float | None:
        """The median of the figures of a *kind*, None when there are none."""
        return median(self.figures[kind]) if self.figures[kind] else None


def main() -> None:
    """Measure, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[1])
    parser.add_argument("file", type=Path, metavar="QUESTIONS.jsonl")
    parser.add_argument("--repeat", type=int, default=5, metavar="N", help="rounds of each")
    parser.add_argument("--environments", type=Path, metavar="FOLDER")
    parser.add_argument("--peers", nargs="*", choices=sorted(PEERS.keys() - {"plain"}), default=[])
    parser.add_argument("--table", type=Path, metavar="FILE.md", help="write the table there too")
    parser.add_argument("--plot", type=Path, metavar="FILE.png", help="needs matplotlib")
    arguments = parser.parse_args()
    if arguments.peers and arguments.environments is None:
        parser.error("--peers needs --environments")
    pythons = {name: make_environment(name, arguments.environments) for name in arguments.peers}
    peers = [Contender(name, python) for name, python in pythons.items() if python]
    own = [Contender(name, sys.executable) for name in OWN]
    plain, floor = (Contender(name, sys.executable) for name in ("plain", "floor"))
    contenders = [plain, *peers, *own]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        job = write_job(arguments.file, folder)
        measure_starts(contenders, job, folder, arguments.repeat)
        measure_rounds([*contenders, floor], job, arguments.repeat)
        sizes = {key: len(of) for key, of in json.loads(job.read_text("utf-8")).items()}
    lines = [*table(contenders, sizes), "", describe(contenders[0], floor, sizes)]
    report = "\n".join([*lines, f"Rounds of each: {arguments.repeat}, on {arguments.file.name}."])
    print(report)
    if arguments.table:
        arguments.table.write_text(report + "\n", encoding="utf-8")
    if arguments.plot:
        plot(contenders, arguments.plot)


def write_job(path: Path, folder: Path) -> Path:
    """Write what all contenders get: the model, sentences, questions."""
    from index.database import seed_articles
    from index.datatypes import Article
    from index.models import find_model
    from index.questions import read_questions
    from index.sentences import split_sentences

    def sentences_of(article: Article) -> list[str]:
        return [article.cut(one.span) for one in split_sentences(article.text)]

    rows = list(read_questions(path))[:ARTICLES]
    asked = [(i, one.question) for i, (_, questions) in enumerate(rows) for one in questions]
    articles = [sentences_of(article) for article, _ in rows]
    sentences = [one for article in articles for one in article]
    job = {
        "model": str(find_model(None)),
        "seed": [one for article in seed_articles() for one in sentences_of(article)],
        "question": QUESTION,
        "articles": articles,
        "texts": [(article.id, article.title, article.text) for article, _ in rows],
        "questions": asked[:: -(-len(asked) // QUESTIONS)],
        "sentences": sentences[:: -(-len(sentences) // SENTENCES)],
    }
    written = folder / "job.json"
    written.write_text(json.dumps(job), encoding="utf-8")
    return written


def environment_of(contender: Contender) -> dict[str, str]:
    """The environment of a contender's process: the project is importable for article-bot only."""
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    environment.pop("PYTHONPATH", None)
    if contender.name in {*OWN, "floor"}:
        precision = contender.name if contender.name in OWN else "fp32"
        environment |= {"PYTHONPATH": str(ROOT), "ARTICLE_BOT_PRECISION": precision}
    return environment


def measure_starts(contenders: list[Contender], job: Path, folder: Path, repeat: int) -> None:
    """Start each contender *repeat* times for one answer; the time before that does not count."""
    for turn in range(repeat + 1):
        for one in contenders:
            if one.name in OWN:
                database = f"sqlite:///{folder / one.name}.sqlite"
                command = ["-m", "bot", "--database", database, "ask", QUESTION]
            else:
                command = [str(HERE / "contenders.py"), "cold", one.name, str(job)]
            seconds, processor, memory = run_once([one.python, *command], environment_of(one))
            if turn:  # the first fills the caches of the disk, and exports the model
                one.figures["start"].append(seconds)
                one.figures["processor"].append(processor)
                one.figures["memory"].append(memory)


def run_once(command: list[str], environment: dict[str, str]) -> tuple[float, float, float]:
    """Run *command*; return its seconds, those of the processor, and its peak memory in MiB."""
    quiet = subprocess.DEVNULL
    start = time.perf_counter()
    with subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet) as process:
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 3}:  # 3: article-bot found no answer
        raise SystemExit(f"{' '.join(command)} failed; run it to see why.")
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, KiB elsewhere
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 2**20


def measure_rounds(contenders: list[Contender], job: Path, repeat: int) -> None:
    """Let warm contenders do their rounds in turns."""
    with ExitStack() as stack:
        processes = []
        for one in contenders:
            command = [one.python, str(HERE / "contenders.py"), "warm", one.name, str(job)]
            pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
            process = subprocess.Popen(command, env=environment_of(one), text=True, **pipes)
            processes.append(stack.enter_context(process))
            stack.callback(process.stdin.close)
        rounds = [json.loads(process.stdout.readline()) for process in processes]
        for turn in range(repeat + 1):
            for kind in ("article", "library", "forward", "sentences"):
                for one, process, known in zip(contenders, processes, rounds, strict=True):
                    if kind not in known:
                        continue
                    process.stdin.write(f"{kind}\n")
                    process.stdin.flush()
                    seconds = json.loads(process.stdout.readline())
                    if turn:  # the first warms the caches
                        one.figures[kind].append(median(seconds))


def table(contenders: list[Contender], sizes: dict[str, int]) -> Iterator[str]:
    """The table in Markdown; *sizes* say of how many articles and sentences."""
    columns = {
        "first answer": ("start", lambda one: f"{one:.2f} s"),
        "processor": ("processor", lambda one: f"{one:.2f} s"),
        "peak memory": ("memory", lambda one: f"{one:.0f} MiB"),
        "question, one article": ("article", lambda one: f"{one * 1000:.1f} ms"),
        f"question, {sizes['texts']} articles": ("library", lambda one: f"{one * 1000:.1f} ms"),
        "sentences": ("sentences", lambda one: f"{sizes['sentences'] / one:.0f} a second"),
    }
    yield f"| | {' | '.join(columns)} |"
    yield f"|---|{'---|' * len(columns)}"
    for one in contenders:
        cells = []
        for kind, show in columns.values():
            value, base = one.middle(kind), contenders[0].middle(kind)
            ratio = f" ({base / value:.2g}x)" if value and base and one is not contenders[0] else ""
            cells.append("–" if value is None else show(value) + ratio)
        yield f"| {one.label} | {' | '.join(cells)} |"


def describe(plain: Contender, floor: Contender, sizes: dict[str, int]) -> str:
    """What the figures are medians of, and what they were measured on."""
    return (
        f"In parentheses: how many times better than {plain.label}. One forward pass of a question "
        f"in onnxruntime alone takes {(floor.middle('forward') or 0) * 1000:.1f} ms. Medians of "
        f"rounds in turns, each of {sizes['questions']} questions and {sizes['sentences']} "
        f"sentences, on {os.cpu_count()} cores ({platform.machine()}, Python "
        f"{platform.python_version()}) whose load was {os.getloadavg()[0]:.1f} at the end."
    )


def plot(contenders: list[Contender], path: Path) -> None:
    """Draw the time to the first answer and the peak of memory."""
    try:
        from matplotlib import pyplot
    except ImportError:
        print("matplotlib is not installed, so nothing is drawn.", file=sys.stderr)
        return
    figure, axes = pyplot.subplots(1, 2, figsize=(9, 0.6 + 0.4 * len(contenders)), sharey=True)
    labels = [one.label.strip("*") for one in contenders]
    for axis, kind, title in zip(
        axes, ("start", "memory"), ("first answer, s", "peak memory, MiB"), strict=True
    ):
        bars = axis.barh(labels, [one.middle(kind) or 0 for one in contenders])
        axis.bar_label(bars, fmt="%.3g")
        axis.set_title(title)
        axis.spines[["top", "right"]].set_visible(False)
    axes[0].invert_yaxis()
    figure.tight_layout()
    figure.savefig(path, dpi=150)


if __name__ == "__main__":
    main()
