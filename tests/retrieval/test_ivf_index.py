"""Lists of neighbours find what comparing every vector finds, if enough of them are looked into."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.retrieval import clustering
from index.retrieval.exact_index import ExactIndex
from index.retrieval.ivf_index import IvfIndex

# Numbers that half precision holds as they are, and few directions, so that many score the same.
vectors = st.lists(st.tuples(*[st.sampled_from([-1.0, 0.0, 0.5, 0.75])] * 4), min_size=1)


def clusters(number: int, seed: int) -> np.ndarray:
    """Make unit vectors (number, 16) around forty directions."""
    random = np.random.default_rng(seed)
    centres = np.random.default_rng(0).standard_normal((40, 16))
    found = centres[random.integers(40, size=number)] + 0.5 * random.standard_normal((number, 16))
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


@given(held=vectors, later=vectors, question=vectors, data=st.data())
@settings(deadline=None)
def test_all_lists_together_find_what_is_nearest(held, later, question, data):
    """Looking into every list gives the rows and scores of the exact search, after any change."""
    numbers = np.array(held + later, np.float32)
    clustered, exact = IvfIndex(numbers[:3], trained_for=3), ExactIndex(4)
    gone = data.draw(st.sets(st.integers(0, len(held) - 1)))
    for index in (clustered, exact):
        index.add(np.arange(len(held)), numbers[: len(held)])
        index.remove(np.array(sorted(gone), np.int64))
        index.add(np.arange(len(held), len(numbers)), numbers[len(held) :])
    top_k = data.draw(st.integers(1, len(exact)))

    query = np.array(question[0], np.float32)
    found, expected = clustered.search(query, top_k), exact.search(query, top_k)

    assert len(clustered) == len(exact) == len(numbers) - len(gone)
    assert dict(zip(*map(np.ndarray.tolist, found), strict=True)) == dict(
        zip(*map(np.ndarray.tolist, expected), strict=True)
    )
    kept = expected[0]
    np.testing.assert_array_equal(clustered.take(kept), numbers[kept])


def test_few_lists_find_nearly_all():
    """Tuned lists are looked into in part, and find at least .98 of the fifty nearest."""
    held, questions = clusters(8000, 1), clusters(60, 2)
    clustered, exact = clustering.train(held[::2], 8000), ExactIndex(16)
    for index in (clustered, exact):
        index.add(np.arange(8000), held)

    clustering.tune(clustered, held)

    found = [set(clustered.search(question, 50)[0].tolist()) for question in questions]
    right = [set(exact.search(question, 50)[0].tolist()) for question in questions]
    hits = [len(rows & nearest) / 50 for rows, nearest in zip(found, right, strict=True)]
    assert clustered.probes < len(clustered.centroids) / 2
    assert np.mean(hits) >= 0.98


def test_scores_are_those_of_the_vectors():
    """A score is the product of the vectors, higher for the nearer, never a distance."""
    clustered = IvfIndex(np.eye(2, dtype=np.float32), trained_for=2)
    clustered.add(np.array([7, 9, 4]), np.array([[0.6, 0.8], [-1, 0], [1, 0]], np.float32))

    rows, scores = clustered.search(np.array([1, 0], np.float32), 3)

    assert dict(zip(rows.tolist(), scores.tolist(), strict=True)) == pytest.approx(
        {4: 1.0, 7: 0.6, 9: -1.0}, abs=1e-3
    )


def test_a_small_sample_makes_fewer_lists():
    """Of ten vectors one list is made, however many are to come."""
    assert len(clustering.train(clusters(10, 3), 10**6).centroids) == 1
