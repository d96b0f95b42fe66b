"""
The very words of a question, sought in sentences and in titles of articles.

What a model blurs, names and numbers above all, is either there or not. Articles may be in several
languages: the question is read in each of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.languages.registry import DEFAULT_LANGUAGE
from index.ranking.candidate_sentences import Candidates, Floats
from index.text.words import Word, is_stop_word, words, words_of_question

TITLE_CACHE = 4096  # titles whose words are kept, some 2 KB each
NO_WORD = -1  # in place of the index of a word


@dataclass(frozen=True, slots=True)
class WordMatches:
    """
    The w words of a question, sought in n sentences and in their titles.

    *words* have the forms of *language*, in which the question is read; each was sought in the
    form of the sentence's own. *found*: (w, n), 1 where a sentence has it; *titled*: (w,).
    """

    words: Sequence[Word]
    language: str
    found: Floats
    titled: Sequence[bool]


def match_words(question: str, candidates: Candidates) -> WordMatches:
    """Seek the words of *question*, read once in each language of the *candidates*."""
    languages = candidates.languages
    readings = _readings(question, languages)
    forms = _forms(readings)
    language = _most_spoken(forms, languages)
    # A byte each: of lists, numpy needs .1 ms for the 11 words of a question in 70 sentences.
    marks = b"".join(
        bytes(map(sentence.words.__contains__, forms[code]))
        for sentence, code in zip(candidates.sentences, languages, strict=True)
    )
    table = np.frombuffer(marks, np.uint8).reshape(len(candidates), len(forms[language]))
    found = table.T.astype(np.float32)
    titled = _found_in_titles(forms, languages, candidates.titles)
    return WordMatches(readings[language], language, found, titled)


def language_of_question(question: str, languages: Sequence[str]) -> str:
    """
    Which of *languages*, those of the sentences that may answer, *question* is in.

    That with most of its function words; of two, that of more sentences.
    """
    return _most_spoken(_forms(_readings(question, languages)), languages)


def _readings(question: str, languages: Sequence[str]) -> dict[str, tuple[Word, ...]]:
    """The words of *question*, read in each of *languages*."""
    return {
        language: words_of_question(question, language)
        for language in dict.fromkeys(languages) or [DEFAULT_LANGUAGE]
    }


def _forms(readings: Mapping[str, Sequence[Word]]) -> dict[str, list[str]]:
    return {code: [word.form for word in reading] for code, reading in readings.items()}


def _most_spoken(forms: Mapping[str, Sequence[str]], languages: Sequence[str]) -> str:
    return max(
        forms,
        key=lambda code: (
            sum(is_stop_word(form, code) for form in forms[code]),
            languages.count(code),
        ),
    )


def _found_in_titles(
    forms: Mapping[str, Sequence[str]], languages: Sequence[str], titles: Sequence[str]
) -> list[bool]:
    """Whether each word of the question stands in a title, in the form of its language."""
    found: dict[str, set[str]] = {language: set() for language in forms}
    for title, language in dict.fromkeys(zip(titles, languages, strict=True)):
        found[language] |= _title_words(title, language)
    rows = [[form in found[language] for form in forms[language]] for language in forms]
    return [any(column) for column in zip(*rows, strict=True)]


@lru_cache(maxsize=TITLE_CACHE)
def _title_words(title: str, language: str) -> frozenset[str]:
    return frozenset(words(title.replace("_", " "), language))


def owning_words(spans: NDArray[np.int32], asked: Sequence[Word]) -> list[int]:
    """The index of the word that each token, *spans* (t, 2), is a piece of; NO_WORD if of none."""
    starts = [word.start for word in asked]
    offsets = spans[:, 0].tolist()
    before = [bisect_right(starts, offset) - 1 for offset in offsets]
    return [
        i if i >= 0 and offset < asked[i].end else NO_WORD
        for i, offset in zip(before, offsets, strict=True)
    ]
