"""The index of one library: exact cosines, whatever is added and removed."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.datatypes import Article, Sentence, Span
from index.errors import LibraryError
from index.retrieval.exact_index import Vectors, unit
from index.retrieval.row_map import ScoredSentence
from index.retrieval.vector_index import VectorIndex
from index.storage.database import open_database
from index.storage.library import Library, open_library
from index.storage.records import EncodedArticle

MODEL = "model-1"
EAST = np.array([1, 0], dtype=np.float32)


class RecordingLibrary(Library):
    """A library that notes of which articles vectors are read."""

    read: list[int] = []  # noqa: RUF012 (replaced for each test)

    def vectors(self, keys: Sequence[int], model: str) -> dict[int, Vectors]:
        self.read.extend(keys)
        return super().vectors(keys, model)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Give the URL of a new database."""
    return f"sqlite:///{tmp_path}/articles.sqlite"


@pytest.fixture
def library(url: str, monkeypatch: pytest.MonkeyPatch) -> RecordingLibrary:
    """Open the empty library of a chat."""
    monkeypatch.setattr(RecordingLibrary, "read", [])
    return RecordingLibrary(open_database(url), "chat")


def add(library: Library, name: str, vectors: Sequence[Sequence[float]]) -> int:
    """Add an article with these sentence vectors and return its key."""
    sentences = [Sentence(Span(i, i + 1), 1) for i in range(len(vectors))]
    article = Article(name, "Title", name + " " + "x" * len(vectors))
    library.add([EncodedArticle(article, sentences, np.array(vectors, dtype=np.float32))], MODEL)
    return library.get(name).key


def index_of(library: Library) -> VectorIndex:
    """Make an index that is up to date with *library*."""
    index = VectorIndex(library, MODEL)
    index.refresh()
    return index


def test_scores_are_cosines_after_reopening(library, url):
    """Vectors that were stored and read by another engine give the cosines, best first."""
    a = add(library, "a", [[0.6, 0.8], [-1, 0]])
    b = add(library, "b", [[1, 0], [0.8, 0.6], [0, 1]])

    found = index_of(open_library(open_database(url), "chat")).search(EAST, 5)

    assert [hit.sentence for hit in found] == [(b, 0), (b, 1), (a, 0), (b, 2), (a, 1)]
    assert [hit.score for hit in found] == pytest.approx([1.0, 0.8, 0.6, 0.0, -1.0], abs=1e-6)


def test_lengths_do_not_matter(library):
    """Sentences score by the direction of their vectors only, however long these are."""
    add(library, "a", [[6, 8], [0, 0]])

    found = index_of(library).search(EAST, 2)

    assert [hit.score for hit in found] == pytest.approx([0.6, 0.0], abs=1e-6)


def test_top_k_limits_the_candidates(library):
    """No more than top_k are returned, and no more than there are."""
    key = add(library, "a", [[1, 0], [0.8, 0.6], [0, 1]])
    index = index_of(library)

    assert [hit.position for hit in index.search(EAST, 2)] == [0, 1]
    assert [hit.position for hit in index.search(EAST, 100)] == [0, 1, 2]
    assert index.search(EAST, 0) == []
    assert index.count() == index.count([key]) == 3


def test_equal_scores_come_in_the_order_of_their_articles(library):
    """Which of many equal sentences are returned does not depend on when they were indexed."""
    first = add(library, "a", [[0, 1]])
    index = index_of(library)
    keys = [add(library, f"b{number}", [[1, 0]] * 3) for number in range(10)]
    index.refresh()
    library.remove(["b0"])
    index.refresh()

    assert index.search(EAST, 4) == [
        ScoredSentence(keys[1], 0, 1.0),
        ScoredSentence(keys[1], 1, 1.0),
        ScoredSentence(keys[1], 2, 1.0),
        ScoredSentence(keys[2], 0, 1.0),
    ]
    assert index.search(EAST, 31)[-1] == ScoredSentence(first, 0, 0.0)


