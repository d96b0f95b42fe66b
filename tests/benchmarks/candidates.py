"""
How many sentences of a library are worth ranking: hits and tokens for each number of them.

    python tests/benchmarks/candidates.py FOLDER

asks the questions of each question file in FOLDER of all its articles together, then those of all
files of all articles, and prints for each setting of index.corpus.NEAREST and WINDOWS how many
first sentences, and how many among the first three, are right, and the tokens that are compared.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from index import corpus as settings
from index.adding import add_articles
from index.corpus import Corpus
from index.database import open_database
from index.datatypes import Article, Hit
from index.encoder import Encoder
from index.library import open_library
from index.loaders import Loaded
from index.loading import load_encoder
from index.matching import Query
from index.qa import answer_question
from index.questions import Question, read_questions
from index.windowcache import WindowCache

SETTINGS = ((100, 16), (50, 16), (30, 12), (20, 16), (20, 12), (15, 8))  # NEAREST, WINDOWS
HELD = 2**31  # bytes: every window is encoded once only

Asked = Sequence[tuple[Article, Sequence[Question]]]


def main() -> None:
    """Print a table for each library."""
    parser = argparse.ArgumentParser(description=__doc__.strip().split("\n")[0])
    parser.add_argument("folder", type=Path)
    files = {
        path.name: [(one, own) for one, asked in read_questions(path) if (own := judged(asked))]
        for path in sorted(parser.parse_args().folder.glob("*.jsonl"))
        if not path.name.startswith("seed")  # whose lines are no articles
    }
    encoder = load_encoder()
    libraries = {name: rows for name, rows in files.items() if rows}
    libraries["all together"] = [row for rows in libraries.values() for row in rows]
    for name, rows in libraries.items():
        measure(name, rows, encoder)


def judged(questions: Sequence[Question]) -> list[Question]:
    """Those that an article answers."""
    return [one for one in questions if one.evidence]


def measure(name: str, rows: Asked, encoder: Encoder) -> None:
    """Print the table of one library."""
    library = open_library(open_database("sqlite://"), "benchmark")
    list(add_articles(library, lambda: encoder, [Loaded(one) for one, _ in rows]))
    corpus = Corpus(library, encoder, windows=WindowCache(HELD))
    corpus.refresh()
    number = sum(len(asked) for _, asked in rows)
    print(f"{name}: {len(rows)} articles, {number} questions", flush=True)
    for settings.NEAREST, settings.WINDOWS in SETTINGS:
        hits = [
            [is_right(hit, article, one) for hit in answer_question(one.question, corpus).hits[:3]]
            for article, asked in rows
            for one in asked
        ]
        tokens = [count_tokens(one.question, corpus) for _, asked in rows for one in asked]
        print(
            f"  nearest {settings.NEAREST:3} in {settings.WINDOWS:2} windows: "
            f"{sum(one[0] for one in hits):5} first, {sum(map(any, hits)):5} among three, "
            f"{sum(tokens) / number:5,.0f} tokens",
            flush=True,
        )


def is_right(hit: Hit, article: Article, question: Question) -> bool:
    """Whether *hit* overlaps the evidence; articles that two files hold have one id only."""
    return hit.article.text == article.text and any(map(hit.span.overlaps, question.evidence))


def count_tokens(question: str, corpus: Corpus) -> int:
    """How many tokens of sentences *question* is compared with."""
    [tokens] = corpus.encoder.encode_tokens([question])
    return sum(len(one.vectors) for one in corpus.find(Query(question, tokens)).sentences)


if __name__ == "__main__":
    main()
