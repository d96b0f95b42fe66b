"""
Ask 10,000 different questions and watch the memory.

    python tests/benchmarks/endurance.py FILE.jsonl [--questions N]

FILE is a question file (its form stands in index/evaluation/question_files.py); all of its
articles are one library. Its questions are asked and read again and again, each time with a word
that was never there, so that whatever is remembered of a question would pile up. Prints the
resident memory every 500 questions and says whether it stays flat.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

import numpy as np

from index.answering import Answerer
from index.encoding.load import load_encoder
from index.encoding.protocol import Encoder
from index.evaluation.question_files import Questions, read_questions
from index.reading.load_reader import PACKAGED, load_reader
from index.retrieval.corpus import Corpus
from index.storage.database import open_database
from index.storage.ingest import add_articles
from index.storage.library import open_library
from index.text.readers import ReadArticle

QUESTIONS = 10_000
SAMPLE = 500
# What the last quarter of the questions may hold more than the second one. The first one fills the
# caches. The only one that still fills is that of stems (65,536 of some 150 bytes): 10,000 new
# words are 1.5 MB, and the allocator's own ups and downs are about 1 MB.
TOLERANCE = 4 * 2**20
PAGE = 4096  # bytes


def main() -> int:
    """Print the curve; return 1 when it climbs."""
    parser = argparse.ArgumentParser(description=__doc__.strip().split("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    arguments = parser.parse_args()
    rows = list(read_questions(arguments.file))
    return endure(rows, load_encoder(), arguments.questions)


def endure(rows: Questions, encoder: Encoder, number: int) -> int:
    """Ask *number* questions of the library of *rows*; return 1 when memory climbs, else 0."""
    library = open_library(open_database("sqlite://"), "endurance")
    articles = [ReadArticle(article, explicit_id=True) for article, _ in rows]
    list(add_articles(library, lambda: encoder, articles))
    answerer = Answerer(Corpus(library, encoder), reader=load_reader(PACKAGED, encoder))
    curve = []
    started = time.perf_counter()
    for count, question in enumerate(itertools.islice(different(rows), number), start=1):
        answerer.answer(question)
        if count % SAMPLE == 0:
            curve.append(resident())
            spent = (time.perf_counter() - started) / count * 1000
            print(f"{count:7,} questions {curve[-1] / 2**20:8.1f} MiB {spent:6.1f} ms each")
    return judge(curve)


def different(rows: Questions) -> Iterator[str]:
    """All questions of *rows*, round after round, each with a new word of ten letters."""
    random = np.random.default_rng(0)
    questions = [question.question for _, asked in rows for question in asked]
    for question in itertools.cycle(questions):
        word = "".join(random.choice(list("abcdefghijklmnopqrstuvwxyz"), 10))
        yield f"{question.rstrip('?')} {word}?"


def resident() -> int:
    """How many bytes of memory this process holds (Linux)."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE


def judge(curve: Sequence[int]) -> int:
    """Compare the last quarter of *curve* with the second one, and say so."""
    quarter = len(curve) // 4
    if not quarter:
        print("too few questions to judge; ask at least 2,000.")
        return 0
    growth = median(curve[-quarter:]) - median(curve[quarter : 2 * quarter])
    flat = growth <= TOLERANCE
    print(f"{'flat' if flat else 'CLIMBS'}: {growth / 2**20:+.1f} MiB since the second quarter")
    return int(not flat)


if __name__ == "__main__":
    sys.exit(main())
