"""
How a question's words meet those of sentences, before any weight.

Each token of the question looks for its best counterpart among the contextual tokens of a
sentence (MaxSim), of the sentence before and after it, and of its paragraph, and asks whether the
very word is there; one direction looks for a token of the kind that is asked for
(index.ranking.answer_types). One matrix product serves all sentences.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.datatypes import Hit, LoadedArticle
from index.encoding.protocol import TokenVectors
from index.encoding.token_windows import EncodedSentence, QuantisedVectors
from index.languages.registry import DEFAULT
from index.ranking.answer_types import Kinds, Wanted, want
from index.text.words import (
    Word,
    inverse_frequency,
    is_question_word,
    is_stop_word,
    question_words,
    words,
)

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

# Sentences that are multiplied at once: as float32 their tokens, some 220 of 384 dimensions, fit
# into a core's cache of its own.
SENTENCES_PER_PRODUCT = 8
# OpenBLAS multiplies so many rows in one go; over 70 sentences 15 rows take a sixth longer than 16.
ROWS_AT_ONCE = 4
TITLE_CACHE = 4096  # titles whose words are kept, some 2 KB each
NONE = -1  # no such word, or no such neighbour among the candidates

# The last axis of Features.pairs, the columns of Features.tokens and of Features.sentences.
PAIR_FEATURES = (
    "match", "word", "before", "after", "paragraph", "word_nearby", "inner", "lead", "inner_lead",
)  # fmt: skip
TOKEN_FEATURES = (
    "idf", "absent", "stop", "question", "punctuation", "capital", "number", "title",
    "continued", "place", "share",
)  # fmt: skip
SENTENCE_FEATURES = ("cosine", "covered", "asks", "kind")


@dataclass(frozen=True, slots=True)
class Candidates:
    """
    The n sentences that may answer, as columns, in the order of their articles.

    Each is the one at its position of its source; *cosines* (n,) are those of the pooled vectors
    with the question's. A sentence whose neighbour is not among the candidates has none, so those
    from a library should bring theirs along.
    """

    sources: Sequence[LoadedArticle]
    positions: Sequence[int]
    cosines: Floats
    sentences: Sequence[EncodedSentence]

    def __len__(self) -> int:
        return len(self.positions)

    @property
    def keys(self) -> list[int]:
        """The keys of the articles."""
        return [one.key for one in self.sources]

    @property
    def paragraphs(self) -> list[int]:
        """The paragraph of each, counted from 1 in its article."""
        placed = zip(self.sources, self.positions, strict=True)
        return [one.sentences[position].paragraph for one, position in placed]

    @property
    def titles(self) -> list[str]:
        """The titles of the articles."""
        return [one.article.title for one in self.sources]

    @property
    def languages(self) -> list[str]:
        """The languages of the articles (ISO 639-1)."""
        return [one.article.language for one in self.sources]

    def hit(self, i: int, score: float) -> Hit:
        """The candidate number *i* with its *score*."""
        return Hit(self.sources[i], self.positions[i], score)


@dataclass(frozen=True, slots=True)
class Query:
    """A question after its one forward pass."""

    text: str
    tokens: TokenVectors


@dataclass(frozen=True, slots=True)
class Features:
    """
    What is known of t question tokens and n sentences, before any weight.

    pairs: (t, n, len(PAIR_FEATURES)); tokens: (t, len(TOKEN_FEATURES));
    sentences: (n, len(SENTENCE_FEATURES)).
    """

    pairs: Floats
    tokens: Floats
    sentences: Floats


@dataclass(frozen=True, slots=True)
class Asked:
    """
    The w words of a question, sought in n sentences and in their titles.

    *words* have the forms of *language*, in which the question is read; each was sought in the
    form of the sentence's own. *found*: (w, n), 1 where a sentence has it; *titled*: (w,).
    """

    words: Sequence[Word]
    language: str
    found: Floats
    titled: Sequence[bool]


def extract(query: Query, candidates: Candidates, kinds: Kinds | None = None) -> Features:
    """Compute every feature of *query* and *candidates*; without *kinds* the last one is 0."""
    asked = look_up(query.text, candidates)
    owners = owning_words(query.tokens.spans, asked.words)
    sentences = candidates.sentences
    tokens = np.hstack([_described(query.text, asked)[owners], _placed(owners)])
    wanted = want(query.tokens, tokens[:, TOKEN_FEATURES.index("question")] > 0, kinds)
    met = meet(query.tokens, sentences, wanted)
    columns = (candidates.cosines, met.covered, _asks(sentences), kind_scores(met, wanted))
    return Features(
        _pairs(met.best, _found(asked, owners), candidates),
        tokens,
        np.stack(columns, 1).astype(np.float32),
    )


def look_up(question: str, candidates: Candidates) -> Asked:
    """Seek the words of *question*, read once in each language of the *candidates*."""
    languages = candidates.languages
    readings = {one: question_words(question, one) for one in dict.fromkeys(languages) or [DEFAULT]}
    forms = {one: [word.form for word in reading] for one, reading in readings.items()}
    language = _language_of(forms, languages)
    # A byte each: of lists, numpy needs .1 ms for the 11 words of a question in 70 sentences.
    there = b"".join(
        bytes(map(sentence.words.__contains__, forms[one]))
        for sentence, one in zip(candidates.sentences, languages, strict=True)
    )
    table = np.frombuffer(there, np.uint8).reshape(len(candidates), len(forms[language]))
    found = table.T.astype(np.float32)
    return Asked(readings[language], language, found, _titled(forms, languages, candidates.titles))


def _language_of(forms: Mapping[str, Sequence[str]], languages: Sequence[str]) -> str:
    """The language with most of the question's function words; of two, that of more sentences."""
    return max(
        forms,
        key=lambda one: (sum(is_stop_word(form, one) for form in forms[one]), languages.count(one)),
    )


