"""
What the product's ranking says to every judged question, kept on disk: what a reader begins with.

    python -m index.training.reading.first_ranking TRAIN JUDGED FIRST

One JSON line a trial: {"file", "article", "asked", "question", "confidence", "signals": [those of
index.ranking.signals], "ranked": [[position, score], ...]}; *asked* is the article that it was
asked of (another one than its own when it is off topic), positions count the sentences of that
article. A file that is there already is not asked again.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path

from index.encoding.load import load_encoder
from index.encoding.protocol import Encoder
from index.evaluation.question_files import Questions, read_questions
from index.evaluation.running import make_trials
from index.ranking.answer_types import packaged_answer_types
from index.ranking.candidate_sentences import Query
from index.ranking.confidence import confidence
from index.ranking.ranker import rank
from index.ranking.signals import measure_signals
from index.retrieval.corpus import Corpus
from index.storage.database import open_database
from index.storage.ingest import add_articles
from index.storage.library import open_library
from index.text.as_addressed import as_addressed
from index.text.readers import ReadArticle
from index.training.reading.asked_questions import asked_rows
from index.training.reading.text_folds import HELD_OUT, fold_texts
from index.training.reading.tokenised_texts import read_rows
from index.training.reading.training_rounds import ASKED

DEPTH = 30  # sentences of the ranking that are kept
FILES = ("documents", "onestopqa", "onestopqa-unanswerable", "squad2", "clapnq", "xquad")


def judged_files(train: Path, judged: Path) -> Iterator[tuple[str, Questions]]:
    """The held-out written questions, those asked later, then each file that only measures."""
    rows = list(read_questions(train / "written.jsonl"))
    folds = fold_texts(article.id for article, _ in rows)
    yield "written", [row for row in rows if folds[row[0].id] == HELD_OUT]
    texts = (row for row in read_rows(train / "written.jsonl") if folds[row["id"]] == HELD_OUT)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"{ASKED}.jsonl")
        path.write_text("".join(f"{json.dumps(row)}\n" for row in asked_rows(texts)), "utf-8")
        yield ASKED, list(read_questions(path))
    for name in FILES:
        yield name, list(read_questions(judged / f"{name}.jsonl"))


def rank_file(name: str, rows: Questions, encoder: Encoder) -> Iterator[dict[str, object]]:
    """Ask every question of its own article and, off topic, of another one."""
    library = open_library(open_database("sqlite://"), "evaluation")
    articles = [ReadArticle(article, explicit_id=True) for article, _ in rows]
    first_ids = {
        added.id: added.known_as or added.id
        for added in add_articles(library, lambda: encoder, articles)
    }
    corpus = Corpus(library, encoder)
    corpus.refresh()
    for question, asked in make_trials(rows, whole_library=False):
        assert asked is not None  # noqa: S101 (for the types: only a whole library has None)
        found = rank_question(corpus, question.question, first_ids[asked])
        yield {
            "file": name,
            "article": question.article,
            "asked": asked,
            "question": question.id,
            **found,
        }


def rank_question(corpus: Corpus, question: str, article: str) -> dict[str, object]:
    """What the first ranking says to *question* of the *article* with that id."""
    text = as_addressed(corpus.spell(question))
    [tokens] = corpus.encoder.encode_tokens([text])
    query = Query(text, tokens)
    candidates = corpus.find(query, [corpus.key_of(article)])
    types = packaged_answer_types(corpus.encoder.identity)
    ranking = rank(query, candidates, answer_types=types)
    return {
        "confidence": confidence(query, candidates, ranking),
        "signals": astuple(measure_signals(query, candidates, ranking)),
        "ranked": [
            [candidates.positions[i], round(float(ranking.scores[i]), 5)]
            for i in ranking.order[:DEPTH]
        ],
    }


def main() -> None:
    """Write what is missing, file by file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[1])
    parser.add_argument("train", type=Path, help="folder of the files to learn from")
    parser.add_argument("judged", type=Path, help="folder of the files that only measure")
    parser.add_argument("first", type=Path, help="folder for the rankings")
    given = parser.parse_args()
    given.first.mkdir(parents=True, exist_ok=True)
    encoder = load_encoder()
    for name, rows in judged_files(given.train, given.judged):
        path = given.first / f"{name}.jsonl"
        if path.exists():
            continue
        started, part = time.perf_counter(), path.with_suffix(".part")
        with part.open("w", encoding="utf-8") as lines:
            for count, trial in enumerate(rank_file(name, rows, encoder), start=1):
                lines.write(json.dumps(trial) + "\n")
                if count % 200 == 0:
                    print(name, count, f"{time.perf_counter() - started:.0f} s", flush=True)
        part.rename(path)


if __name__ == "__main__":
    main()
