"""
How a question's words meet those of sentences, before any weight.

Each token of the question looks for its best counterpart among the contextual tokens of a
sentence (MaxSim), of the sentence before and after it, and of its paragraph, and asks whether the
very word is there; one direction looks for a token of the kind that is asked for (index.kinds).
One matrix product serves all sentences.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.encoder import TokenVectors
from index.kinds import Kinds, Wanted, want
from index.languages import DEFAULT
from index.lexical import (
    Word,
    inverse_frequency,
    is_question_word,
    is_stop_word,
    question_words,
    words,
)
from index.windows import EncodedSentence, Quantised

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

# Tokens that are multiplied at once: as float32 they fit into a core's cache of its own, 768 KiB of
# 384 dimensions.
TOKENS_PER_PRODUCT = 512
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
    The n sentences to be ranked, as columns.

    *cosines* (n,) are those of the pooled vectors with the question's; *articles*, *positions* and
    *paragraphs* (n,) say where each stands, so that neighbours find each other. A sentence whose
    neighbour is not among the candidates has none, so candidates from a library should bring
    theirs along. *titles* and *languages* (ISO 639-1) are those of the articles; without any
    languages, all are in the default one.
    """

    sentences: Sequence[EncodedSentence]
    titles: Sequence[str]
    cosines: Floats
    articles: Integers
    positions: Integers
    paragraphs: Integers
    languages: Sequence[str] = ()

    def __len__(self) -> int:
        return len(self.sentences)


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
    described = [_describe(query.text, asked, owner) for owner in owners]
    tokens = np.hstack([np.array(described, np.float32).reshape(-1, 8), _placed(owners)])
    wanted = want(query.tokens, tokens[:, TOKEN_FEATURES.index("question")] > 0, kinds)
    last, inner = meet(query.tokens, sentences, wanted)
    columns = (
        candidates.cosines,
        last.covered,
        _asks(sentences),
        kind_scores(last, inner, wanted),
    )
    return Features(
        _pairs(last.best, inner.best, _found(asked, owners), candidates),
        tokens,
        np.stack(columns, 1).astype(np.float32),
    )


