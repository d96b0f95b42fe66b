"""
Search over one library by words: which sentences hold the rare words of a question.

Vectors blur names and numbers, so a large library is searched both ways. What the words are also
tells which word of a question is mistyped. Everything here is a cache of the database, like
index.retrieval.vector_index.
"""

from __future__ import annotations

import threading
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import LibraryError
from index.retrieval.background import BackgroundJob
from index.retrieval.bm25 import WordRows, idf, rank
from index.retrieval.index_files import IndexFile, Reader, Writer
from index.retrieval.posting_lists import PostingLists, get_words, put_words
from index.retrieval.row_map import ARTICLES_PER_READ, RowMap, ScoredSentence
from index.retrieval.word_forms import key_of_forms
from index.storage.library import Library
from index.storage.records import StoredArticle
from index.text.words import find_words, form_of, is_stop_word, words_of_question

# From this many sentences on the words are kept in a file for the next start: taking so many
# sentences apart lasts about a second, reading the file a fiftieth of one. It is written again when
# a twentieth of the sentences has changed, or what it holds is removed.
FILE_FROM = 5_000
SAVE_SHARE = 0.05


class WordIndex:
    """
    For each word the sentences of *library* that hold it, as the last refresh found them.

    Each sentence has a row, in the order of adding. The rows of articles that are gone stay until
    they are the greater part, or the file is written; they are never found. Several threads may use
    it. A large library's words are kept in a file of the folder *cache* (None: the user's) for the
    next start.
    """

    def __init__(self, library: Library, cache: Path | None = None) -> None:
        self._library = library
        self._file = IndexFile(library, "words", cache, lambda: {"forms": key_of_forms()})
        self._changing = threading.Lock()  # held by whoever changes the index
        self._lock = threading.Lock()  # held for each change and each search
        self._started = False
        self._saved_rows = 0  # rows below this one may be in the file
        self._holds_removed = False  # whether the file holds what has been removed
        self._upkeep = BackgroundJob(self._keep_up, "words")
        self._clear()

    def _clear(self) -> None:
        self._lists = PostingLists.empty()
        self._later: dict[str, array[int]] = {}  # rows by word, above those of the lists
        self._lengths = array("H")  # words of each row, 0 where the article is gone
        self._words = 0  # of all rows
        self._gone = bytearray()  # 1 for each row whose article is not there any more
        self._row_map = RowMap()
        self._languages: set[str] = set()
        self._unsaved = 0  # sentences that came or went since the file was written
        self.vocabulary: Counter[str] = Counter()  # how often each word, case-folded, was seen

    def knows(self, word: str) -> bool:
        """Whether some sentence holds *word* in one of its forms."""
        forms = {form_of(word, language) for language in self._languages}
        return any(form in self._later or form in self._lists.numbers for form in forms)

    def search(
        self, question: str, top_k: int, keys: Collection[int] | None = None
    ) -> list[ScoredSentence]:
        """
        Find the *top_k* sentences that say most of *question*, best first, by BM25.

        With *keys*, only in these articles. A score is no cosine here: it only orders. Equal ones
        come in the order of adding.
        """
        forms: set[str] = set()
        with self._lock:
            for language in self._languages:  # the question is read in that of each article
                found = {word.form for word in words_of_question(question, language)}
                forms |= {form for form in found if not is_stop_word(form, language)} or found
            if not self._row_map or top_k < 1:
                return []
            lengths = np.frombuffer(self._lengths, np.uint16)
            lists = [self._weigh(form, keys) for form in sorted(forms)]
            mean = max(self._words / len(self._row_map), 1.0)
            ranked = rank(lists, lengths, mean, top_k)
            return [self._row_map.sentence(row, score) for row, score in ranked]

    def _weigh(self, form: str, keys: Collection[int] | None) -> tuple[float, WordRows]:
        """Give the IDF of *form* in the library, and its rows that may be found."""
        rows, later = self._lists.get(form), self._later.get(form)
        if later:
            rows = np.concatenate([rows, np.array(later, np.uint32)])
        if len(self._row_map) < len(self._lengths):
            rows = rows[self._is_gone()[rows] == 0]
        weight = idf(len(rows), len(self._row_map))
        return weight, rows if keys is None else self._within(rows, keys)

    def _within(self, rows: WordRows, keys: Iterable[int]) -> WordRows:
        """Those of *rows*, which are ascending, that belong to the articles *keys*."""
        spans = [self._row_map.rows(key) for key in sorted(set(keys))]
        starts = np.searchsorted(rows, [span.start for span in spans])
        ends = np.searchsorted(rows, [span.stop for span in spans])
        parts = [rows[start:end] for start, end in zip(starts, ends, strict=True)]
        return np.concatenate(parts) if parts else rows[:0]

    def _is_gone(self) -> NDArray[np.uint8]:
        return np.frombuffer(self._gone, np.uint8)

    def refresh(self, keys: Sequence[int] | None = None) -> None:
        """
        Follow the library: forget the articles that are gone, append those that are new.

        *keys* are those of its articles, None if they are not known yet. Raises
        LibraryError when the database fails.
        """
        with self._changing:
            keys = self._library.keys() if keys is None else keys
            if not self._started:
                self._load()
                self._started = True
            self._forget(self._row_map.keys() - set(keys))
            missing = [key for key in keys if key not in self._row_map]
            for start in range(0, len(missing), ARTICLES_PER_READ):
                for stored in self._library.load(
                    missing[start : start + ARTICLES_PER_READ]
                ).values():
                    self._append(stored)
        if self._file_is_due():
            self._upkeep.request()

    def clean_file(self) -> None:
        """Take what is gone from the library out of the file, if there is one, and no more."""
        with self._changing:
            self._load()
            if self._holds_removed:
                self._save()

    def _load(self) -> None:
        """Begin with what an earlier process kept of the library."""
        self._forget(self._file.load(self._read) or ())

    def _read(self, file: Reader) -> list[int]:
        """Begin with a *file*, and return which of its articles are gone."""
        row_map, gone = file.get_rows(self._library.stamps())
        lists, lengths = PostingLists.read(file), file.get("lengths").astype(np.uint16)
        languages, vocabulary = get_words(file, "languages"), get_words(file, "vocabulary")
        counts = dict(zip(vocabulary, file.get("counts").tolist(), strict=True))
        is_gone = bytearray(b"\1" * len(lengths))
        for rows in map(row_map.rows, row_map.keys()):
            is_gone[rows.start : rows.stop] = bytes(len(rows))
        if len(is_gone) != len(lengths) or int(lists.rows.max(initial=0)) >= len(is_gone):
            raise ValueError("its rows and its articles do not fit together")
        row_map.next_row = len(lengths)  # the last articles may have been gone already
        with self._lock:
            self._lists, self._row_map, self._gone = lists, row_map, is_gone
            self._lengths, self._words = array("H", lengths.tobytes()), int(lengths.sum())
            self._languages, self.vocabulary = set(languages), Counter(counts)
        self._saved_rows = row_map.next_row
        return gone

    def _append(self, stored: StoredArticle) -> None:
        language = stored.article.language
        with self._lock:
            rows = self._row_map.add(stored.key, len(stored.sentences))
            self._languages.add(language)
            for row, sentence in zip(rows, stored.sentences, strict=True):
                text = stored.article.cut(sentence.span)
                found = find_words(text, language)
                self.vocabulary.update(text[word.start : word.end].casefold() for word in found)
                self._lengths.append(min(len(found), 2**16 - 1))
                self._words += self._lengths[-1]
                for form in {word.form for word in found}:
                    self._later.setdefault(form, array("I")).append(row)
            self._gone.extend(bytes(len(rows)))
            self._unsaved += len(rows)

    def _forget(self, keys: Collection[int]) -> None:
        with self._lock:
            for key in keys:
                rows = self._row_map.remove(key)
                self._holds_removed |= rows.start < self._saved_rows
                self._gone[rows.start : rows.stop] = b"\1" * len(rows)
                self._words -= sum(self._lengths[rows.start : rows.stop])
                self._lengths[rows.start : rows.stop] = array("H", bytes(2 * len(rows)))
                self._unsaved += len(rows)
            if 2 * len(self._row_map) < len(self._lengths):
                self._clear()

    def _file_is_due(self) -> bool:
        changed = self._unsaved > SAVE_SHARE * len(self._row_map)
        return self._holds_removed or (changed and len(self._row_map) >= FILE_FROM)

    def _keep_up(self) -> None:
        """Write the file, when that is due: in the background, as it takes long."""
        with self._changing, suppress(LibraryError):  # then the next change tries again
            if self._file_is_due():
                self._save()

    def _save(self) -> None:
        """Write the file, or delete it when the library has become small."""
        if len(self._row_map) < FILE_FROM:
            self._file.delete()
        else:
            stamps = self._library.stamps()
            self._merge()
            self._file.save(self._row_map.keys(), lambda file: self._write(file, stamps))
        self._unsaved, self._saved_rows = 0, len(self._lengths)
        self._holds_removed = False

    def _merge(self) -> None:
        """Merge what was added into the lists, without what is gone, its words included."""
        merged = self._lists.merge(self._later)
        some_are_gone = len(self._row_map) < len(self._lengths)
        lists = merged.without(self._is_gone()) if some_are_gone else merged
        with self._lock:
            self._lists, self._later = lists, {}
        if len(lists.numbers) < len(merged.numbers):
            seen = {word: count for word, count in self.vocabulary.items() if self.knows(word)}
            self.vocabulary = Counter(seen)

    def _write(self, file: Writer, stamps: Mapping[int, int]) -> None:
        file.put_rows(self._row_map, stamps)
        self._lists.write(file)
        file.put("lengths", np.array(self._lengths, np.uint16))
        put_words(file, "languages", sorted(self._languages))
        put_words(file, "vocabulary", self.vocabulary)
        file.put("counts", np.array(list(self.vocabulary.values()), np.int64))
