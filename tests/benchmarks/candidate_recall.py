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
from index.retrieval.corpus import fuse
from index.retrieval.vector_index import Candidate, VectorIndex
from index.retrieval.word_index import Postings
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
    index, postings = VectorIndex(), Postings()
    index.refresh(library, encoder.identity)
    postings.refresh(library)
    stored = library.load(library.keys())
    questions = [one for _, some in rows for one in some if one.evidence]
    vectors = encoder.encode([one.question for one in questions])
    found: dict[str, list[list[tuple[int, int]]]] = {"vectors": [], "words": [], "both": []}
    for question, vector in zip(questions, vectors, strict=True):
        dense = places(index.search(vector, max(DEPTHS)))
        lexical = places(postings.search(question.question, max(DEPTHS)))
        both = fuse([dense, lexical])
        for name, ranking in zip(found, (dense, lexical, both), strict=True):
            found[name].append(ranking)
    print(f"{len(questions)} questions, {index.count()} sentences of {len(rows)} articles")
    for name, rankings in found.items():
        hits = [
            [is_right(question, stored, place) for place in ranking]
            for question, ranking in zip(questions, rankings, strict=True)
        ]
        recalls = [sum(any(one[:k]) for one in hits) / len(hits) for k in DEPTHS]
        print(
            f"{name:8s}" + "".join(f"  @{k} {r:.4f}" for k, r in zip(DEPTHS, recalls, strict=True))
        )


def places(candidates: list[Candidate]) -> list[tuple[int, int]]:
    """Where the candidates stand."""
    return [(one.key, one.position) for one in candidates]


def is_right(question: Question, stored: dict[int, StoredArticle], place: tuple[int, int]) -> bool:
    """Whether the sentence at *place* overlaps the evidence of *question*."""
    one = stored[place[0]]
    span = one.sentences[place[1]].span
    return one.article.id == question.article and any(e.overlaps(span) for e in question.evidence)


if __name__ == "__main__":
    main()
