"""
Measure how fast article-bot is, beside other libraries, with the same model and sentences.

    python tests/benchmarks/speed.py QUESTIONS.jsonl [--repeat N]
        [--environments FOLDER --peers txtai haystack …] [--table FILE.md] [--plot FILE.png]

Measured in turns, one round of each contender after another, so that a busy machine is as busy
for all of them; the medians of the rounds are shown.

- First answer: from the start of a process to the end of `article-bot ask` on the article of a new
  database, which was asked before (or of a script that loads the model, encodes the same sentences
  and ranks them), and the peak of memory of the process.
- Question: from a string to ranked sentences, or passages, in a process that is warm: each question
  in its own article, and over all articles of the file.
- Encoding: sentences a second, in batches as each library makes them.

Plain is sentence-transformers with an exact FAISS index, and is run by the Python that runs this.
Other peers are installed into environments of their own, as peers.py does it. --plot needs
matplotlib, which nothing else does.
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
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from libraries import PEERS
from peers import OFFLINE, make_environment
from speed_report import draw, measures_of, table

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
QUESTION = "what conditions did the US set?"
OWN = {"fp32": "article-bot", "int8": "article-bot, int8"}
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

    @property
    def medians(self) -> dict[str, float]:
        """The median of the figures of each kind that was measured."""
        return {kind: median(figures) for kind, figures in self.figures.items()}


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
    if arguments.plot and find_spec("matplotlib") is None:
        parser.error("--plot needs matplotlib: pip install matplotlib")
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
    medians = {contender.label: contender.medians for contender in contenders}
    measures = measures_of(sizes)
    note = f"{describe(sizes)} Rounds of each: {arguments.repeat}, on {arguments.file.name}."
    lines = [*table(medians, measures), "", explain(plain, floor), note]
    print("\n".join(lines))
    if arguments.table:
        arguments.table.write_text("\n".join([*lines, ""]), encoding="utf-8")
    if arguments.plot:
        draw(arguments.plot, medians, measures, note)


def write_job(path: Path, folder: Path) -> Path:
    """Write what all contenders get: the model, sentences, questions."""
    from index.datatypes import Article
    from index.encoding.find_model import find_model
    from index.evaluation.question_files import read_questions
    from index.storage.database import seed_articles
    from index.text.sentences import split_sentences

    def sentences_of(article: Article) -> list[str]:
        return [article.cut(sentence.span) for sentence in split_sentences(article.text)]

    rows = list(read_questions(path))[:ARTICLES]
    asked = [
        (i, question.question) for i, (_, questions) in enumerate(rows) for question in questions
    ]
    articles = [sentences_of(article) for article, _ in rows]
    sentences = [sentence for article in articles for sentence in article]
    job = {
        "model": str(find_model(None)),
        "seed": [sentence for article in seed_articles() for sentence in sentences_of(article)],
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
    environment = {**os.environ, **OFFLINE}
    environment.pop("PYTHONPATH", None)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed is compiled already
    if contender.name in {*OWN, "floor"}:
        precision = contender.name if contender.name in OWN else "fp32"
        environment |= {"PYTHONPATH": str(ROOT), "ARTICLE_BOT_PRECISION": precision}
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
            for kind in ("article", "library", "forward", "sentences"):
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


def explain(plain: Contender, floor: Contender) -> str:
    """What the figures in parentheses are, and below what no question can come."""
    return (
        f"In parentheses: how many times better than {plain.label}. One forward pass of a question "
        f"in onnxruntime alone takes {floor.medians['forward'] * 1000:.1f} ms."
    )


def describe(sizes: dict[str, int]) -> str:
    """What the figures are medians of, and what they were measured on."""
    return (
        f"Medians of rounds in turns, each of {sizes['questions']} questions and "
        f"{sizes['sentences']} sentences, with the same model, on {os.cpu_count()} cores "
        f"({platform.machine()}, Python {platform.python_version()}) whose load was "
        f"{os.getloadavg()[0]:.1f} at the end."
    )


if __name__ == "__main__":
    main()
