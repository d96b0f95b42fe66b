"""One library made ready for questions: index, articles and token vectors, kept in step."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cachetools import LRUCache

from index.adding import fill_missing_vectors
from index.crossencoder import Reranker
from index.datatypes import Article, Sentence
from index.encoder import Encoder, Progress, Vectors
from index.library import Library, StoredArticle
from index.lists import Enumeration, find_lists
from index.matching import Query
from index.postings import Postings
from index.spelling import correct
from index.vectors import VectorIndex
from index.windows import SentenceTokens, cut_windows, encode_windows

# Up to this many sentences all are ranked; of more, the NEAREST by vectors and words together, with
# their neighbours.
RANK_ALL = 200
NEAREST = 100
RRF_K = 60  # of reciprocal-rank fusion (Cormack et al. 2009)
# A window of 256 tokens, twice 384 dimensions in half precision, takes 384 KiB, so this holds about
# 340 windows: the articles of a busy day.
TOKEN_CACHE_BYTES = 128 * 2**20
ARTICLE_CACHE_CHARACTERS = 16 * 2**20

Place = tuple[int, int]  # article key, sentence position


@dataclass(frozen=True, slots=True)
class LoadedArticle:
    """An article in memory, its lists, and how its sentences are divided into windows."""

    stored: StoredArticle
    lists: tuple[Enumeration, ...]
    windows: tuple[range, ...]
    window_of: tuple[int, ...]  # the window's number, by sentence position


@dataclass(frozen=True, slots=True)
class Found:
    """
    A sentence that may answer.

    It is the one at *position* of the article *key*; *cosine* is that of its vector with the
    question's, *tokens* are contextual, *sentences* and *lists* those of the whole article.
    """

    key: int
    position: int
    cosine: float
    tokens: SentenceTokens
    article: Article
    sentences: Sequence[Sentence]
    lists: Sequence[Enumeration]

    @property
    def sentence(self) -> Sentence:
        """The sentence itself."""
        return self.sentences[self.position]


class Corpus:
    """
    A library, its encoder and the reranker if there is one, ready for questions.

    Everything held here is a cache of the database; ``refresh`` brings it up to date with what
    other processes wrote. One lock guards it all, so that several threads may ask at once.
    """

    def __init__(
        self,
        library: Library,
        encoder: Encoder,
        reranker: Reranker | None = None,
        cache: Path | None = None,
    ) -> None:
        self.library = library
        self.encoder = encoder
        self.reranker = reranker
        self._index = VectorIndex(cache)
        self._postings = Postings(cache)
        self._revision: int | None = None
        self._articles: LRUCache[int, LoadedArticle] = LRUCache(
            ARTICLE_CACHE_CHARACTERS, getsizeof=lambda loaded: len(loaded.stored.article.text) + 1
        )
        # Articles never change under their key, so what is encoded once stays right.
        self._windows: LRUCache[Place, list[SentenceTokens]] = LRUCache(
            TOKEN_CACHE_BYTES,
            getsizeof=lambda window: sum(2 * tokens.vectors.nbytes for tokens in window) + 1,
        )
        self._lock = threading.RLock()

    def refresh(self, progress: Progress | None = None) -> None:
        """Follow the database, encoding first what has no vectors of this model yet."""
        with self._lock:
            if self.library.revision() == self._revision:
                return
            fill_missing_vectors(self.library, self.encoder, progress)
            revision = self.library.revision()
            self._index.refresh(self.library, self.encoder.identity)
            self._postings.refresh(self.library)
            self._articles.clear()  # an id may name another article now
            self._revision = revision

    def spell(self, question: str) -> str:
        """Correct the words of *question* that are mistyped words of the articles."""
        with self._lock:
            words = self._postings
            return correct(question, words.knows, words.vocabulary, self.encoder.count_tokens)

    def newest(self, number: int) -> list[int]:
        """Return the keys of the articles that were added last, the newest first."""
        return self.library.keys()[: -number - 1 : -1]

    def read(self, keys: Sequence[int]) -> list[tuple[LoadedArticle, Vectors]]:
        """Return each of the articles *keys* that is still there, with its vectors (n, d)."""
        with self._lock:
            loaded = self._load(keys)
            return [(loaded[key], self._index.vectors(key)) for key in keys if key in loaded]

    def find(self, query: Query, keys: Sequence[int] | None = None) -> list[Found]:
        """
        Find the sentences that may answer *query*, in the order of the articles.

        With *keys*, only in these articles. Few sentences are all returned; of many, the nearest
        by vectors and by words, each with the sentences before and after it, which help to judge
        it.
        """
        with self._lock:
            cosines = self._nearest(query, keys)
            loaded = self._load({key for key, _ in cosines})
            # What another process has removed meanwhile is not there any more.
            places = sorted(place for place in cosines if place[0] in loaded)
            tokens = self._tokens(loaded, places)
        return [
            Found(
                key, position, cosines[key, position], tokens[key, position],
                loaded[key].stored.article, loaded[key].stored.sentences, loaded[key].lists,
            )
            for key, position in places
        ]  # fmt: skip

    def _nearest(self, query: Query, keys: Sequence[int] | None) -> dict[Place, float]:
        """Cosines of the sentences to be ranked, by their place."""
        question = query.tokens.pooled
        count = self._index.count(keys)
        if count <= RANK_ALL:
            found = self._index.search(question, count, keys)
            return {(one.key, one.position): one.score for one in found}
        dense = self._index.search(question, NEAREST, keys)
        lexical = self._postings.search(query.text, NEAREST, keys)
        best = fuse([(one.key, one.position) for one in ranked] for ranked in (dense, lexical))
        beside = {(key, place + step) for key, place in best[:NEAREST] for step in (-1, 0, 1)}
        return self._index.cosines(question, beside)

    def _load(self, keys: Iterable[int]) -> dict[int, LoadedArticle]:
        found = {key: self._articles[key] for key in keys if key in self._articles}
        for key, stored in self.library.load(sorted(set(keys) - found.keys())).items():
            found[key] = self._prepare(stored)
            if self._articles.getsizeof(found[key]) <= self._articles.maxsize:
                self._articles[key] = found[key]
        return found

    def _prepare(self, stored: StoredArticle) -> LoadedArticle:
        texts = [stored.article.cut(sentence.span) for sentence in stored.sentences]
        counts = self.encoder.count_tokens(texts)
        windows = cut_windows(stored.sentences, counts, self.encoder.max_tokens)
        window_of = [number for number, window in enumerate(windows) for _ in window]
        lists = find_lists(stored.article, stored.sentences)
        return LoadedArticle(stored, tuple(lists), tuple(windows), tuple(window_of))

    def _tokens(
        self, loaded: dict[int, LoadedArticle], places: Sequence[Place]
    ) -> dict[Place, SentenceTokens]:
        """Contextual tokens of the sentences at *places*."""
        at = {(key, position): (key, loaded[key].window_of[position]) for key, position in places}
        windows = self._encode(loaded, sorted(set(at.values())))
        return {
            (key, position): windows[window][position - loaded[key].windows[window[1]].start]
            for (key, position), window in at.items()
        }

    def _encode(
        self, loaded: dict[int, LoadedArticle], wanted: Sequence[Place]
    ) -> dict[Place, list[SentenceTokens]]:
        """The tokens of the windows *wanted*: (article key, window number)."""
        found = {at: self._windows[at] for at in wanted if at in self._windows}
        missing = [at for at in wanted if at not in found]
        encoded = encode_windows(
            [
                (loaded[key].stored.article, [loaded[key].stored.sentences[i] for i in window])
                for key, number in missing
                for window in [loaded[key].windows[number]]
            ],
            self.encoder,
        )
        for at, window in zip(missing, encoded, strict=True):
            found[at] = window
            if self._windows.getsizeof(window) <= self._windows.maxsize:
                self._windows[at] = window
        return found


def fuse(rankings: Iterable[Sequence[Place]]) -> list[Place]:
    """Merge *rankings*, each best first, into one by reciprocal-rank fusion."""
    scores: defaultdict[Place, float] = defaultdict(float)
    for ranking in rankings:
        for rank, place in enumerate(ranking, start=1):
            scores[place] += 1 / (RRF_K + rank)
    return sorted(scores, key=lambda place: (-scores[place], place))
