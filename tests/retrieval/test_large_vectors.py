"""Vectors of a huge library: clustered into lists, kept for the next start, followed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from large import (
    MODEL,
    SENTENCES,
    SMALL,
    RecordingLibrary,
    clusters,
    fill,
    lower_limits,
    settle,
)

from index.retrieval import clustering, ivf_index
from index.retrieval.vector_index import VectorIndex
from index.storage.database import open_database
from index.storage.library import Library

MANY = range(60)  # articles: 600 sentences, more than SMALL and less than twice as many
VERY_MANY = range(140)


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RecordingLibrary:
    """Open a chat's library with many sentences."""
    lower_limits(monkeypatch, tmp_path / "cache")
    library = RecordingLibrary(open_database(f"sqlite:///{tmp_path}/articles.sqlite"), "chat")
    fill(library, MANY)
    return library


def follow(library: Library, index: VectorIndex | None = None, model: str = MODEL) -> VectorIndex:
    """Bring an index up to date, and wait for what it does in the background."""
    index = index or VectorIndex(library, model)
    index.refresh()
    settle()
    return index


def recall(library: Library, index: VectorIndex) -> float:
    """Measure which share of the 50 nearest of some questions is found."""
    held = library.vectors(library.keys(), MODEL)
    shares = []
    for question in clusters(10_000, 20):
        scores = {
            (key, position): float(score)
            for key, vectors in held.items()
            for position, score in enumerate(vectors @ question)
        }
        right = set(sorted(scores, key=lambda sentence: -scores[sentence])[:50])
        found = index.search(question, 50)
        assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
        for hit in found:
            assert hit.score == pytest.approx(scores[hit.sentence], abs=1e-3)
        shares.append(len(right & {hit.sentence for hit in found}) / 50)
    return float(np.mean(shares))


def test_a_huge_library_is_clustered_and_still_finds_the_nearest(library):
    """Lists are made in the background; scores are cosines, best first, and few are missed."""
    index = follow(library)

    assert index.is_clustered
    assert recall(library, index) >= 0.97


def test_a_library_read_at_once_is_clustered_while_it_is_read(library):
    """A new process does not hold all of a huge library in single precision first."""
    fill(library, range(len(MANY), len(VERY_MANY)))
    index = VectorIndex(library, MODEL)

    index.refresh()  # and nothing in the background

    assert index.is_clustered
    assert index.count() == len(VERY_MANY) * SENTENCES
    assert recall(library, index) >= 0.97
    settle()


def test_articles_are_added_and_removed_without_new_lists(library, monkeypatch):
    """What is new is appended to the lists, what is gone is taken out of them."""
    index = follow(library)
    monkeypatch.setattr(clustering, "train", None)  # it may not be called
    library.read.clear()
    fill(library, range(1000, 1003))
    library.remove(["a3", "a17", "a1001"])

    follow(library, index)

    added = {library.get(name).key for name in ("a1000", "a1002")}
    assert set(library.read) == added
    assert index.count() == (len(MANY) - 2 + 2) * SENTENCES
    assert {hit.key for hit in index.search(clusters(1002)[4], 600)} <= set(library.keys())
    best = index.search(clusters(1002)[4], 1)[0]
    assert (best.key, best.position) == (library.get("a1002").key, 4)
    assert recall(library, index) >= 0.97


def test_one_article_is_searched_exactly(library):
    """Lists that are not looked into hide nothing when the search is narrowed."""
    index = follow(library)
    key = library.get("a5").key
    question = -clusters(5)[0]

    found = index.search(question, SENTENCES, [key])

    expected = clusters(5) @ question
    assert {hit.key for hit in found} == {key}
    assert [hit.position for hit in found] == np.argsort(-expected).tolist()
    assert [hit.score for hit in found] == pytest.approx(sorted(-expected * -1)[::-1], abs=1e-3)


def test_cosines_and_vectors_are_those_that_were_stored(library):
    """Half precision changes a cosine in the fourth place."""
    index = follow(library)
    key, question = library.get("a7").key, clusters(1, 1)[0]

    np.testing.assert_allclose(index.vectors(key), clusters(7), atol=1e-3)
    sentences, cosines = index.cosines(question, [(key, SENTENCES), (key, 2), (10**6, 0)])
    assert sentences == [(key, 2)]
    assert cosines == pytest.approx([float(clusters(7)[2] @ question)], abs=1e-3)


def test_grown_fourfold_the_lists_are_made_anew(library):
    """Until then the old ones are kept, whatever is added."""
    index = follow(library)
    before = index._index
    fill(library, range(100, 100 + 2 * len(MANY)))
    follow(library, index)
    assert index._index is before

    fill(library, range(300, 300 + len(MANY)))
    follow(library, index)

    assert index._index.trained_for == 4 * len(MANY) * SENTENCES
    assert recall(library, index) >= 0.97