def _titled(
    forms: Mapping[str, Sequence[str]], languages: Sequence[str], titles: Sequence[str]
) -> list[bool]:
    """Whether each word of the question stands in a title, in the form of its language."""
    found: dict[str, set[str]] = {one: set() for one in forms}
    for title, one in dict.fromkeys(zip(titles, languages, strict=True)):
        found[one] |= _title_words(title, one)
    rows = [[form in found[one] for form in forms[one]] for one in forms]
    return [any(column) for column in zip(*rows, strict=True)]


@lru_cache(maxsize=TITLE_CACHE)
def _title_words(title: str, language: str) -> frozenset[str]:
    return frozenset(words(title.replace("_", " "), language))


@dataclass(frozen=True, slots=True)
class Met:
    """
    The t tokens of a question beside those of n sentences, T together, in two layers.

    *best*: (2, t, n), for each token of the question its best cosine in each sentence; *nearest*:
    (2, T), the best cosines in the question of each token of a sentence, and *covered*: (n,), their
    mean over a sentence, in the last layer; *offered*: (2, T), the products with the wanted
    directions; *counts*: (n,), tokens of each sentence. A sentence without tokens matches nothing:
    0.
    """

    best: Floats
    covered: Floats
    nearest: Floats
    offered: Floats
    counts: Integers


def meet(query: TokenVectors, sentences: Sequence[EncodedSentence], wanted: Wanted | None) -> Met:
    """
    Match the tokens of *query* with those of the *sentences*, both ways (MaxSim).

    Without what is *wanted* nothing is offered: 0.
    """
    layers = [one.layers for one in sentences]
    counts = np.array([len(one) for one in layers], np.int64)
    number, dimension = query.vectors.shape
    best = np.zeros((2, number, len(sentences)), np.float32)
    covered = np.zeros(len(sentences), np.float32)
    full = counts > 0
    if not number or not full.any():
        nothing = np.zeros((2, counts.sum()), np.float32)
        return Met(best, covered, nothing, nothing, counts)
    rows = np.zeros((2, number + ROWS_AT_ONCE - number % ROWS_AT_ONCE, dimension), np.float32)
    rows[:, :number] = query.vectors, query.inner
    if wanted is not None:
        rows[:, number] = wanted.directions
    products = _products(rows, layers)
    cosines = products[:, :number]
    nearest = cosines.max(axis=1)
    starts = _starts(counts[full])
    best[:, :, full] = np.maximum.reduceat(cosines, starts, axis=2)
    covered[full] = np.add.reduceat(nearest[0], starts) / counts[full]
    return Met(best, covered, nearest, products[:, number], counts)


def _products(rows: Floats, layers: Sequence[QuantisedVectors]) -> Floats:
    """The products of *rows* (2, r, d) with the tokens of sentences, one after another."""
    pieces = [
        layers[start : start + SENTENCES_PER_PRODUCT]
        for start in range(0, len(layers), SENTENCES_PER_PRODUCT)
    ]
    tokens = (
        np.concatenate([one.values for one in piece], axis=1, dtype=np.float32) for piece in pieces
    )
    products = np.concatenate([rows @ some.transpose(0, 2, 1) for some in tokens], axis=2)
    products *= np.concatenate([one.scales for one in layers], axis=1)[:, None]
    return products


def _starts(counts: Integers) -> Integers:
    starts: Integers = np.cumsum(counts) - counts
    return starts


