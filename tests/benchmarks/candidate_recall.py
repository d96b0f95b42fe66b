"""
How often the right sentence is among the candidates that are reranked, over a whole library.

    python tests/benchmarks/candidate_recall.py FOLDER/xquad.jsonl

All articles of a question file become one library. For each answerable question the candidates by
vectors, by words, and by both (what the product takes) are looked through, to a depth of 10, 50
and 100. Neighbours, which are ranked too, do not count here.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from index.encoding.load import load_encoder
from index.evaluation.question_files import Question, read_questions
from index.retrieval.candidates import fuse
from index.retrieval.row_map import SentenceKey
from index.retrieval.vector_index import VectorIndex
from index.retrieval.word_index import WordIndex
from index.storage.database import open_database
from index.storage.ingest import add_articles
from index.storage.library import open_library
from index.storage.records import StoredArticle
from index.text.readers import ReadArticle

DEPTHS = (10, 50, 100)


def main() -> None:
    """Print a line of recalls for each way of searching."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[1])
    parser.add_argument("file", type=Path)
    rows = list(read_questions(parser.parse_args().file))
    encoder = load_encoder()
    library = open_library(open_database("sqlite://"), "benchmark")
    list(
        add_articles(library, lambda: encoder, [ReadArticle(a, explicit_id=True) for a, _ in rows])
    )
    vector_index, word_index = VectorIndex(library, encoder.identity), WordIndex(library)
    vector_index.refresh()
    word_index.refresh()
    stored = library.load(library.keys())
    questions = [question for _, asked in rows for question in asked if question.evidence]
    vectors = encoder.encode([question.question for question in questions])
    found: dict[str, list[list[SentenceKey]]] = {"vectors": [], "words": [], "both": []}
    for question, vector in zip(questions, vectors, strict=True):
        dense = [hit.sentence for hit in vector_index.search(vector, max(DEPTHS))]
        lexical = [hit.sentence for hit in word_index.search(question.question, max(DEPTHS))]
        both = fuse([dense, lexical])
        for name, ranking in zip(found, (dense, lexical, both), strict=True):
            found[name].append(ranking)
    print(f"{len(questions)} questions, {vector_index.count()} sentences of {len(rows)} articles")
    for name, rankings in found.items():
        hits = [
            [is_right(question, stored, sentence) for sentence in ranking]
            for question, ranking in zip(questions, rankings, strict=True)
        ]
        recalls = [sum(any(right[:k]) for right in hits) / len(hits) for k in DEPTHS]
        print(
            f"{name:8s}" + "".join(f"  @{k} {r:.4f}" for k, r in zip(DEPTHS, recalls, strict=True))
        )


def is_right(question: Question, stored: dict[int, StoredArticle], sentence: SentenceKey) -> bool:
    """Whether *sentence* overlaps the evidence of *question*."""
    key, position = sentence
    article, span = stored[key].article, stored[key].sentences[position].span
    return article.id == question.article and any(e.overlaps(span) for e in question.evidence)


if __name__ == "__main__":
    main()
