"""
How a question's words meet those of sentences, before any weight.

Each token of the question looks for its best counterpart among the contextual tokens of a
sentence (MaxSim), of the sentence before and after it, and of its paragraph, and asks whether the
very word is there. One matrix product serves all sentences.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encoder import TokenVectors
from index.languages import DEFAULT
from index.lexical import (
    Word,
    find_words,
    inverse_frequency,
    is_question_word,
    is_stop_word,
    words,
)
from index.windows import SentenceTokens

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

_ASKS = re.compile(r"[?？؟][\s\"'”’»)]*$")
NONE = -1  # no such word, or no such neighbour among the candidates

# The last axis of Features.pairs, the columns of Features.tokens and of Features.sentences.
PAIR_FEATURES = ("match", "word", "before", "after", "paragraph", "word_nearby", "inner")
TOKEN_FEATURES = (
    "idf", "absent", "stop", "question", "punctuation", "capital", "number", "title",
    "continued", "place", "share",
)  # fmt: skip
SENTENCE_FEATURES = ("cosine", "covered", "asks")


@dataclass(frozen=True, slots=True)
class Candidates:
    """
    The n sentences to be ranked, as columns.

    *tokens* are contextual; *cosines* (n,) are those of the pooled vectors with the question's;
    *articles*, *positions* and *paragraphs* (n,) say where each stands, so that neighbours find
    each other. A sentence whose neighbour is not among the candidates has none, so candidates
    from a library should bring theirs along. *languages* are those of the articles (ISO 639-1);
    without any, all are in the default one.
    """

    texts: Sequence[str]
    titles: Sequence[str]
    tokens: Sequence[SentenceTokens]
    cosines: Floats
    articles: Integers
    positions: Integers
    paragraphs: Integers
    languages: Sequence[str] = ()

    def __len__(self) -> int:
        return len(self.texts)


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


def extract(query: Query, candidates: Candidates) -> Features:
    """Compute every feature of *query* and *candidates*; either may be empty."""
    asked = look_up(query.text, candidates)
    owners = owning_words(query.tokens.spans, asked.words)
    tokens = candidates.tokens
    matches, covered = max_similarities(query.tokens.vectors, [one.vectors for one in tokens])
    inner, _ = max_similarities(query.tokens.inner, [one.inner for one in tokens])
    described = [_describe(query.text, asked, owner) for owner in owners]
    return Features(
        _pairs(matches, inner, _found(asked, owners), candidates),
        np.hstack([np.array(described, np.float32).reshape(-1, 8), _placed(owners)]),
        np.stack([candidates.cosines, covered, _asks(candidates.texts)], 1).astype(np.float32),
    )


def look_up(question: str, candidates: Candidates) -> Asked:
    """Seek the words of *question*, read once in each language of the *candidates*."""
    languages = candidates.languages or [DEFAULT] * len(candidates)
    readings = {one: find_words(question, one) for one in dict.fromkeys(languages) or [DEFAULT]}
    forms = {one: [word.form for word in reading] for one, reading in readings.items()}
    language = _language_of(forms, languages)
    there = []
    for text, one in zip(candidates.texts, languages, strict=True):
        sentence = set(words(text, one))
        there.append([form in sentence for form in forms[one]])
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
        found[one].update(words(title.replace("_", " "), one))
    rows = [[form in found[one] for form in forms[one]] for one in forms]
    return [any(column) for column in zip(*rows, strict=True)]


def max_similarities(
    query: Floats, sentences: Sequence[NDArray[np.float16]]
) -> tuple[Floats, Floats]:
    """
    Match the t token vectors of a *query* (t, d) with those of n *sentences*, both ways.

    Returns (t, n): for each token of the query its best cosine in each sentence; and (n,): the
    mean over the tokens of a sentence of their best cosines in the query. A sentence without
    tokens matches nothing: 0.
    """
    counts = np.array([len(vectors) for vectors in sentences])
    best = np.zeros((len(query), len(sentences)), np.float32)
    covered = np.zeros(len(sentences), np.float32)
    full = counts > 0
    if not len(query) or not full.any():
        return best, covered
    tokens = np.concatenate([one for one in sentences if len(one)]).astype(np.float32)
    starts = np.concatenate([[0], np.cumsum(counts[full])[:-1]])
    cosines = query @ tokens.T
    best[:, full] = np.maximum.reduceat(cosines, starts, axis=1)
    covered[full] = np.add.reduceat(cosines.max(axis=0), starts) / counts[full]
    return best, covered


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


def _asks(texts: Sequence[str]) -> Floats:
    """Mark sentences that are questions: they repeat the words and answer nothing."""
    # A tenth, so that the weight is of the size of the others when the head is trained.
    return np.array([0.1 * bool(_ASKS.search(text)) for text in texts], np.float32)


def _pairs(matches: Floats, inner: Floats, found: Floats, candidates: Candidates) -> Floats:
    before, after = _neighbours(candidates)
    nearby = np.maximum(_shifted(found, before), _shifted(found, after))
    columns = (
        matches,
        found,
        _shifted(matches, before),
        _shifted(matches, after),
        _best_of_paragraph(matches, candidates),
        nearby,
        inner,
    )
    return np.stack(columns, axis=-1)


def _neighbours(candidates: Candidates) -> tuple[Integers, Integers]:
    """Indices of the sentences before and after each candidate, NONE where there is none."""
    places = list(zip(candidates.articles.tolist(), candidates.positions.tolist(), strict=True))
    index = {place: i for i, place in enumerate(places)}
    before = [index.get((article, position - 1), NONE) for article, position in places]
    after = [index.get((article, position + 1), NONE) for article, position in places]
    return np.array(before, np.int64), np.array(after, np.int64)


def _shifted(table: Floats, neighbours: Integers) -> Floats:
    """The columns of each candidate's neighbour; 0 where it has none."""
    return np.where(neighbours == NONE, np.float32(0), table[:, neighbours])


def _best_of_paragraph(matches: Floats, candidates: Candidates) -> Floats:
    places = np.stack([candidates.articles, candidates.paragraphs], axis=1)
    _, group = np.unique(places, axis=0, return_inverse=True)
    best = np.full((int(group.max(initial=-1)) + 1, len(matches)), -np.inf, np.float32)
    np.maximum.at(best, group, matches.T)
    return best[group].T


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
