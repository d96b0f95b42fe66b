"""Which sentences of a library are worth ranking for a question: the nearest, and those beside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from index.datatypes import LoadedArticle
from index.retrieval.row_map import SentenceKey

# Up to this many sentences all are ranked; of more, the NEAREST by vectors and words together and
# the NEIGHBOURS on either side of each, as long as they lie in the first WINDOWS windows: a window
# that nobody has asked for yet takes some 30 ms to encode. Over the 288 articles of four question
# files .761 of 1,950 questions are answered first, and .880 of their evidence is shown; 100 with
# one neighbour in 16 windows make it .758 and .880, for 1.7 times as many tokens
# (tests/benchmarks/candidates.py).
RANK_ALL = 200
NEAREST = 12
NEIGHBOURS = 3
WINDOWS = 8
RRF_K = 60  # of reciprocal-rank fusion (Cormack et al. 2009)


def fuse(rankings: Iterable[Sequence[SentenceKey]]) -> list[SentenceKey]:
    """Merge *rankings*, each best first, into one by reciprocal-rank fusion."""
    scores: defaultdict[SentenceKey, float] = defaultdict(float)
    for ranking in rankings:
        for rank, sentence in enumerate(ranking, start=1):
            scores[sentence] += 1 / (RRF_K + rank)
    return sorted(scores, key=lambda sentence: (-scores[sentence], sentence))


def all_sentences(loaded: Mapping[int, LoadedArticle]) -> list[SentenceKey]:
    """Every sentence of the articles *loaded*, in the order of these."""
    return [(key, at) for key in sorted(loaded) for at in range(len(loaded[key].sentences))]


def add_neighbours(
    best: Sequence[SentenceKey], loaded: Mapping[int, LoadedArticle]
) -> list[SentenceKey]:
    """
    The sentences *best* (best first) and those around them, in the order of the articles.

    They lie in as few windows as may be encoded. So a question has a bound, whatever was asked
    before, and however large the library is.
    """
    windows = dict.fromkeys((key, loaded[key].window_of[at].start) for key, at in best)
    encoded = set(islice(windows, WINDOWS))
    steps = range(-NEIGHBOURS, NEIGHBOURS + 1)
    around = {(key, at + step) for key, at in best for step in steps}
    return sorted(
        (key, at)
        for key, at in around
        if 0 <= at < len(loaded[key].sentences)
        and (key, loaded[key].window_of[at].start) in encoded
    )
