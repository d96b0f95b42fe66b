"""
Measure `article-bot add` of many articles: what share the encoder has, and what more processes add.

    python tests/benchmarks/many_adders.py QUESTIONS.jsonl [--articles 300] [--processes 1 2]
        [--database sqlite postgresql+psycopg://USER@HOST:PORT/NAME] [--again]

Makes a JSONL file of so many articles: those of the file, again and again, each time with the
sentences in another order and numbered, so that no two texts are the same. It is added with the
real model by so many processes that are started at once, into a library of its own for each run;
the model is loaded before the clock starts. The encoder's share is that of the seconds, and that of
the processor's time, within the processes. --again adds the same file once more: what it costs to
find out that all of it is there.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[2]

# The command with a clock around the encoder; it begins when there is a file "go".
ADD = """
import json, sys, time
from pathlib import Path
from bot.cli import main
from index.encoding.load import load_encoder

place, *arguments = sys.argv[1:]
spent = {"seconds": 0.0, "processor": 0.0, "sentences": 0}

class Timed:
    def __init__(self, encoder):
        self.encoder = encoder

    def __getattr__(self, name):
        return getattr(self.encoder, name)

    def encode(self, texts, progress=None):
        seconds, processor = time.perf_counter(), time.process_time()
        vectors = self.encoder.encode(texts, progress)
        spent["seconds"] += time.perf_counter() - seconds
        spent["processor"] += time.process_time() - processor
        spent["sentences"] += len(texts)
        return vectors

timed = Timed(load_encoder(None))
timed.encoder.encode(["Is it warm?"])
print("ready", flush=True)
while not Path(place).exists():
    time.sleep(0.01)
seconds, processor = time.perf_counter(), time.process_time()
code = main(arguments, load_encoder=lambda _: timed)
spent["of"] = [time.perf_counter() - seconds, time.process_time() - processor]
print(json.dumps(spent), flush=True)
sys.exit(code)
"""


@dataclass
class Run:
    """What processes have done together: *seconds* by the clock, and the encoder's shares."""

    seconds: float
    sentences: int
    share: float
    processor_share: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.strip().split("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--database", nargs="+", default=["sqlite"])
    parser.add_argument("--again", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        many = write_articles(given.file, folder / "many.jsonl", given.articles)
        for database in given.database:
            for number in given.processes:
                url = f"sqlite:///{folder}/{uuid.uuid4().hex}.sqlite"
                url = url if database == "sqlite" else database
                chat = str(uuid.uuid4().int % 10**9)
                command = ["--database", url, "--chat", chat, "add", str(many)]
                report(database, number, run(number, command, folder))
                if given.again:
                    again = run(1, command, folder)
                    print(f"  again: {1000 * again.seconds / given.articles:.2f} ms an article")


def write_articles(source: Path, target: Path, number: int) -> Path:
    """Write *number* articles, no two of which are the same; return the file."""
    chance = Random(1)  # noqa: S311 (no secret)
    texts = [json.loads(line)["text"] for line in source.open(encoding="utf-8")]
    with target.open("w", encoding="utf-8") as lines:
        for place, text in islice(endlessly(texts), number):
            paragraphs = text.split("\n\n")
            chance.shuffle(paragraphs)
            record = {"id": f"a{place}", "text": f"Copy {place}.\n\n" + "\n\n".join(paragraphs)}
            lines.write(json.dumps(record) + "\n")
    return target


def endlessly(texts: list[str]) -> zip[tuple[int, str]]:
    """The texts with a number, from the first one again when there are no more."""
    return zip(count(), (text for _ in count() for text in texts), strict=False)


def run(number: int, command: list[str], folder: Path) -> Run:
    """Let *number* processes do the same *command* at once."""
    go = folder / "go"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", ADD, str(go), *command],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(number)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    started = time.perf_counter()
    go.touch()
    told = [json.loads(process.communicate()[0].splitlines()[-1]) for process in processes]
    seconds = time.perf_counter() - started
    go.unlink()
    encoding, processor = (sum(one[name] for one in told) for name in ("seconds", "processor"))
    whole, busy = (sum(one["of"][place] for one in told) for place in (0, 1))
    sentences = sum(one["sentences"] for one in told)
    return Run(seconds, sentences, encoding / whole, processor / busy)


def report(database: str, number: int, done: Run) -> None:
    """Print what came of a run."""
    print(
        f"{database.partition(':')[0]}, {number} at once: {done.sentences:,} sentences in "
        f"{done.seconds:.1f} s, {done.sentences / done.seconds:.0f} a second; the encoder has "
        f"{done.share:.3f} of the seconds and {done.processor_share:.3f} of the processor's time",
        flush=True,
    )


if __name__ == "__main__":
    main()
