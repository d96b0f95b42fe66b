"""
Where vectors of a large library are searched faster: here, or in PostgreSQL by pgvector.

    python tests/benchmarks/pgvector_search.py postgresql+psycopg://USER@HOST/EMPTY_DATABASE

The server needs the extension (`pip download pgserver` has a PostgreSQL with it). Vectors lie
around so many centres as a tenth of the sentences; each search wants the 50 nearest, which are
compared with those of an exact scan.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from sqlalchemy import Engine, create_engine, text

sys.path.insert(0, str(Path(__file__).parents[1]))

from index.retrieval.vector_index import VectorIndex
from index.storage.database import open_database
from index.storage.library import Library
from index.storage.records import EncodedArticle
from index.text.articles import make_article
from index.text.sentences import split_sentences

SENTENCES, PER_ARTICLE, DIMENSION, NEAREST, SEARCHES = 60_000, 200, 384, 50, 200
Place = tuple[int, int]
Search = Callable[[np.ndarray], Sequence[Place]]


def make_vectors() -> np.ndarray:
    """Unit vectors (n, d) around centres."""
    draw = np.random.default_rng(0)
    centres = draw.standard_normal((SENTENCES // 10, DIMENSION))
    near = centres[draw.integers(0, len(centres), SENTENCES)]
    vectors = near + 0.8 * draw.standard_normal((SENTENCES, DIMENSION))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def store(library: Library, vectors: np.ndarray) -> None:
    """Store articles with these vectors."""
    for number in range(SENTENCES // PER_ARTICLE):
        words = " ".join(f"Sentence {i} of article {number} is here." for i in range(PER_ARTICLE))
        article = make_article(words, id=f"a{number}")
        sentences = tuple(split_sentences(article.text, "en"))
        own = vectors[number * PER_ARTICLE :][: len(sentences)]
        library.add([EncodedArticle(article, sentences, own, explicit_id=True)], "m")


def copy_to_pgvector(engine: Engine, library: Library) -> None:
    """Store the same vectors as pgvector's."""
    import psycopg

    with psycopg.connect(engine.url.set(drivername="postgresql").render_as_string()) as raw:
        raw.execute("CREATE EXTENSION IF NOT EXISTS vector")
        raw.execute(f"CREATE TABLE nearest (article int, position int, v vector({DIMENSION}))")
        copy = "COPY nearest (article, position, v) FROM STDIN"
        with raw.cursor() as cursor, cursor.copy(copy) as rows:
            for key, own in library.vectors(library.keys(), "m").items():
                for position, vector in enumerate(own):
                    rows.write_row((key, position, str(vector.tolist())))


def measure(name: str, search: Search, queries: np.ndarray, truth: list[set[Place]]) -> None:
    """Print how long searches take, and how much of the truth they find."""
    search(queries[0])
    times, found = [], []
    for query, right in zip(queries, truth, strict=True):
        started = time.perf_counter()
        hits = search(query)
        times.append(1000 * (time.perf_counter() - started))
        found.append(len(right & set(hits)) / len(right))
    median, late = np.percentile(times, [50, 95])
    print(f"{name:34} {median:8.2f} ms {late:8.2f} ms   {np.mean(found):.3f} of the nearest")


def main() -> None:
    """Fill, search, and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[1])
    parser.add_argument("database", help="URL of an empty database with pgvector")
    url = parser.parse_args().database
    engine, vectors = open_database(url), make_vectors()
    library = Library(engine, "large")
    store(library, vectors)
    copy_to_pgvector(engine, library)
    draw = np.random.default_rng(1)
    queries = vectors[draw.integers(0, SENTENCES, SEARCHES)]
    queries = queries + 0.04 * draw.standard_normal(queries.shape).astype(np.float32)
    keys = library.keys()
    truth = [
        {
            (keys[i // PER_ARTICLE], int(i % PER_ARTICLE))
            for i in np.argsort(-(vectors @ q))[:NEAREST]
        }
        for q in queries
    ]
    with tempfile.TemporaryDirectory() as folder:
        index = VectorIndex(library, "m", Path(folder))
        started = time.perf_counter()
        index.refresh()
        print(f"read and clustered in {time.perf_counter() - started:.1f} s")
        here = lambda query: [hit.sentence for hit in index.search(query, NEAREST)]  # noqa: E731
        measure("here", here, queries, truth)
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        statement = text("SELECT article, position FROM nearest ORDER BY v <#> :q LIMIT :n")

        def there(query: np.ndarray) -> Sequence[Place]:
            given = {"q": str(query.tolist()), "n": NEAREST}
            return [(row[0], row[1]) for row in connection.execute(statement, given)]

        measure("pgvector, exact", there, queries[:20], truth[:20])
        started = time.perf_counter()
        connection.execute(text("CREATE INDEX ON nearest USING hnsw (v vector_ip_ops)"))
        print(f"pgvector's HNSW built in {time.perf_counter() - started:.1f} s")
        for candidates in (50, 100, 400):
            connection.execute(text(f"SET hnsw.ef_search = {candidates}"))
            measure(f"pgvector, HNSW, ef_search {candidates}", there, queries, truth)


if __name__ == "__main__":
    main()
