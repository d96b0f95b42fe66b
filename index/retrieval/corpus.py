"""One library made ready for questions: index, articles and token vectors, kept in step."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cachetools import LRUCache

from index.datatypes import LoadedArticle
from index.encoding.joined_rows import headers_of, with_header
from index.encoding.protocol import Encoder, Progress, Vectors
from index.encoding.threads import multiply_in_one_thread
from index.encoding.token_windows import EncodedSentence, cut_windows, encode_windows
from index.ranking.candidate_sentences import Candidates, Query
from index.retrieval import candidates
from index.retrieval.row_map import SentenceKey
from index.retrieval.token_cache import Window, WindowCache, WindowKey
from index.retrieval.token_files import files_of, forget_tokens
from index.retrieval.vector_index import VectorIndex
from index.retrieval.word_index import WordIndex
from index.storage.change_watch import ChangeWatch
from index.storage.ingest import fill_missing_vectors
from index.storage.library import Library
from index.storage.records import StoredArticle
from index.storage.renewal import renew_structures
from index.text.lists import find_lists
from index.text.spelling import Lexicon, correct_spelling

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
        self._searching = threading.Lock()  # guards both indexes
        self._vectors = VectorIndex(library, encoder.identity, cache)
        self._words = WordIndex(library, cache)
        self._lexicon = Lexicon(self._words.vocabulary)
        self._loading = threading.Lock()  # guards the articles of the state
        self._state = _make_state(None, ())
        self._windows = WindowCache(TOKEN_CACHE_BYTES) if windows is None else windows
        self._files = files_of(library, cache)

    def refresh(self, progress: Progress | None = None) -> None:
        """Follow the database, encoding first what has no vectors of this model yet."""
        with self._refreshing:
            if self._changes.revision() == self._state.revision:
                return
            renew_structures(self.library, self.encoder, progress)
            fill_missing_vectors(self.library, self.encoder, progress)
            # The revision is read first: what others change meanwhile is found the next time.
            revision, keys = self._changes.revision(), self.library.keys()
            with self._searching:
                self._vectors.refresh(keys)
                self._words.refresh(keys)
            before, self._state = self._state, _make_state(revision, keys)
            if before.revision is None or not set(before.keys) <= set(keys):
                self._forget_tokens()

    def key_of(self, article: str) -> int:
        """Find the key of the *article* with that id; raise NotFoundError when there is none."""
        ids = self._state.ids
        if article not in ids:
            ids[article] = self.library.get(article).key
        return ids[article]

    def spell(self, question: str) -> str:
        """Correct the words of *question* that are mistyped words of the articles."""
        with self._searching:
            if self._lexicon.counts is not self._words.vocabulary:
                self._lexicon = Lexicon(self._words.vocabulary)
            return correct_spelling(
                question, self._words.knows, self._lexicon, self.encoder.count_tokens
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
        return [(loaded[key], self._vectors.vectors(key)) for key in keys if key in loaded]

    def find(self, query: Query, keys: Sequence[int] | None = None) -> Candidates:
        """
        Find the sentences that may answer *query*, in the order of the articles.

        With *keys*, only in these articles. Few sentences are all returned; of many, the nearest
        by vectors and by words, each with the sentences around it, which help to judge it and may
        belong to the answer.
        """
        revision = self._state.revision
        loaded, chosen = self._choose(query, keys)
        # What another process has removed meanwhile is not there any more.
        found, cosines = self._vectors.cosines(query.tokens.pooled, chosen)
        return Candidates(
            [loaded[key] for key, _ in found],
            [position for _, position in found],
            cosines,
            self._sentences(loaded, found, revision),
        )

    def _choose(
        self, query: Query, keys: Sequence[int] | None
    ) -> tuple[dict[int, LoadedArticle], list[SentenceKey]]:
        """The sentences to be ranked, in the order of their articles, and these."""
        with self._searching:
            nearest = candidates.NEAREST
            few = self._vectors.count(keys) <= candidates.RANK_ALL
            dense = [] if few else self._vectors.search(query.tokens.pooled, nearest, keys)
            lexical = [] if few else self._words.search(query.text, nearest, keys)
        if few:
            loaded = self._load(self._state.keys if keys is None else keys)
            return loaded, candidates.all_sentences(loaded)
        rankings = ([hit.sentence for hit in hits] for hits in (dense, lexical))
        ranked = candidates.fuse(rankings)[:nearest]
        loaded = self._load({key for key, _ in ranked})
        best = [sentence for sentence in ranked if sentence[0] in loaded]
        return loaded, candidates.add_neighbours(best, loaded)

    def _load(self, keys: Iterable[int]) -> dict[int, LoadedArticle]:
        articles = self._state.articles
        with self._loading:
            found = {key: articles[key] for key in keys if key in articles}
        missing = sorted(set(keys) - found.keys())
        if not missing:
            return found
        read = {key: self._prepare(stored) for key, stored in self.library.load(missing).items()}
        with self._loading:
            for key, loaded in read.items():
                if articles.getsizeof(loaded) <= articles.maxsize:
                    articles[key] = loaded
        return found | read

    def _prepare(self, stored: StoredArticle) -> LoadedArticle:
        texts = [stored.article.cut(sentence.span) for sentence in stored.sentences]
        counts = self.encoder.count_tokens(texts)
        windows = cut_windows(stored.sentences, counts, self.encoder.max_tokens)
        window_of = [window for window in windows for _ in window]
        blocks = stored.structure.blocks
        lists = find_lists(stored.article, stored.sentences, blocks)
        parts = (stored.article, stored.sentences, lists, window_of, counts)
        return LoadedArticle(stored.key, *parts, blocks, headers_of(stored.sentences, blocks))

    def _sentences(
        self,
        loaded: dict[int, LoadedArticle],
        sentences: Sequence[SentenceKey],
        revision: int | None,
    ) -> list[EncodedSentence]:
        """Give *sentences*, found at *revision*, as they are encoded in their windows."""
        owners = [(key, loaded[key].window_of[position].start) for key, position in sentences]
        windows = self._windows.get(
            list(dict.fromkeys(owners)), lambda missing: self._encode(loaded, missing, revision)
        )
        found = [
            windows[window][position - window[1]]
            for (_, position), window in zip(sentences, owners, strict=True)
        ]
        at = {sentence: i for i, sentence in enumerate(sentences)}
        headers = [at.get((key, loaded[key].headers.get(place, -1))) for key, place in sentences]
        return [
            encoded if header is None else with_header(encoded, found[header])
            for encoded, header in zip(found, headers, strict=True)
        ]

    def _encode(
        self, loaded: dict[int, LoadedArticle], wanted: Sequence[WindowKey], revision: int | None
    ) -> Sequence[Window]:
        """Encode the windows *wanted*, or read them from disk."""
        pieces = [
            (loaded[key].article, [loaded[key].sentences[i] for i in loaded[key].window_of[start]])
            for key, start in wanted
        ]
        if self._files is None:
            return encode_windows(pieces, self.encoder)
        encoded = self._files.encode(pieces, self.encoder)
        if self._changes.revision() != revision:  # an article may have been removed meanwhile
            self._forget_tokens()
        return encoded

    def _forget_tokens(self) -> None:
        if self._files is not None:
            forget_tokens(self.library, self._files)


def _make_state(revision: int | None, keys: Sequence[int]) -> _State:
    articles: LRUCache[int, LoadedArticle] = LRUCache(
        ARTICLE_CACHE_CHARACTERS, getsizeof=lambda loaded: len(loaded.article.text) + 1
    )
    return _State(revision, keys, articles, {})
