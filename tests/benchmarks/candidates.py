"""
How many sentences of a library are worth ranking: what is found with more of them, and with fewer.

    python tests/benchmarks/candidates.py FOLDER

asks the questions of each question file in FOLDER of all its articles together, then those of all
files of all articles, and prints for some settings of index.retrieval.candidates how often the
first sentence, or one of the first three, is right, how much of the evidence is shown, and how many
tokens are compared.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from index.answering import Answerer
from index.datatypes import Article
from index.encoding.load import load_encoder
from index.encoding.protocol import Encoder
from index.evaluation.judging import judge
from index.evaluation.metrics import summarise
from index.evaluation.question_files import Question, read_questions
from index.ranking.candidate_sentences import Query
from index.retrieval import candidates as settings
from index.retrieval.corpus import Corpus
from index.retrieval.token_cache import WindowCache
from index.storage.database import open_database
from index.storage.ingest import add_articles
from index.storage.library import open_library
from index.text.readers import ReadArticle

SETTINGS = (  # NEAREST, NEIGHBOURS, WINDOWS
    (100, 1, 16), (50, 1, 16), (15, 1, 8), (15, 3, 8), (12, 3, 8), (10, 3, 8), (8, 3, 8), (6, 5, 6),
)  # fmt: skip
HELD = 2**31  # bytes: every window is encoded once only

JudgedArticles = Sequence[tuple[Article, Sequence[Question]]]


def main() -> None:
    """Print a table for each library."""
    parser = argparse.ArgumentParser(description=__doc__.strip().split("\n")[0])
    parser.add_argument("folder", type=Path)
    libraries = read_answerable(parser.parse_args().folder)
    rows = {
        article.text: (article, asked)
        for library in libraries.values()
        for article, asked in library
    }
    libraries["all together"] = list(rows.values())
    encoder = load_encoder()
    for name, library in libraries.items():
        measure(name, library, encoder)


def read_answerable(folder: Path) -> dict[str, JudgedArticles]:
    """Read the question files of *folder* by name, without those that have nothing to answer."""
    files = {
        path.stem: list(answered(path))
        for path in sorted(folder.glob("*.jsonl"))
        if not path.name.startswith("seed")  # whose lines are no articles
    }
    return {name: rows for name, rows in files.items() if rows}


def answered(path: Path) -> Iterator[tuple[Article, Sequence[Question]]]:
    """Read articles under ids of their own with the questions that they answer."""
    for article, questions in read_questions(path):
        own = f"{path.name}: {article.id}"
        asked = [replace(question, article=own) for question in questions if question.evidence]
        if asked:
            yield replace(article, id=own), asked


def measure(name: str, rows: JudgedArticles, encoder: Encoder) -> None:
    """Print the table of one library."""
    corpus = make_corpus(rows, encoder)
    questions = [question for _, asked in rows for question in asked]
    queries = [read(question.question, encoder) for question in questions]
    print(f"{name}: {len(rows)} articles, {len(questions)} questions", flush=True)
    for setting in SETTINGS:
        settings.NEAREST, settings.NEIGHBOURS, settings.WINDOWS = setting
        answerer = Answerer(corpus)
        got = summarise([judge(asked, answerer.answer(asked.question)) for asked in questions])
        tokens = sum(count_tokens(query, corpus) for query in queries) / len(queries)
        print(
            "  nearest {:3}, {} neighbours, {:2} windows:".format(*setting)
            + f" hit@1 {got.hit_at_1:.3f}, hit@3 {got.hit_at_3:.3f},"
            f" evidence {got.evidence_recall:.3f}, {tokens:5,.0f} tokens",
            flush=True,
        )


def make_corpus(rows: JudgedArticles, encoder: Encoder) -> Corpus:
    """Put the articles of *rows* into a library in memory."""
    library = open_library(open_database("sqlite://"), "benchmark")
    loaded = [ReadArticle(article, explicit_id=True) for article, _ in rows]
    list(add_articles(library, lambda: encoder, loaded))
    corpus = Corpus(library, encoder, windows=WindowCache(HELD))
    corpus.refresh()
    return corpus


def read(question: str, encoder: Encoder) -> Query:
    """Encode a question."""
    [tokens] = encoder.encode_tokens([question])
    return Query(question, tokens)


def count_tokens(query: Query, corpus: Corpus) -> int:
    """How many tokens of sentences *query* is compared with."""
    return sum(len(sentence.layers) for sentence in corpus.find(query).sentences)


if __name__ == "__main__":
    main()