def test_narrowing_searches_exactly_the_rows_of_the_articles(library):
    """A small article is found among many better sentences of others."""
    wanted = add(library, "wanted", [[-1, 0], [0, 1]])
    others = [add(library, f"a{number}", [[1, 0]] * 20) for number in range(20)]
    last = add(library, "last", [[0.6, 0.8]])
    index = index_of(library)

    assert index.search(EAST, 3, [wanted]) == [
        ScoredSentence(wanted, 1, 0),
        ScoredSentence(wanted, 0, -1),
    ]
    both = index.search(EAST, 9, [last, wanted, last, 10**6])
    assert [hit.sentence for hit in both] == [(last, 0), (wanted, 1), (wanted, 0)]
    assert index.count([last, wanted, last, 10**6]) == 3
    assert index.count(others) == 400


def test_empty_index_finds_nothing(library):
    """A library without articles, or none of the given ones, has no candidates."""
    index = index_of(library)
    assert index.search(EAST, 3) == []
    assert index.count() == 0

    add(library, "a", [[1, 0]])
    index.refresh()
    assert index.search(EAST, 3, []) == []
    assert index.search(EAST, 3, [10**6]) == []


def test_question_of_another_dimension_is_refused(library):
    """The message has both numbers."""
    add(library, "a", [[1, 0]])

    with pytest.raises(LibraryError) as caught:
        index_of(library).search(np.ones(3, dtype=np.float32), 1)

    assert str(caught.value) == (
        "the question's vector has the shape (3,) and the library's have 2 dimensions; "
        "encode both with one model."
    )


def test_vectors_of_two_dimensions_are_refused_until_they_are_gone(library):
    """A library that holds vectors of two dimensions is not searched by halves."""
    add(library, "a", [[1, 0]])
    key = add(library, "b", [[1, 0, 0]])
    index = VectorIndex(library, MODEL)

    for _ in range(2):
        with pytest.raises(LibraryError, match=r"^the library holds vectors of 2 and of 3 dim"):
            index.refresh()
    library.put_vectors({key: np.array([[0, 1]], dtype=np.float32)}, MODEL)
    index.refresh()

    assert index.count() == 2


def test_adding_reads_the_new_article_only(library):
    """Nothing is read or built again because one article was added."""
    add(library, "a", [[1, 0]])
    index = index_of(library)
    library.read.clear()

    key = add(library, "b", [[0.8, 0.6]])

    index.refresh()

    assert library.read == [key]
    assert [hit.key for hit in index.search(EAST, 2)] == [key - 1, key]


def test_refresh_without_changes_reads_no_vectors(library):
    """The keys alone tell that there is nothing to do."""
    add(library, "a", [[1, 0]])
    index = index_of(library)
    library.read.clear()

    index.refresh()

    assert library.read == []


def test_removed_article_is_not_returned_any_more(library):
    """The others keep their places and scores."""
    a = add(library, "a", [[1, 0], [0, 1]])
    add(library, "b", [[0.8, 0.6], [0.6, 0.8], [-1, 0]])
    c = add(library, "c", [[-0.6, 0.8], [0.6, -0.8]])
    index = index_of(library)
    library.read.clear()

    library.remove(["b"])
    index.refresh()

    found = index.search(EAST, 10)
    assert [hit.sentence for hit in found] == [(a, 0), (c, 1), (a, 1), (c, 0)]
    assert [hit.score for hit in found] == pytest.approx([1.0, 0.6, 0.0, -0.6], abs=1e-6)
    assert library.read == []


def test_vectors_of_another_model_are_left_out(library):
    """Vectors of two models are never in one index."""
    key = add(library, "a", [[1, 0]])
    add(library, "b", [[1, 0]])
    library.put_vectors({key: np.array([[0, 0, 1]], dtype=np.float32)}, "model-2")
    index = VectorIndex(library, "model-2")
    index.refresh()

    assert index.search(np.array([0, 0, 1], dtype=np.float32), 9) == [ScoredSentence(key, 0, 1.0)]


