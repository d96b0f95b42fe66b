"""
Search over one library by words: which sentences hold the rare words of a question.

Vectors blur names and numbers, so a large library is searched both ways. What the words are also
tells which word of a question is mistyped. Everything here is a cache of the database, like
index.vectors.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from index.lexical import find_words, form_of, is_stop_word, words
from index.library import Library, StoredArticle
from index.places import ARTICLES_PER_READ, Candidate

# BM25's constants (Robertson and Zaragoza 2009); a sentence seldom holds a word twice, so how
# often it does is left out.
K1, B = 1.2, 0.75


class Postings:
    """
    For each word the sentences that hold it: a row for each sentence, in the order of adding.

    The rows of articles that are gone stay until they are the greater part; they are never found.
    """

    def __init__(self) -> None:
        self._clear()

    def _clear(self) -> None:
        self._rows: dict[str, array[int]] = {}  # by word, ascending
        self._lengths = array("I")  # words of each row
        self._ranges: dict[int, range] = {}  # rows by article key
        self._keys: list[int] = []  # the article of each of ...
        self._starts: list[int] = []  # ... these first rows, which are ascending
        self._languages: set[str] = set()
        self.vocabulary: Counter[str] = Counter()  # how often each word, case-folded, was seen

    def knows(self, word: str) -> bool:
        """Whether some sentence holds *word* in one of its forms."""
        return any(form_of(word, language) in self._rows for language in self._languages)

    def refresh(self, library: Library) -> None:
        """Follow *library*: forget the articles that are gone, append those that are new."""
        keys = library.keys()
        gone = self._ranges.keys() - set(keys)
        for key in gone:
            del self._ranges[key]
        if 2 * sum(map(len, self._ranges.values())) < len(self._lengths):
            self._clear()
        missing = [key for key in keys if key not in self._ranges]
        for start in range(0, len(missing), ARTICLES_PER_READ):
            for stored in library.load(missing[start : start + ARTICLES_PER_READ]).values():
                self._append(stored)

    def search(
        self, question: str, top_k: int, keys: Sequence[int] | None = None
    ) -> list[Candidate]:
        """
        Find the *top_k* sentences that say most of *question*, best first, by BM25.

        With *keys*, only in these articles. A score is no cosine here: it only orders.
        """
        forms: set[str] = set()
        for language in self._languages:  # the question is read in that of each article
            found = set(words(question, language))
            forms |= {one for one in found if not is_stop_word(one, language)} or found
        scores = self._scores(forms) * self._allowed(keys)
        order = np.argsort(-scores, kind="stable")[:top_k]
        return [self._candidate(int(row), float(scores[row])) for row in order if scores[row] > 0]

    def _scores(self, forms: Iterable[str]) -> NDArray[np.float64]:
        lengths = np.frombuffer(self._lengths, np.uint32) if self._lengths else np.zeros(0)
        scores = np.zeros(len(lengths))
        norm = 1 - B + B * lengths / max(float(lengths.mean()) if len(lengths) else 0.0, 1.0)
        for form in forms:
            if found := self._rows.get(form):
                rows = np.frombuffer(found, np.uint32)
                idf = math.log1p((len(lengths) - len(rows) + 0.5) / (len(rows) + 0.5))
                scores[rows] += idf * (K1 + 1) / (1 + K1 * norm[rows])
        return scores

    def _allowed(self, keys: Sequence[int] | None) -> NDArray[np.bool_]:
        """(rows,): which sentences may be found."""
        allowed = np.zeros(len(self._lengths), np.bool_)
        for key in self._ranges if keys is None else keys:
            rows = self._ranges.get(key, range(0))
            allowed[rows.start : rows.stop] = True
        return allowed

    def _candidate(self, row: int, score: float) -> Candidate:
        article = bisect_right(self._starts, row) - 1
        return Candidate(self._keys[article], row - self._starts[article], score)

    def _append(self, stored: StoredArticle) -> None:
        first, language = len(self._lengths), stored.article.language
        self._languages.add(language)
        for row, sentence in enumerate(stored.sentences, start=first):
            text = stored.article.cut(sentence.span)
            found = find_words(text, language)
            self.vocabulary.update(text[word.start : word.end].casefold() for word in found)
            self._lengths.append(len(found))
            for form in {word.form for word in found}:
                self._rows.setdefault(form, array("I")).append(row)
        if stored.sentences:
            self._ranges[stored.key] = range(first, len(self._lengths))
            self._keys.append(stored.key)
            self._starts.append(first)
