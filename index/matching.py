"""
How a question's words meet those of sentences, before any weight.

Each token of the question looks for its best counterpart among the contextual tokens of a
sentence (MaxSim), of the sentence before and after it, and of its paragraph, and asks whether the
very word is there. One matrix product serves all sentences.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encoder import TokenVectors
from index.lexical import (
    DocumentFrequencies,
    Word,
    find_words,
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
PAIR_FEATURES = ("match", "word", "before", "after", "paragraph", "word_nearby")
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
    from a library should bring theirs along.
    """

    texts: Sequence[str]
    titles: Sequence[str]
    tokens: Sequence[SentenceTokens]
    cosines: Floats
    articles: Integers
    positions: Integers
    paragraphs: Integers

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


def extract(query: Query, candidates: Candidates) -> Features:
    """Compute every feature of *query* and *candidates*; either may be empty."""
    asked = find_words(query.text)
    owners = owning_words(query.tokens.spans, asked)
    sentences = [set(words(text)) for text in candidates.texts]
    titles = set(words(" ".join(dict.fromkeys(candidates.titles)).replace("_", " ")))
    frequencies = DocumentFrequencies.of(sentences)
    matches, covered = max_similarities(query.tokens.vectors, candidates.tokens)
    found = _found(asked, owners, sentences)
    described = [_describe(query.text, asked, owner, frequencies, titles) for owner in owners]
    return Features(
        _pairs(matches, found, candidates),
        np.hstack([np.array(described, np.float32).reshape(-1, 8), _placed(owners)]),
        np.stack([candidates.cosines, covered, _asks(candidates.texts)], 1).astype(np.float32),
    )


def max_similarities(query: Floats, sentences: Sequence[SentenceTokens]) -> tuple[Floats, Floats]:
    """
    Match the t token vectors of a *query* (t, d) with those of n *sentences*, both ways.

    Returns (t, n): for each token of the query its best cosine in each sentence; and (n,): the
    mean over the tokens of a sentence of their best cosines in the query. A sentence without
    tokens matches nothing: 0.
    """
    counts = np.array([len(sentence.vectors) for sentence in sentences])
    best = np.zeros((len(query), len(sentences)), np.float32)
    covered = np.zeros(len(sentences), np.float32)
    full = counts > 0
    if not len(query) or not full.any():
        return best, covered
    tokens = np.concatenate([s.vectors for s in sentences if len(s.vectors)]).astype(np.float32)
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


def _found(asked: Sequence[Word], owners: Sequence[int], sentences: Sequence[set[str]]) -> Floats:
    """(t, n): 1 where the sentence contains the word of the token."""
    table = np.array(
        [[word.form in sentence for sentence in sentences] for word in asked]
        + [[False] * len(sentences)],  # NONE points here
        dtype=np.float32,
    )
    return table[list(owners)]


def _asks(texts: Sequence[str]) -> Floats:
    """Mark sentences that are questions: they repeat the words and answer nothing."""
    # A tenth, so that the weight is of the size of the others when the head is trained.
    return np.array([0.1 * bool(_ASKS.search(text)) for text in texts], np.float32)


def _pairs(matches: Floats, found: Floats, candidates: Candidates) -> Floats:
    before, after = _neighbours(candidates)
    nearby = np.maximum(_shifted(found, before), _shifted(found, after))
    columns = (
        matches,
        found,
        _shifted(matches, before),
        _shifted(matches, after),
        _best_of_paragraph(matches, candidates),
        nearby,
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


def _describe(
    text: str, asked: Sequence[Word], owner: int, frequencies: DocumentFrequencies, titles: set[str]
) -> tuple[float, ...]:
    """The first columns of TOKEN_FEATURES for one token."""
    if owner == NONE:
        return 0, 0, 0, 0, 1, 0, 0, 0
    word = asked[owner]
    shown = text[word.start : word.end]
    return (
        frequencies.idf(word.form),
        word.form not in frequencies,
        is_stop_word(word.form),
        is_question_word(word.form),
        0,
        owner > 0 and shown[0].isupper(),
        any(char.isdigit() for char in shown),
        word.form in titles,
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