def test_articles_without_vectors_come_when_they_have_them(library):
    """An article that nobody has encoded is not in the index until somebody has."""
    shared = open_library(library.engine, None)
    key = shared.keys()[0]
    index = index_of(shared)
    before = index.count()
    count = len(shared.load([key])[key].sentences)

    shared.put_vectors({key: np.ones((count, 2), dtype=np.float32)}, MODEL)
    index.refresh()

    assert (before, index.count()) == (0, count)


@pytest.mark.slow
def test_searching_leaves_the_threads_of_torch_alone(library):
    """FAISS works with one thread, and torch has as many as before."""
    import torch

    add(library, "a", [[1, 0]])
    index = index_of(library)
    found: list[int] = []

    def search() -> None:
        torch.set_num_threads(2)
        index.search(EAST, 1)
        found.append(torch.get_num_threads())

    thread = threading.Thread(target=search)
    thread.start()
    thread.join()

    assert found == [2]


def test_threads_may_search_while_another_refreshes(library):
    """Every search sees whole articles, before or after a change."""
    add(library, "a", [[1, 0]] * 5)
    index = index_of(library)
    counts: list[int] = []

    def search() -> None:
        for _ in range(200):
            counts.append(len(index.search(EAST, 100)))

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(10):
        add(library, f"b{number}", [[0, 1]] * 5)
        index.refresh()
    for thread in threads:
        thread.join()

    assert {count % 5 for count in counts} == {0}


# Few directions, so that many sentences score the same.
directions = st.tuples(*[st.sampled_from([-1.0, 0.0, 0.5, 2.0])] * 3)
steps = st.lists(
    st.one_of(
        st.lists(directions, min_size=1, max_size=6),  # add an article with these vectors
        st.integers(0, 5),  # remove one of the articles
    ),
    max_size=12,
)


@given(steps=steps, question=directions, top_k=st.integers(1, 12), data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@pytest.mark.slow
def test_any_history_gives_what_brute_force_gives(steps, question, top_k, data):
    """Whatever was added and removed, the candidates are those of comparing with every vector."""
    with tempfile.TemporaryDirectory() as folder:
        library = open_library(open_database(f"sqlite:///{folder}/x.sqlite"), "chat")
        index = VectorIndex(library, MODEL)
        kept: dict[int, tuple[str, list[tuple[float, ...]]]] = {}
        for number, step in enumerate(steps):
            if isinstance(step, list):
                kept[add(library, f"a{number}", step)] = (f"a{number}", step)
            elif step < len(kept):
                library.remove([kept.pop(sorted(kept)[step])[0]])
            index.refresh()
    narrowed = data.draw(st.none() | st.lists(st.sampled_from(sorted(kept) or [0])))
    vector = unit(np.array([question], dtype=np.float32))[0]

    found = index.search(vector, top_k, narrowed)

    expected = {
        (key, position): cosine(vector, np.array(row, dtype=np.float32))
        for key, (_, rows) in kept.items()
        if narrowed is None or key in narrowed
        for position, row in enumerate(rows)
    }
    assert len(found) == min(top_k, len(expected))
    assert [hit.score for hit in found] == pytest.approx(
        sorted(expected.values(), reverse=True)[:top_k], abs=1e-6
    )
    assert [hit.score for hit in found] == pytest.approx(
        [expected[hit.sentence] for hit in found], abs=1e-6
    )
    assert len({hit.sentence for hit in found}) == len(found)


def cosine(left: Vectors, right: Vectors) -> float:
    """Give the cosine of two vectors, 0 when one of them has no direction."""
    lengths = float(np.linalg.norm(left) * np.linalg.norm(right))
    return float(left @ right) / lengths if lengths else 0.0
