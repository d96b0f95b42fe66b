"""
What is measured by speed.py, each in a process of its own that does one round a line.

    python contenders.py cold NAME JOB.json    # prepare, answer one question, end
    python contenders.py warm NAME JOB.json    # prepare, then a round for each line of the input

A round is named by its line; what it prints is a JSON list of seconds: of each question of
"article" and "library" and of "forward", or of all sentences of "sentences" together.
"""

from __future__ import annotations

import atexit
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from libraries import PEERS, Rank

Job = dict[str, Any]
Rounds = dict[str, Callable[[], list[float]]]


def timed(calls: Sequence[Callable[[], object]]) -> list[float]:
    """Seconds of each of *calls*, one after another."""
    seconds = []
    for call in calls:
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return seconds


def rounds_of_peer(name: str, job: Job) -> Rounds:
    """Prepare the library *name* for the job, and give its rounds."""
    prepare, encode = PEERS[name].prepare, PEERS[name].encode
    articles = [prepare(job["model"], sentences) for sentences in job["articles"]]
    library = prepare(
        job["model"], [sentence for sentences in job["articles"] for sentence in sentences]
    )

    def ask(rank: Rank, question: str) -> Callable[[], object]:
        return lambda: rank(question)

    rounds = {
        "article": lambda: timed([ask(articles[i], question) for i, question in job["questions"]]),
        "library": lambda: timed([ask(library, question) for _, question in job["questions"]]),
    }
    if encode:
        rounds["sentences"] = lambda: timed([lambda: encode(job["model"], job["sentences"])])
    return rounds


def rounds_of_article_bot(precision: Any, job: Job) -> Rounds:
    """Put the articles of the job into a SQLite file, as people do, and give the rounds."""
    from index.answering import Answerer
    from index.datatypes import Article
    from index.encoding.load import load_encoder
    from index.retrieval.corpus import Corpus
    from index.storage.database import open_database
    from index.storage.ingest import add_articles
    from index.storage.library import open_library
    from index.text.readers import ReadArticle

    encoder = load_encoder(precision=precision)
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder)
    library = open_library(open_database(f"sqlite:///{folder}/articles.sqlite"), "benchmark")
    articles = [ReadArticle(Article(*text), explicit_id=True) for text in job["texts"]]
    list(add_articles(library, lambda: encoder, articles))
    corpus = Corpus(library, encoder)
    corpus.refresh()

    def ask(question: str, article: str | None) -> Callable[[], object]:
        return lambda: Answerer(corpus).answer(question, article=article)

    return {
        "article": lambda: timed(
            [ask(question, job["texts"][i][0]) for i, question in job["questions"]]
        ),
        "library": lambda: timed([ask(question, None) for _, question in job["questions"]]),
        "sentences": lambda: timed([lambda: encoder.encode(job["sentences"])]),
    }


def rounds_of_floor(job: Job) -> Rounds:
    """Give one forward pass of each question in onnxruntime: no answer can be had for less."""
    import numpy as np

    from index.encoding.load import load_encoder

    encoder: Any = load_encoder()
    rows = [next(encoder._rows([question])) for _, question in job["questions"]]
    feeds = []
    for row in rows:
        ids, types = row.astype(np.int64)[:, None]
        inputs = {"input_ids": ids, "token_type_ids": types, "attention_mask": np.ones_like(ids)}
        feeds.append({name: inputs[name] for name in encoder._inputs})

    def run(feed: dict[str, Any]) -> Callable[[], object]:
        return lambda: encoder._session.run(None, feed)

    return {"forward": lambda: timed([run(feed) for feed in feeds])}


def rounds_of(name: str, job: Job) -> Rounds:
    """Prepare the contender *name*."""
    if name == "floor":
        return rounds_of_floor(job)
    if name in {"fp32", "int8"}:
        return rounds_of_article_bot(name, job)
    return rounds_of_peer(name, job)


def main() -> None:
    """Do what the command line says."""
    mode, name, path = sys.argv[1:]
    job: Job = json.loads(Path(path).read_text(encoding="utf-8"))
    if mode == "cold":
        PEERS[name].prepare(job["model"], job["seed"])(job["question"])
        return
    rounds = rounds_of(name, job)
    print(json.dumps(sorted(rounds)), flush=True)
    for line in sys.stdin:
        print(json.dumps(rounds[line.strip()]()), flush=True)


if __name__ == "__main__":
    main()
