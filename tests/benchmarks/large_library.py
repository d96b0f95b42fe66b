"""
How a question is looked up in a library of 100,000 or a million sentences.

    python tests/benchmarks/large_library.py FOLDER/*.jsonl [--sentences 100000 1000000]

No files hold so many judged sentences, so those of the question files are varied. The
vector of a sentence is that of a true sentence, moved towards one of its thirty neighbours and
towards any other one, with noise that is spread as true vectors are: for as many as there are true
sentences, how near the 1st, 10th, 50th and 1000th neighbour of a question are, and the local
dimension (about 17), come out as among the true ones. A million of a few thousand have more near
neighbours than true ones would. The text of a sentence is the beginning of one and the end of
another, and every second one has a rare name. The questions are true ones.

The library is a SQLite database in a temporary folder (2.5 GB for a million), since reading it is
part of what is measured. Milliseconds and seconds are CPU time, so that other programs count
less, except those marked as wall time. The exact scan is FAISS's IndexFlatIP, one thread like ours,
question by question in turns with ours; medians of 200 questions. Needs Linux for the memory.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss as faiss_with_stubs
import numpy as np

from index.datatypes import Article, Sentence, Span
from index.encoding.load import load_encoder
from index.evaluation.question_files import read_questions
from index.retrieval.exact_index import Vectors, unit
from index.retrieval.vector_index import VectorIndex
from index.retrieval.word_index import WordIndex
from index.storage.database import open_database
from index.storage.library import Library, open_library
from index.storage.records import EncodedArticle
from index.text.sentences import split_sentences

faiss: Any = faiss_with_stubs

MODEL = "benchmark"
PER_ARTICLE = 25  # sentences; a news article has about as many
PER_TRANSACTION = 100  # articles
QUESTIONS, DEPTH = 200, 50
NEIGHBOURS, NOISE = 30, 0.5
SHARES = (2.0, 0.7, 0.7)  # of the sentence, its neighbour and the other one (Dirichlet)
NAMES = 0.2  # of a Pareto distribution: most names are rare, some are frequent


@dataclass(frozen=True, slots=True)
class Origin:
    """What the library is made of: true sentences with unit vectors (n, d), and questions."""

    texts: list[str]
    vectors: Vectors
    questions: list[str]
    question_vectors: Vectors


@dataclass(frozen=True, slots=True)
class Start:
    """What a process takes from opening the database to searching: CPU seconds and MiB."""

    vectors_s: float
    vectors_mib: float
    words_s: float
    words_mib: float


def main() -> None:
    """Print a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[1])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--sentences", type=int, nargs="+", default=[100_000, 1_000_000])
    arguments = parser.parse_args()
    origin = read_origin(arguments.files)
    print(f"{len(origin.texts):,} true sentences, {QUESTIONS} true questions")
    for number in arguments.sentences:
        with tempfile.TemporaryDirectory() as folder:
            print(f"\n{number:,} sentences", flush=True)
            measure(origin, number, Path(folder))


