"""
What is measured by speed.py, each in a process of its own that does one round a line.

    python contenders.py cold NAME JOB.json    # prepare, answer one question, end
    python contenders.py warm NAME JOB.json    # prepare, then a round for each line of the input

A round is named by its line; what it prints is a JSON list of seconds: of each question of
"article", "library" and "first" and of "forward", or of all sentences of "sentences" together.
Questions of "article" and "library" are asked again in every round, of windows that were read then;
those of "first" are the first to their articles, of which nothing is known but what adding stored.
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

from cross_encoders import CROSS_ENCODERS, ranked_twice
from libraries import PEERS, Rank

Job = dict[str, Any]
Rounds = dict[str, Callable[[], list[float]]]

READING = " + cross-encoder"  # behind the name of a peer that ranks its first ten again
BEFORE = "article-bot, before"
# Each article-bot: its precision, and its reader. The first is as it comes.
OWN: dict[str, tuple[Any, str]] = {
    "article-bot": ("fp32", "packaged"),
    "article-bot, reading off": ("fp32", "off"),
    "article-bot, int8": ("int8", "packaged"),
    BEFORE: ("fp32", "off"),
}


def timed(calls: Sequence[Callable[[], object]]) -> list[float]:
    """Seconds of each of *calls*, one after another."""
    seconds = []
    for call in calls:
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return seconds


def prepare_peer(name: str, job: Job, sentences: Sequence[str]) -> Rank:
    """What ranks *sentences* with the library *name*, and with its cross-encoder if it says so."""
    peer = name.removesuffix(READING)
    rank = PEERS[peer].prepare(job["model"], sentences)
    if peer == name:
        return rank
    return ranked_twice(rank, sentences, CROSS_ENCODERS[peer](job["cross_encoder"]))


def rounds_of_peer(name: str, job: Job) -> Rounds:
    """Prepare the library *name* for the job, and give its rounds."""
    encode = PEERS[name].encode if name in PEERS else None
    articles = [prepare_peer(name, job, sentences) for sentences in job["articles"]]
    together = [sentence for sentences in job["articles"] for sentence in sentences]
    library = prepare_peer(name, job, together)

    def ask(rank: Rank, question: str) -> Callable[[], object]:
        return lambda: rank(question)

    rounds = {
        "article": lambda: timed([ask(articles[i], question) for i, question in job["questions"]]),
        "library": lambda: timed([ask(library, question) for _, question in job["questions"]]),
    }
    if encode:
        rounds["sentences"] = lambda: timed([lambda: encode(job["model"], job["sentences"])])
    return rounds


def rounds_of_article_bot(name: str, job: Job) -> Rounds:
    """Put the articles of the job into a SQLite file, as people do, and give the rounds."""
    from index.encoding.load import load_encoder

    precision, _ = OWN[name]
    encoder = load_encoder(precision=precision)
    library = library_of(job, encoder)
    asked = [(question, job["texts"][i][0]) for i, question in job["questions"]]
    # Each has caches of its own, so that neither drives out what the other has read.
    ask_article, ask_library = (asker(name, library, encoder, None) for _ in range(2))

    def first() -> list[float]:
        # One question for each article; the first fills what is known of the library.
        warming, *others = {article: question for question, article in asked}.items()
        with tempfile.TemporaryDirectory() as cache:
            ask_anew = asker(name, library, encoder, Path(cache))
            ask_anew(warming[1], warming[0])()
            return timed([ask_anew(question, article) for article, question in others])

    rounds = {
        "article": lambda: timed([ask_article(question, article) for question, article in asked]),
        "library": lambda: timed([ask_library(question, None) for question, _ in asked]),
        "sentences": lambda: timed([lambda: encoder.encode(job["sentences"])]),
    }
    return rounds | ({"first": first} if len(job["texts"]) > 1 else {})


def library_of(job: Job, encoder: Any) -> Any:
    """A library of the articles of the job, which is gone when the process ends."""
    from index.datatypes import Article
    from index.storage.database import open_database
    from index.storage.ingest import add_articles
    from index.storage.library import open_library
    from index.text.readers import ReadArticle

    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder)
    library = open_library(open_database(f"sqlite:///{folder}/articles.sqlite"), "benchmark")
    articles = [ReadArticle(Article(*text), explicit_id=True) for text in job["texts"]]
    list(add_articles(library, lambda: encoder, articles))
    return library


def asker(
    name: str, library: Any, encoder: Any, cache: Path | None
) -> Callable[[str, str | None], Callable[[], object]]:
    """What makes a call of a question; nothing but *cache* (None: the user's) is known to it."""
    from index.answering import Answerer
    from index.retrieval.corpus import Corpus

    corpus = Corpus(library, encoder, cache=cache)
    corpus.refresh()
    options: dict[str, Any] = {}
    precision, reader = OWN[name]
    if reader != "off":  # versions before had none
        from index.reading.load_reader import load_reader

        options["reader"] = load_reader(reader, encoder, precision=precision, notice=sys.exit)
    answerer = Answerer(corpus, **options)
    return lambda question, article: lambda: answerer.answer(question, article=article)


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
    if name in OWN:
        return rounds_of_article_bot(name, job)
    return rounds_of_peer(name, job)


def main() -> None:
    """Do what the command line says."""
    mode, name, path = sys.argv[1:]
    job: Job = json.loads(Path(path).read_text(encoding="utf-8"))
    if mode == "cold":
        prepare_peer(name, job, job["seed"])(job["question"])
        return
    rounds = rounds_of(name, job)
    print(json.dumps(sorted(rounds)), flush=True)
    for line in sys.stdin:
        print(json.dumps(rounds[line.strip()]()), flush=True)


if __name__ == "__main__":
    main()
