"""
Words as they are compared: folded, stemmed, weighed by how rare they are.

An encoder blurs names and numbers; the words themselves do not. Everything here works on plain
text, so that it serves one article, a library, and languages that the encoder does not know.
"""

from __future__ import annotations

import math
import re
import threading
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from Stemmer import Stemmer

from index.languages.registry import DEFAULT_LANGUAGE, STEMMERS, function_words, question_words

# Folding, stemming and unaccenting a word takes 5 µs, of which the stemmer has one, and looking its
# form up .07. An article has a few hundred different words, and a busy library some ten thousand.
FORM_CACHE = 65_536
QUESTION_CACHE = 64  # several times what is being answered at once

# Marks that belong to the letter before them, though \w does not match them; and scripts written
# without spaces, whose runs are cut into overlapping pairs of characters.
_MARKS = "\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff"
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff"
_LETTERS = rf"(?:[^\W\d_]|[{_MARKS}{_UNSPACED}])+"
_WORD = re.compile(rf"\d+(?:[.,]\d+)*|{_LETTERS}\d*|\w+")
_PARTED = re.compile(r"([^\W\d_]{2,})[-‐]\n[ \t>]*([^\W\d_]{2,})")
_RUN = re.compile(f"[{_UNSPACED}]+")
_STEMMER_LOCK = threading.Lock()  # a stemmer keeps the word that it works on in itself
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: its comparable form and where it stands (half-open code points)."""

    form: str
    start: int
    end: int


def find_words(text: str, language: str = DEFAULT_LANGUAGE) -> list[Word]:
    """
    Words of *text* in order, in the forms of the *language* (ISO 639-1).

    A form is case-folded, stemmed and without accents, since people type "Zurich" for "Zürich";
    numbers lose the commas between their thousands. Where words stand is no matter of language.
    """
    found = [
        Word(form_of(text[start:end], language), start, end) for start, end in _word_spans(text)
    ]
    if "\n" not in text:
        return found
    # A word that is parted at the end of a line is there as a whole too, behind its parts.
    parted = (
        Word(form_of(word[1] + word[2], language), word.start(1), word.end(2))
        for word in _PARTED.finditer(text)
    )
    return [*found, *parted]


def words(text: str, language: str = DEFAULT_LANGUAGE) -> list[str]:
    """Comparable forms of the words of *text*, in order, with repetitions."""
    return [word.form for word in find_words(text, language)]


def words_of_question(question: str, language: str = DEFAULT_LANGUAGE) -> tuple[Word, ...]:
    """``find_words`` of a *question*, which each stage of answering it asks for."""
    return _words_of_question(question, language)  # a cache tells a default from the same argument


@lru_cache(maxsize=QUESTION_CACHE)
def _words_of_question(question: str, language: str) -> tuple[Word, ...]:
    return tuple(find_words(question, language))


@lru_cache(maxsize=FORM_CACHE)
def form_of(word: str, language: str = DEFAULT_LANGUAGE) -> str:
    """Fold, stem and unaccent one *word*; a *language* without a stemmer is not stemmed."""
    # A ligature of printed text is the letters that it stands for.
    folded = _THOUSANDS.sub("", _LIGATURE.sub(_letters_of, word).casefold())
    # Spanish "como" (how) would be stemmed like "comida" (food). English function words are
    # stemmed, since the ranking's weights were fitted that way.
    if language != DEFAULT_LANGUAGE and (plain := _unaccented(folded)) in _plain_words(language):
        return plain
    stemmer = _stemmer(language)
    with _STEMMER_LOCK:
        stem = stemmer.stemWord(folded) if stemmer else folded
    return _unaccented(stem) or folded


def is_stop_word(form: str, language: str = DEFAULT_LANGUAGE) -> bool:
    """Whether *form* is a word that carries no topic: an article, a pronoun, "how"."""
    return form in _listed_forms(function_words, language)


def is_question_word(form: str, language: str = DEFAULT_LANGUAGE) -> bool:
    """Whether *form* only says what is asked for: "who", or "many" in "how many"."""
    return form in _listed_forms(question_words, language)


def inverse_frequency(count: int, number: int) -> float:
    """
    How much a word tells that *count* of *number* sentences contain: 1 if none, near 0 if all.

    This is BM25's inverse document frequency, divided by its largest value.
    """
    most = math.log1p((number + 0.5) / 0.5)
    return math.log1p((number - count + 0.5) / (count + 0.5)) / most


def _word_spans(text: str) -> Iterator[tuple[int, int]]:
    for match in _WORD.finditer(text):
        start, end = match.span()
        for run in _RUN.finditer(text, start, end):
            if start < run.start():
                yield start, run.start()
            yield from _pairs(*run.span())
            start = run.end()
        if start < end:
            yield start, end


def _pairs(start: int, end: int) -> Iterator[tuple[int, int]]:
    yield from ((i, i + 2) for i in range(start, end - 1)) if end - start > 1 else ((start, end),)


def _letters_of(ligature: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", ligature.group())


def _unaccented(word: str) -> str:
    letters = unicodedata.normalize("NFD", word)
    return "".join(char for char in letters if not "\u0300" <= char <= "\u036f")


@lru_cache(maxsize=32)
def _stemmer(language: str) -> Stemmer | None:
    name = STEMMERS.get(language)
    return Stemmer(name, 0) if name else None  # without a cache of its own: form_of has one


@lru_cache(maxsize=32)
def _plain_words(language: str) -> frozenset[str]:
    """The function words of *language* as some people type them: without accents."""
    return frozenset(_unaccented(word.casefold()) for word in function_words(language))


@lru_cache(maxsize=64)
def _listed_forms(listed: Callable[[str], frozenset[str]], language: str) -> frozenset[str]:
    """The comparable forms of the words that are *listed* for *language*."""
    return frozenset(words(" ".join(listed(language)), language))