def measure(origin: Origin, number: int, folder: Path) -> None:
    """Make a library of *number* sentences in *folder* and print what it takes."""
    library = open_in(folder)
    random_vectors = vary(origin, number)
    for first in range(0, number, PER_ARTICLE * PER_TRANSACTION):
        count = min(PER_TRANSACTION, (number - first) // PER_ARTICLE)
        batch = [article(origin, first + i, next(random_vectors)) for i in range(count)]
        library.add(batch, MODEL)
    for name in ("first start", "next start"):
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            took = pool.submit(start, folder).result()
        print(
            f"{name}: vectors {took.vectors_s:.1f} s, {took.vectors_mib:.0f} MiB; "
            f"words {took.words_s:.1f} s, {took.words_mib:.0f} MiB",
            flush=True,
        )
    vector_index = VectorIndex(library, MODEL, folder)
    word_index = WordIndex(library, folder)
    refresh(vector_index, word_index)
    search(origin, library, vector_index, word_index)
    follow(origin, library, vector_index, word_index)


def open_in(folder: Path) -> Library:
    return open_library(open_database(f"sqlite:///{folder}/articles.sqlite"), "benchmark")


def start(folder: Path) -> Start:
    """Open the library in *folder* in this process, which has done nothing yet."""
    library = open_in(folder)
    library.keys()  # what the database itself needs does not count
    memory, began = resident(), time.process_time()
    vector_index = VectorIndex(library, MODEL, folder)
    vector_index.refresh()
    settle()
    vectors_s, vectors_mib = time.process_time() - began, resident() - memory
    memory, began = resident(), time.process_time()
    word_index = WordIndex(library, folder)
    word_index.refresh()
    settle()
    return Start(vectors_s, vectors_mib, time.process_time() - began, resident() - memory)


def settle() -> None:
    """Wait until what is done in the background is done."""
    for thread in threading.enumerate():
        if thread.name in {"vectors", "words"}:
            thread.join()


def search(
    origin: Origin, library: Library, vector_index: VectorIndex, word_index: WordIndex
) -> None:
    """Ask the questions of the exact scan and of the library in turns, and compare."""
    keys = library.keys()
    exact = faiss.IndexFlatIP(origin.vectors.shape[1])
    for first in range(0, len(keys), PER_TRANSACTION):
        found = library.vectors(keys[first : first + PER_TRANSACTION], MODEL)
        exact.add(np.concatenate(list(found.values())))
    faiss.omp_set_num_threads(1)
    times: dict[str, list[float]] = {"exact": [], "ours": [], "words": []}
    shares = []
    for text, vector in zip(origin.questions, origin.question_vectors, strict=True):
        right = timed(times["exact"], exact.search, vector[None], DEPTH)[1][0]
        found = timed(times["ours"], vector_index.search, vector, DEPTH)
        timed(times["words"], word_index.search, text, DEPTH)
        rows = {keys.index(hit.key) * PER_ARTICLE + hit.position for hit in found}
        shares.append(len(rows & set(right.tolist())) / DEPTH)
    scan, ours, words = (1000 * statistics.median(taken) for taken in times.values())
    print(
        f"exact scan {scan:.1f} ms, ours {ours:.2f} ms ({scan / ours:.0f}x), "
        f"recall@{DEPTH} {statistics.mean(shares):.4f}; words {words:.1f} ms",
        flush=True,
    )


def follow(
    origin: Origin, library: Library, vector_index: VectorIndex, word_index: WordIndex
) -> None:
    """Measure how long it takes until an article that was added, or removed, is followed."""
    times: dict[str, list[float]] = {"added": [], "removed": []}
    vectors = vary(origin, 5 * PER_ARTICLE)
    for number in range(5):
        library.add([article(origin, 10**9 + number, next(vectors))], MODEL)
        timed(times["added"], refresh, vector_index, word_index)
        library.remove([f"a{10**9 + number}"])
        timed(times["removed"], refresh, vector_index, word_index)
    added, removed = (1000 * statistics.median(taken) for taken in times.values())
    print(f"one article more {added:.0f} ms, one less {removed:.0f} ms", flush=True)


def refresh(vector_index: VectorIndex, word_index: WordIndex) -> None:
    vector_index.refresh()
    word_index.refresh()


def timed(times: list[float], function: Any, *arguments: object) -> Any:
    """Call *function*, and note the CPU time of this thread."""
    began = time.thread_time()
    result = function(*arguments)
    times.append(time.thread_time() - began)
    return result


def read_origin(files: Sequence[Path]) -> Origin:
    """Encode the sentences and some questions of the question *files*."""
    texts: dict[str, None] = {}
    questions: list[str] = []
    for file in files:
        for its_article, asked in read_questions(file):
            texts.update(dict.fromkeys(map(its_article.cut, spans(its_article))))
            questions += [question.question for question in asked]
    chosen = random.Random(0).sample(sorted(set(questions)), QUESTIONS)  # noqa: S311
    encoder = load_encoder()
    return Origin(list(texts), encoder.encode(list(texts)), chosen, encoder.encode(chosen))


def spans(whole: Article) -> list[Span]:
    return [sentence.span for sentence in split_sentences(whole.text, whole.language)]


def vary(origin: Origin, number: int) -> Iterator[Vectors]:
    """Make unit vectors (PER_ARTICLE, d), *number* in all, that lie as those of sentences do."""
    generator = np.random.default_rng(number)
    true = origin.vectors
    near = np.argsort(-true @ true.T, axis=1)[:, 1 : NEIGHBOURS + 1]
    _, lengths, axes = np.linalg.svd(true - true.mean(axis=0), full_matrices=False)
    spread = (lengths[:, None] * axes / np.sqrt(len(true))).astype(np.float32)
    for _ in range(0, number, PER_ARTICLE):
        own, other = generator.integers(len(true), size=(2, PER_ARTICLE))
        beside = near[own, generator.integers(NEIGHBOURS, size=PER_ARTICLE)]
        share = generator.dirichlet(SHARES, size=PER_ARTICLE).astype(np.float32)
        parts = np.stack([true[own], true[beside], true[other]], axis=1)
        noise = generator.standard_normal((PER_ARTICLE, len(spread))).astype(np.float32) @ spread
        yield unit(unit(np.einsum("np,npd->nd", share, parts)) + NOISE * noise)


def article(origin: Origin, number: int, vectors: Vectors) -> EncodedArticle:
    """Write the article a<number>, whose sentences have *vectors*."""
    chance = random.Random(number)  # noqa: S311
    lines = [splice(chance, origin.texts) for _ in vectors]
    ends = np.cumsum([len(line) + 1 for line in lines]).tolist()
    sentences = [
        Sentence(Span(end - 1 - len(line), end - 1), 1)
        for line, end in zip(lines, ends, strict=True)
    ]
    name = f"a{number}"
    return EncodedArticle(
        Article(name, "Title", "\n".join(lines)), sentences, vectors, explicit_id=True
    )


def splice(chance: random.Random, texts: Sequence[str]) -> str:
    """Join the beginning of one sentence and the end of another, with a name every second time."""
    first, second = chance.choice(texts).split(), chance.choice(texts).split()
    name = f"Name{int(chance.paretovariate(NAMES)) % 10**7}" if chance.random() < 1 / 2 else ""
    return (
        " ".join([*first[: len(first) // 2], name, *second[len(second) // 2 :]]).strip()
        or "Nothing"
    )


def resident() -> float:
    """MiB of memory that this process has."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    main()
