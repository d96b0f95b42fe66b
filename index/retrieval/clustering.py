"""
How the lists of an IVF index are made of sentence vectors, and how many a question looks into.

Making them takes minutes for a million sentences, so it needs no lock: what comes and goes
meanwhile is made good by whoever asked for the lists (index.retrieval.vector_rows).
"""

from __future__ import annotations

import math
from typing import Any

import faiss as faiss_with_stubs
import numpy as np

from index.retrieval.exact_index import Vectors, unit
from index.retrieval.ivf_index import IvfIndex, one_thread
from index.retrieval.row_map import Rows

# The stubs describe the functions of C++, not those that Python offers.
faiss: Any = faiss_with_stubs

# 4 * sqrt(n) lists: half as many are trained four times as fast, and find .984 of the 50 nearest of
# 100,000 in 15 % of the lists instead of 10 %. FAISS asks for at least 39 points a list. Its own
# number of rounds is 25; lists made in five find as much as those made in ten.
LISTS_PER_ROOT = 4
POINTS_PER_LIST = 40
ROUNDS = 5
# A question looks into the fewest lists that find MIN_RECALL of the DEPTH nearest, measured on
# QUERIES pairs of sentences: the middle of two, moved by NOISE in any direction, stands for a
# question, which is near some sentences but lies where none are. Without it, in a million
# sentences, five lists seemed enough, and found .91 for true questions; with it twenty, which find
# .99 (tests/benchmarks/large_library.py).
MIN_RECALL, DEPTH, QUERIES = 0.985, 50, 50
NOISE = 0.7


def count_points(size: int) -> int:
    """How many vectors the lists for *size* sentences are made of."""
    return min(size, _count_lists(size) * POINTS_PER_LIST)


def choose(values: Rows, number: int) -> Rows:
    """Choose *number* of *values*, ascending, the same ones each time."""
    return np.sort(np.random.default_rng(0).permutation(values)[:number])


def train(sample: Vectors, size: int) -> IvfIndex:
    """Make the empty lists for *size* vectors, of a *sample* (n, d) of them; some take minutes."""
    lists = max(1, min(_count_lists(size), len(sample) // POINTS_PER_LIST))
    clustering = faiss.Clustering(sample.shape[1], lists)
    clustering.niter = ROUNDS
    clustering.spherical = True  # centroids of length 1, as the vectors
    clustering.max_points_per_centroid = len(sample)  # all of them
    with one_thread():
        clustering.train(np.ascontiguousarray(sample), faiss.IndexFlatIP(sample.shape[1]))
    centroids = faiss.vector_to_array(clustering.centroids).reshape(lists, -1)
    return IvfIndex(centroids, trained_for=size)


def tune(index: IvfIndex, sample: Vectors) -> None:
    """
    Let *index*, which is filled, look into as few lists as find MIN_RECALL.

    That is judged by a *sample* (n, d) of its vectors.
    """
    lists = len(index.centroids)
    queries = synthetic_queries(sample)
    index.probes = lists
    right = [set(index.search(query, DEPTH)[0].tolist()) for query in queries]
    index.probes = 1
    while index.probes < lists:
        found = [set(index.search(query, DEPTH)[0].tolist()) for query in queries]
        hits = sum(len(rows & nearest) for rows, nearest in zip(found, right, strict=True))
        if hits >= MIN_RECALL * sum(map(len, right)):
            return
        index.probes = min(lists, index.probes + max(1, index.probes // 4))


def synthetic_queries(sample: Vectors) -> Vectors:
    """Make vectors (QUERIES, d) that lie as those of questions do, of a *sample* (n, d)."""
    random = np.random.default_rng(1)
    first, second = random.integers(len(sample), size=(2, QUERIES))
    middle = unit(sample[first] + sample[second])
    return middle + NOISE * unit(random.standard_normal(middle.shape).astype(np.float32))


def _count_lists(size: int) -> int:
    return max(1, round(LISTS_PER_ROOT * math.sqrt(size)))
