"""
Search over one library by words: which sentences hold the rare words of a question.

Vectors blur names and numbers, so a large library is searched both ways. What the words are also
tells which word of a question is mistyped. Everything here is a cache of the database, like
index.retrieval.vector_index.
"""

from __future__ import annotations

import hashlib
import threading
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np

from index.languages import registry
from index.retrieval import library_files
from index.retrieval.bm25 import WordRows, idf, rank
from index.retrieval.posting_lists import FrozenRows, get_words, put_words
from index.retrieval.row_map import ARTICLES_PER_READ, Candidate, Places
from index.storage.library import Library
from index.storage.records import StoredArticle
from index.text import words
from index.text.words import find_words, form_of, is_stop_word, words_of_question

# From this many sentences on the words are kept in a file for the next start: taking so many
# sentences apart lasts about a second, reading the file a fiftieth of one. It is written again when
# a twentieth of the sentences has changed.
FILE_FROM = 5_000
SAVE_SHARE = 0.05


class Postings:
    """
    For each word the sentences that hold it: a row for each sentence, in the order of adding.

    The rows of articles that are gone stay until they are the greater part; they are never found.
    Several threads may use it. A large library's words are kept in a file of the folder *cache*
    (None: the user's) for the next start.
    """

    def __init__(self, cache: Path | None = None) -> None:
        self._shelf = library_files.Shelf("words", cache)
        self._following = threading.Lock()  # held by whoever follows the library
        self._lock = threading.Lock()  # held for each change and each search
        self._started = False
        self._clear()

    def _clear(self) -> None:
        self._frozen = FrozenRows.empty()
        self._rows: dict[str, array[int]] = {}  # by word, ascending, above those that are frozen
        self._lengths = array("H")  # words of each row
        self._words = 0  # of all rows
        self._gone = bytearray()  # 1 for each row whose article is not there any more
        self._places = Places()
        self._languages: set[str] = set()
        self._unsaved = 0
        self.vocabulary: Counter[str] = Counter()  # how often each word, case-folded, was seen

    def knows(self, word: str) -> bool:
        """Whether some sentence holds *word* in one of its forms."""
        forms = {form_of(word, language) for language in self._languages}
        return any(form in self._rows or form in self._frozen.numbers for form in forms)

    def refresh(self, library: Library) -> None:
        """Follow *library*: forget the articles that are gone, append those that are new."""
        with self._following:
            keys = library.keys()
            if not self._started:
                self._started = True
                self._load(library)
            self._forget(self._places.keys() - set(keys))
            missing = [key for key in keys if key not in self._places]
            for start in range(0, len(missing), ARTICLES_PER_READ):
                for stored in library.load(missing[start : start + ARTICLES_PER_READ]).values():
                    with self._lock:
                        self._append(stored)
            if len(self._places) >= FILE_FROM and self._unsaved > SAVE_SHARE * len(self._places):
                self._save(library)

    def search(
        self, question: str, top_k: int, keys: Sequence[int] | None = None
    ) -> list[Candidate]:
        """
        Find the *top_k* sentences that say most of *question*, best first, by BM25.

        With *keys*, only in these articles. A score is no cosine here: it only orders. Equal ones
        come in the order of adding.
        """
        forms: set[str] = set()
        with self._lock:
            for language in self._languages:  # the question is read in that of each article
                found = {word.form for word in words_of_question(question, language)}
                forms |= {one for one in found if not is_stop_word(one, language)} or found
            if not self._places or top_k < 1:
                return []
            lengths = np.frombuffer(self._lengths, np.uint16)
            lists = [self._weigh(form, keys) for form in sorted(forms)]
            ranked = rank(lists, lengths, max(self._words / len(lengths), 1.0), top_k)
            return [self._places.candidate(row, score) for row, score in ranked]

    def _weigh(self, form: str, keys: Sequence[int] | None) -> tuple[float, WordRows]:
        """Give the IDF of *form* in the library, and its rows that may be found."""
        rows = self._find(form)
        weight = idf(len(rows), len(self._lengths))
        if keys is not None:
            rows = self._within(rows, keys)
        elif len(self._places) < len(self._lengths):
            rows = rows[np.frombuffer(self._gone, np.uint8)[rows] == 0]
        return weight, rows

    def _find(self, form: str) -> WordRows:
        """The rows of *form*, ascending."""
        frozen, later = self._frozen.get(form), self._rows.get(form)
        return np.concatenate([frozen, np.array(later, np.uint32)]) if later else frozen

    def _within(self, rows: WordRows, keys: Iterable[int]) -> WordRows:
        """Those of *rows*, which are ascending, that belong to the articles *keys*."""
        spans = [self._places.rows(key) for key in sorted(set(keys))]
        starts = np.searchsorted(rows, [span.start for span in spans])
        ends = np.searchsorted(rows, [span.stop for span in spans])
        parts = [rows[start:end] for start, end in zip(starts, ends, strict=True)]
        return np.concatenate(parts) if parts else rows[:0]

    def _append(self, stored: StoredArticle) -> None:
        language = stored.article.language
        own = self._places.add(stored.key, len(stored.sentences))
        self._languages.add(language)
        for row, sentence in zip(own, stored.sentences, strict=True):
            text = stored.article.cut(sentence.span)
            found = find_words(text, language)
            self.vocabulary.update(text[word.start : word.end].casefold() for word in found)
            self._lengths.append(min(len(found), 2**16 - 1))
            self._words += self._lengths[-1]
            for form in {word.form for word in found}:
                self._rows.setdefault(form, array("I")).append(row)
        self._gone.extend(bytes(len(own)))
        self._unsaved += len(own)

    def _forget(self, keys: Iterable[int]) -> None:
        with self._lock:
            for key in keys:
                rows = self._places.remove(key)
                self._gone[rows.start : rows.stop] = b"\1" * len(rows)
                self._unsaved += len(rows)
            if 2 * len(self._places) < len(self._lengths):
                self._clear()

    def _save(self, library: Library) -> None:
        """Merge what was added into what is frozen, and write it."""
        frozen = self._frozen.merge(self._rows)
        with self._lock:
            self._frozen, self._rows = frozen, {}
        stamps = library.stamps()

        def write(file: library_files.Writer) -> None:
            file.put_places(self._places, stamps)
            frozen.write(file)
            file.put("lengths", np.array(self._lengths, np.uint16))
            put_words(file, "languages", sorted(self._languages))
            put_words(file, "vocabulary", self.vocabulary)
            file.put("counts", np.array(list(self.vocabulary.values()), np.int64))

        library_files.save(library, self._shelf, _header, write)
        self._unsaved = 0

    def _load(self, library: Library) -> None:
        """Begin with what an earlier process kept of *library*."""
        library_files.load(
            library, self._shelf, _header, lambda file: self._read(file, library.stamps())
        )

    def _read(self, file: library_files.Reader, stamps: Mapping[int, int]) -> None:
        places, gone = file.get_places(stamps)
        frozen, lengths = FrozenRows.read(file), file.get("lengths")
        known, vocabulary = get_words(file, "languages"), get_words(file, "vocabulary")
        counts = dict(zip(vocabulary, file.get("counts").tolist(), strict=True))
        held = bytearray(b"\1" * len(lengths))
        for rows in map(places.rows, places.keys()):
            held[rows.start : rows.stop] = bytes(len(rows))
        if len(held) != len(lengths) or int(frozen.rows.max(initial=0)) >= len(held):
            raise ValueError("its rows and its places do not fit together")
        places.next_row = len(held)  # the last articles may have been gone already
        with self._lock:
            self._frozen, self._places, self._gone = frozen, places, held
            self._lengths = array("H", lengths.astype(np.uint16).tobytes())
            self._words = int(lengths.sum())
            self._languages, self.vocabulary = set(known), Counter(counts)
        self._forget(gone)


def _header() -> dict[str, str]:
    """What must not have changed since the words of a file were made comparable."""
    digest = hashlib.sha256(version("PyStemmer").encode())
    for module in (words, registry):
        digest.update(Path(str(module.__file__)).read_bytes())
    return {"forms": digest.hexdigest()}
