"""One library made ready for questions: index, articles and token vectors, kept in step."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from cachetools import LRUCache

from index.datatypes import LoadedArticle
from index.encoding.protocol import Encoder, Progress, Vectors
from index.encoding.threads import multiply_in_one_thread
from index.encoding.token_windows import EncodedSentence, cut_windows, encode_windows
from index.ranking.candidate_sentences import Candidates, Query
from index.retrieval.row_map import Place
from index.retrieval.token_cache import Window, WindowCache
from index.retrieval.token_files import files_of
from index.retrieval.vector_index import VectorIndex
from index.retrieval.word_index import Postings
from index.storage.change_watch import ChangeWatch
from index.storage.ingest import fill_missing_vectors
from index.storage.library import Library
from index.storage.records import StoredArticle
from index.text.lists import find_lists
from index.text.spelling import Lexicon, correct_spelling

# Up to this many sentences all are ranked; of more, the NEAREST by vectors and words together and
# those within REACH of them, as long as they lie in the first WINDOWS windows: a window that nobody
# has asked for yet takes some 30 ms to encode. Over the 288 articles of four question files .761 of
# 1,950 questions are answered first, and .880 of their evidence is shown; 100 with one neighbour in
# 16 windows make it .758 and .880, for 1.7 times as many tokens (tests/benchmarks/candidates.py).
RANK_ALL = 200
NEAREST = 12
REACH = 3
WINDOWS = 8
RRF_K = 60  # of reciprocal-rank fusion (Cormack et al. 2009)
# A window of 256 tokens, twice 384 dimensions in eight bits, takes 192 KiB, and 15 for its words,
# so this holds about 310 windows: the articles of a busy day.
TOKEN_CACHE_BYTES = 64 * 2**20
ARTICLE_CACHE_CHARACTERS = 16 * 2**20


@dataclass(frozen=True, slots=True)
class _State:
    """
    The library at one revision, with what was read of it.

    A refresh makes a new one: an id may name another article then.
    """

    revision: int | None
    keys: Sequence[int]
    articles: LRUCache[int, LoadedArticle]
    ids: dict[str, int]


class Corpus:
    """
    A library and its encoder, ready for questions.

    Everything held here is a cache of the database; ``refresh`` brings it up to date with what
    other processes wrote. Several threads may ask at once: they take turns only to search the
    index and to look into the caches, not to encode or to rank. *cache* is the folder for encoded
    windows and for what is kept of large libraries, None for the user's; *windows* may be shared by
    the libraries of one database.
    """

    def __init__(
        self,
        library: Library,
        encoder: Encoder,
        *,
        cache: Path | None = None,
        windows: WindowCache | None = None,
    ) -> None:
        multiply_in_one_thread()
        self.library = library
        self._changes = ChangeWatch(library)
        self.encoder = encoder
        self._refreshing = threading.Lock()
        self._searching = threading.Lock()  # guards the index and the postings
        self._index = VectorIndex(cache)
        self._postings = Postings(cache)
        self._lexicon = Lexicon(self._postings.vocabulary)
        self._loading = threading.Lock()  # guards the articles of the state
        self._state = _make_state(None, ())
        self._windows = WindowCache(TOKEN_CACHE_BYTES) if windows is None else windows
        self._files = files_of(library, cache)

    def refresh(self, progress: Progress | None = None) -> None:
        """Follow the database, encoding first what has no vectors of this model yet."""
        with self._refreshing:
            if self._changes.revision() == self._state.revision:
                return
            fill_missing_vectors(self.library, self.encoder, progress)
            revision = self._changes.revision()
            with self._searching:
                self._index.refresh(self.library, self.encoder.identity)
                self._postings.refresh(self.library)
            self._state = _make_state(revision, self.library.keys())

    def key_of(self, article: str) -> int:
        """Find the key of the *article* with that id; raise NotFoundError when there is none."""
        ids = self._state.ids
        if article not in ids:
            ids[article] = self.library.get(article).key
        return ids[article]

    def spell(self, question: str) -> str:
        """Correct the words of *question* that are mistyped words of the articles."""
        with self._searching:
            if self._lexicon.counts is not self._postings.vocabulary:
                self._lexicon = Lexicon(self._postings.vocabulary)
            return correct_spelling(
                question, self._postings.knows, self._lexicon, self.encoder.count_tokens
            )

    def count(self, keys: Sequence[int] | None = None) -> int:
        """How many articles there are, in all or in *keys*."""
        return len(self._state.keys if keys is None else set(keys))

    def newest(self, number: int) -> Sequence[int]:
        """Return the keys of the articles that were added last, the newest first."""
        return self._state.keys[: -number - 1 : -1]

    def read(self, keys: Sequence[int]) -> list[tuple[LoadedArticle, Vectors]]:
        """Return each of the articles *keys* that is still there, with its vectors (n, d)."""
        loaded = self._load(keys)
        return [(loaded[key], self._index.vectors(key)) for key in keys if key in loaded]

    def find(self, query: Query, keys: Sequence[int] | None = None) -> Candidates:
        """
        Find the sentences that may answer *query*, in the order of the articles.

        With *keys*, only in these articles. Few sentences are all returned; of many, the nearest
        by vectors and by words, each with the sentences around it, which help to judge it and may
        belong to the answer.
        """
        loaded, chosen = self._choose(query, keys)
        # What another process has removed meanwhile is not there any more.
        places, cosines = self._index.cosines(query.tokens.pooled, chosen)
        return Candidates(
            [loaded[key] for key, _ in places],
            [position for _, position in places],
            cosines,
            self._sentences(loaded, places),
        )

    def _choose(
        self, query: Query, keys: Sequence[int] | None
    ) -> tuple[dict[int, LoadedArticle], list[Place]]:
        """The sentences to be ranked, in the order of their articles, and these."""
        with self._searching:
            few = self._index.count(keys) <= RANK_ALL
            dense = [] if few else self._index.search(query.tokens.pooled, NEAREST, keys)
            lexical = [] if few else self._postings.search(query.text, NEAREST, keys)
        if few:
            loaded = self._load(self._state.keys if keys is None else keys)
            return loaded, [
                (key, at) for key in sorted(loaded) for at in range(len(loaded[key].sentences))
            ]
        both = ([(one.key, one.position) for one in found] for found in (dense, lexical))
        ranked = fuse(both)[:NEAREST]
        loaded = self._load({key for key, _ in ranked})
        best = [place for place in ranked if place[0] in loaded]
        return loaded, sorted(_around(best, loaded))

    def _load(self, keys: Iterable[int]) -> dict[int, LoadedArticle]:
        articles = self._state.articles
        with self._loading:
            found = {key: articles[key] for key in keys if key in articles}
        missing = sorted(set(keys) - found.keys())
        if not missing:
            return found
        read = {key: self._prepare(one) for key, one in self.library.load(missing).items()}
        with self._loading:
            for key, one in read.items():
                if articles.getsizeof(one) <= articles.maxsize:
                    articles[key] = one
        return found | read

    def _prepare(self, stored: StoredArticle) -> LoadedArticle:
        texts = [stored.article.cut(sentence.span) for sentence in stored.sentences]
        counts = self.encoder.count_tokens(texts)
        windows = cut_windows(stored.sentences, counts, self.encoder.max_tokens)
        window_of = [window for window in windows for _ in window]
        lists = find_lists(stored.article, stored.sentences)
        return LoadedArticle(stored.key, stored.article, stored.sentences, lists, window_of)

    def _sentences(
        self, loaded: dict[int, LoadedArticle], places: Sequence[Place]
    ) -> list[EncodedSentence]:
        """The sentences at *places*, encoded in their windows."""
        owners = [(key, loaded[key].window_of[position].start) for key, position in places]
        windows = self._windows.get(
            list(dict.fromkeys(owners)), lambda missing: self._encode(loaded, missing)
        )
        return [
            windows[window][position - window[1]]
            for (_, position), window in zip(places, owners, strict=True)
        ]

    def _encode(
        self, loaded: dict[int, LoadedArticle], wanted: Sequence[Place]
    ) -> Sequence[Window]:
        """Encode the windows that start at *wanted*, or read them from disk."""
        pieces = [
            (one.article, [one.sentences[i] for i in one.window_of[start]])
            for key, start in wanted
            for one in [loaded[key]]
        ]
        if self._files is None:
            return encode_windows(pieces, self.encoder)
        return self._files.encode(pieces, self.encoder)


def _make_state(revision: int | None, keys: Sequence[int]) -> _State:
    articles: LRUCache[int, LoadedArticle] = LRUCache(
        ARTICLE_CACHE_CHARACTERS, getsizeof=lambda one: len(one.article.text) + 1
    )
    return _State(revision, keys, articles, {})


def _around(best: Sequence[Place], loaded: Mapping[int, LoadedArticle]) -> set[Place]:
    """
    The places *best* (best first) and those around them, in as few windows as may be encoded.

    So a question has a bound, whatever was asked before, and however large the library is.
    """
    windows = dict.fromkeys((key, loaded[key].window_of[at].start) for key, at in best)
    encoded = set(islice(windows, WINDOWS))
    around = {(key, at + step) for key, at in best for step in range(-REACH, REACH + 1)}
    return {
        (key, at)
        for key, at in around
        if 0 <= at < len(loaded[key].sentences)
        and (key, loaded[key].window_of[at].start) in encoded
    }


def fuse(rankings: Iterable[Sequence[Place]]) -> list[Place]:
    """Merge *rankings*, each best first, into one by reciprocal-rank fusion."""
    scores: defaultdict[Place, float] = defaultdict(float)
    for ranking in rankings:
        for rank, place in enumerate(ranking, start=1):
            scores[place] += 1 / (RRF_K + rank)
    return sorted(scores, key=lambda place: (-scores[place], place))