def look_up(question: str, candidates: Candidates) -> Asked:
    """Seek the words of *question*, read once in each language of the *candidates*."""
    languages = candidates.languages or [DEFAULT] * len(candidates)
    readings = {one: question_words(question, one) for one in dict.fromkeys(languages) or [DEFAULT]}
    forms = {one: [word.form for word in reading] for one, reading in readings.items()}
    language = _language_of(forms, languages)
    there = [
        form in sentence.words
        for sentence, one in zip(candidates.sentences, languages, strict=True)
        for form in forms[one]
    ]
    found = np.array(there, np.float32).reshape(len(candidates), len(forms[language])).T
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
    The t tokens of a question beside those of n sentences, T together.

    *best*: (t, n), for each token of the question its best cosine in each sentence; *covered*:
    (n,), the mean over the tokens of a sentence of their best cosines in the question, *nearest*
    (T,); *offered*: (T,), their products with a wanted direction; *counts*: (n,), tokens of each
    sentence. A sentence without tokens matches nothing: 0.
    """

    best: Floats
    covered: Floats
    nearest: Floats
    offered: Floats
    counts: Integers


def max_similarities(
    query: Floats, sentences: Sequence[Quantised], direction: Floats | None = None
) -> Met:
    """
    Match the token vectors of a *query* (t, d) with those of the *sentences*, both ways.

    *direction* (d,) is what is wanted beside them; without it nothing is offered: 0.
    """
    counts = np.array([len(vectors) for vectors in sentences], np.int64)
    best = np.zeros((len(query), len(sentences)), np.float32)
    covered = np.zeros(len(sentences), np.float32)
    full = counts > 0
    if not len(query) or not full.any():
        nothing = np.zeros(counts.sum(), np.float32)
        return Met(best, covered, nothing, nothing, counts)
    last = np.zeros(query.shape[1], np.float32) if direction is None else direction
    products = _products(np.vstack([query, last]), sentences)
    cosines, nearest = products[:-1], products[:-1].max(axis=0)
    starts = _starts(counts[full])
    best[:, full] = np.maximum.reduceat(cosines, starts, axis=1)
    covered[full] = np.add.reduceat(nearest, starts) / counts[full]
    return Met(best, covered, nearest, products[-1], counts)


def meet(
    query: TokenVectors, sentences: Sequence[EncodedSentence], wanted: Wanted | None
) -> tuple[Met, Met]:
    """Match in the last layer and in the one before it."""
    last, inner = (wanted.last, wanted.inner) if wanted else (None, None)
    return (
        max_similarities(query.vectors, [one.vectors for one in sentences], last),
        max_similarities(query.inner, [one.inner for one in sentences], inner),
    )


def _products(rows: Floats, sentences: Sequence[Quantised]) -> Floats:
    """The products of *rows* (r, d) with the tokens of all *sentences*, one after another."""
    values = np.concatenate([one.values for one in sentences])
    scales = np.concatenate([one.scales for one in sentences])
    products = np.empty((len(rows), len(values)), np.float32)
    for start in range(0, len(values), TOKENS_PER_PRODUCT):
        some = values[start : start + TOKENS_PER_PRODUCT].astype(np.float32)
        np.matmul(rows, some.T, out=products[:, start : start + len(some)])
    products *= scales
    return products


def _starts(counts: Integers) -> Integers:
    starts: Integers = np.cumsum(counts) - counts
    return starts


def kind_scores(last: Met, inner: Met, wanted: Wanted | None) -> Floats:
    """
    How much less than the best of all tokens the best one of each sentence is what is wanted.

    0 for the sentence that has it, else below 0; one without tokens is as far off as the farthest.
    """
    values = np.zeros(len(last.counts), np.float32)
    full = last.counts > 0
    if wanted is None or not full.any():
        return values
    echoes = wanted.echo[0] * last.nearest + wanted.echo[1] * inner.nearest
    found = np.maximum.reduceat(last.offered + inner.offered + echoes, _starts(last.counts[full]))
    values[full] = found
    values[~full] = found.min()
    return np.asarray(values - found.max(), np.float32)


def owning_words(spans: NDArray[np.int32], asked: Sequence[Word]) -> list[int]:
    """The index of the word that each token, *spans* (t, 2), is a piece of; NONE if of none."""
    starts = [word.start for word in asked]
    before = np.searchsorted(starts, spans[:, 0], side="right") - 1
    return [
        int(i) if i >= 0 and start < asked[i].end else NONE
        for i, start in zip(before, spans[:, 0], strict=True)
    ]


def _found(asked: Asked, owners: Sequence[int]) -> Floats:
    """(t, n): 1 where the sentence contains the word of the token."""
    nothing = np.zeros((1, asked.found.shape[1]), np.float32)  # NONE points here
    table: Floats = np.vstack([asked.found, nothing])[list(owners)]
    return table


def _asks(sentences: Sequence[EncodedSentence]) -> Floats:
    """Mark sentences that are questions: they repeat the words and answer nothing."""
    # A tenth, so that the weight is of the size of the others when the head is trained.
    return np.array([0.1 * one.asks for one in sentences], np.float32)


def _pairs(matches: Floats, inner: Floats, found: Floats, candidates: Candidates) -> Floats:
    before, after = _neighbours(candidates)
    table = np.empty((*matches.shape, len(PAIR_FEATURES)), np.float32)
    columns = (
        matches,
        found,
        _shifted(matches, before),
        _shifted(matches, after),
        _best_of_paragraph(matches, candidates),
        np.maximum(_shifted(found, before), _shifted(found, after)),
        inner,
        _leads(matches),
        _leads(inner),
    )
    for i, column in enumerate(columns):
        table[..., i] = column
    return table


def _leads(matches: Floats) -> Floats:
    """How far below the best of all sentences each match is: 0 for the best, else below 0."""
    leads: Floats = matches - matches.max(axis=1, keepdims=True, initial=-1)
    return leads


def _neighbours(candidates: Candidates) -> tuple[Integers, Integers]:
    """Indices of the sentences before and after each candidate, NONE where there is none."""
    places = _combined(candidates.articles, candidates.positions)
    order = np.argsort(places)
    return _find(places - 1, places, order), _find(places + 1, places, order)


def _find(wanted: Integers, places: Integers, order: Integers) -> Integers:
    """The index in *places* of each of *wanted*, NONE where there is none; *order* sorts them."""
    if not len(places):
        return wanted
    at = order[np.searchsorted(places, wanted, sorter=order).clip(max=len(places) - 1)]
    return np.where(places[at] == wanted, at, NONE)


def _combined(articles: Integers, numbers: Integers) -> Integers:
    """One number for an article and one of its sentences or paragraphs; neighbours differ by 1."""
    combined: Integers = articles.astype(np.int64) << 32 | numbers + 1  # no -1 below the first
    return combined


def _shifted(table: Floats, neighbours: Integers) -> Floats:
    """The columns of each candidate's neighbour; 0 where it has none."""
    shifted: Floats = table[:, neighbours] * (neighbours != NONE)
    return shifted


def _best_of_paragraph(matches: Floats, candidates: Candidates) -> Floats:
    """The best match of each token in the paragraph of each candidate."""
    if not len(candidates):
        return matches
    places = _combined(candidates.articles, candidates.paragraphs)
    order = np.argsort(places, kind="stable")
    first = np.flatnonzero(np.diff(places[order], prepend=-1))
    best = np.maximum.reduceat(matches[:, order], first, axis=1)
    group = np.searchsorted(places[order][first], places)
    return best[:, group]


def _describe(text: str, asked: Asked, owner: int) -> tuple[float, ...]:
    """The first columns of TOKEN_FEATURES for one token."""
    if owner == NONE:
        return 0, 0, 0, 0, 1, 0, 0, 0
    word = asked.words[owner]
    shown = text[word.start : word.end]
    there = int(asked.found[owner].sum())
    return (
        inverse_frequency(there, asked.found.shape[1]),
        not there,
        is_stop_word(word.form, asked.language),
        is_question_word(word.form, asked.language),
        0,
        owner > 0 and shown[0].isupper(),
        any(char.isdigit() for char in shown),
        asked.titled[owner],
    )


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