def test_changes_while_lists_are_made_are_not_lost(library, monkeypatch):
    """What comes and goes in the meantime is in the new lists, or not."""
    index, tune = VectorIndex(library, MODEL), clustering.tune

    def interrupt(clustered: ivf_index.IvfIndex, sample: np.ndarray) -> None:
        library.remove(["a3", "a4"])
        fill(library, range(1000, 1001))
        index.refresh()
        assert index.search(clusters(1000)[1], 1)[0].key == library.get("a1000").key
        tune(clustered, sample)

    monkeypatch.setattr(clustering, "tune", interrupt)
    follow(library, index)

    assert index.is_clustered
    assert len(index._index) == index.count() == (len(MANY) - 1) * SENTENCES
    assert recall(library, index) >= 0.97


def test_the_next_start_reads_the_difference_only(library):
    """The file is brought up to date with what came and went since it was written."""
    follow(library)
    library.read.clear()
    library.remove(["a3"])
    fill(library, range(1000, 1001))

    index = follow(library)

    assert library.read == [library.get("a1000").key]
    assert index.is_clustered
    assert index.count() == len(MANY) * SENTENCES
    assert recall(library, index) >= 0.97


def test_the_file_is_written_again_after_many_changes(library, tmp_path):
    """One more article is left to the next start, many are not."""
    index = follow(library)
    [file] = (tmp_path / "cache" / "libraries").iterdir()
    before = file.read_bytes()
    fill(library, range(1000, 1001))
    follow(library, index)
    assert file.read_bytes() == before

    fill(library, range(1001, 1005))
    follow(library, index)
    assert file.read_bytes() != before
    library.read.clear()
    follow(library)
    assert library.read == []


def test_a_removal_writes_the_file_again_if_it_is_in_there(library, tmp_path):
    """An article that came and went since the file was written is no reason to write it."""
    index = follow(library)
    [file] = (tmp_path / "cache" / "libraries").iterdir()
    before = file.read_bytes()
    fill(library, range(1000, 1001))
    follow(library, index)
    library.remove(["a1000"])
    follow(library, index)
    assert file.read_bytes() == before

    library.remove(["a7"])
    follow(library, index)
    assert file.read_bytes() != before


@pytest.mark.parametrize("damage", ["cut", "empty", "codes", "header"])
def test_a_damaged_file_is_not_believed(library, tmp_path, damage):
    """A file that is cut short, or of which one byte is wrong, is as good as none."""
    follow(library)
    [file] = (tmp_path / "cache" / "libraries").iterdir()
    content = bytearray(file.read_bytes())
    if damage in {"cut", "empty"}:
        del content[len(content) // 2 if damage == "cut" else 0 :]
    else:
        content[-len(content) // 3 if damage == "codes" else 50] ^= 1
    file.write_bytes(content)
    library.read.clear()

    index = follow(library)

    assert len(set(library.read)) == len(MANY)
    assert recall(library, index) >= 0.97


def test_the_file_of_another_model_is_not_used(library):
    """Vectors of two models are never compared."""
    follow(library)
    key = library.keys()[0]
    library.put_vectors({key: np.eye(SENTENCES, 3, dtype=np.float32)}, "model-2")

    index = follow(library, model="model-2")

    assert index.count() == SENTENCES
    assert index.vectors(key).shape == (SENTENCES, 3)


def test_the_file_of_a_database_that_was_made_anew_is_not_used(library, tmp_path):
    """Keys that are given to other articles now find these, not the old ones."""
    follow(library)
    for file in tmp_path.glob("articles.sqlite*"):
        file.unlink()
    fresh = RecordingLibrary(open_database(f"sqlite:///{tmp_path}/articles.sqlite"), "chat")
    fill(fresh, range(500, 500 + len(MANY)))

    index = follow(fresh)

    assert recall(fresh, index) >= 0.97


def test_a_library_of_common_size_has_no_file(library, tmp_path):
    """Below the limit nothing is written, and the search is exact."""
    library.remove([f"a{number}" for number in range(SMALL // SENTENCES, len(MANY))])
    library.remove(["a0"])

    index = follow(library)

    assert not index.is_clustered
    assert not (tmp_path / "cache").exists()
    assert recall(library, index) == 1.0


def test_where_nothing_can_be_written_there_is_no_file(library, tmp_path):
    """A cache folder that is a file stops nobody."""
    (tmp_path / "cache").write_text("not a folder")

    assert follow(library).is_clustered


def test_a_database_in_memory_has_no_file(tmp_path, monkeypatch):
    """There is nothing that a later process could start with."""
    lower_limits(monkeypatch, tmp_path / "cache")
    library = RecordingLibrary(open_database("sqlite://"), "chat")
    fill(library, MANY)

    assert follow(library).is_clustered
    assert not (tmp_path / "cache").exists()


def test_small_libraries_do_not_load_faiss():
    """Its import is left out where a product of numbers does the same."""
    code = (
        "import sys; import numpy as np; from index.retrieval.vector_rows import VectorRows;"
        "import index.retrieval.vector_index; rows = VectorRows();"
        "rows._add(1, np.eye(2, dtype='f4'));"
        "assert len(rows.search(np.ones(2, 'f4'), 2)) == 2;"
        "sys.exit('faiss' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])