def kind_scores(met: Met, wanted: Wanted | None) -> Floats:
    """
    How much less than the best of all tokens the best one of each sentence is what is wanted.

    0 for the sentence that has it, else below 0; one without tokens is as far off as the farthest.
    """
    values = np.zeros(len(met.counts), np.float32)
    full = met.counts > 0
    if wanted is None or not full.any():
        return values
    likely = met.offered.sum(axis=0) + wanted.echo @ met.nearest
    found = np.maximum.reduceat(likely, _starts(met.counts[full]))
    values[full] = found
    values[~full] = found.min()
    return np.asarray(values - found.max(), np.float32)


def owning_words(spans: NDArray[np.int32], asked: Sequence[Word]) -> list[int]:
    """The index of the word that each token, *spans* (t, 2), is a piece of; NONE if of none."""
    starts = [word.start for word in asked]
    places = spans[:, 0].tolist()
    before = [bisect_right(starts, place) - 1 for place in places]
    return [
        i if i >= 0 and place < asked[i].end else NONE
        for i, place in zip(before, places, strict=True)
    ]


def _found(asked: Asked, owners: Sequence[int]) -> Floats:
    """(t, n): 1 where the sentence contains the word of the token."""
    nothing = np.zeros((1, asked.found.shape[1]), np.float32)  # NONE points here
    table: Floats = np.vstack([asked.found, nothing])[list(owners)]
    return table


def _asks(sentences: Sequence[EncodedSentence]) -> Floats:
    """Mark sentences that are questions: they repeat the words and answer nothing."""
    # A tenth, so that the weight is of the size of the others when the head is trained.
    return np.array([0.1 * one.is_question for one in sentences], np.float32)


def _pairs(best: Floats, found: Floats, candidates: Candidates) -> Floats:
    """(t, n, 9), of the *best* cosines (2, t, n) and the words that were *found* (t, n)."""
    matches, inner = best
    both = np.zeros((2, len(matches), len(candidates) + 1), np.float32)
    both[:, :, :NONE] = matches, found  # NONE points to the last column, where there is nothing
    before, after = (both[:, :, neighbours] for neighbours in _neighbours(candidates))
    table = np.empty((*matches.shape, len(PAIR_FEATURES)), np.float32)
    columns = (
        matches,
        found,
        before[0],
        after[0],
        _best_of_paragraph(matches, candidates),
        np.maximum(before[1], after[1]),
        inner,
        *_leads(best),
    )
    for i, column in enumerate(columns):
        table[..., i] = column
    return table


def _leads(best: Floats) -> Floats:
    """How far below the best of all sentences each match is: 0 for the best, else below 0."""
    leads: Floats = best - best.max(axis=2, keepdims=True, initial=-1)
    return leads


def _neighbours(candidates: Candidates) -> tuple[Integers, Integers]:
    """Indices of the sentences before and after each candidate, NONE where there is none."""
    places = list(zip(candidates.keys, candidates.positions, strict=True))
    index = {place: i for i, place in enumerate(places)}
    before = [index.get((article, position - 1), NONE) for article, position in places]
    after = [index.get((article, position + 1), NONE) for article, position in places]
    return np.array(before, np.int64), np.array(after, np.int64)


def _best_of_paragraph(matches: Floats, candidates: Candidates) -> Floats:
    """The best match of each token in the paragraph of each candidate."""
    if not len(candidates):
        return matches
    places = zip(candidates.keys, candidates.paragraphs, strict=True)
    numbers: dict[tuple[int, int], int] = {}
    group = np.array([numbers.setdefault(place, len(numbers)) for place in places], np.int64)
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(len(numbers)))
    best: Floats = np.maximum.reduceat(matches[:, order], starts, axis=1)
    return best[:, group]


def _described(text: str, asked: Asked) -> Floats:
    """The first columns of TOKEN_FEATURES for each word, and last for what is none: (w + 1, 8)."""
    number = asked.found.shape[1]
    rows: list[tuple[float, ...]] = []
    for word, count, titled in zip(
        asked.words, asked.found.sum(axis=1).tolist(), asked.titled, strict=True
    ):
        shown = text[word.start : word.end]
        rows.append((
            inverse_frequency(int(count), number),
            not count,
            is_stop_word(word.form, asked.language),
            is_question_word(word.form, asked.language),
            0,
            bool(rows) and shown[0].isupper(),
            any(map(str.isdigit, shown)),
            titled,
        ))  # fmt: skip
    return np.array([*rows, (0, 0, 0, 0, 1, 0, 0, 0)], np.float32)  # NONE points to the last


def _placed(owners: Sequence[int]) -> Floats:
    """For each token: whether it goes on a word, how far on it stands, its share of the word."""
    rows = [
        (
            i > 0 and owner != NONE and owner == owners[i - 1],
            i / len(owners),
            1 / (1 + owners.count(owner)),
        )
        for i, owner in enumerate(owners)
    ]
    return np.array(rows, dtype=np.float32).reshape(-1, 3)
