"""
What is known of a question and the sentences that may answer it, before any weight.

Each token of the question looks for its best counterpart among the contextual tokens of a
sentence (index.ranking.token_matches), of the sentence before and after it, and of its paragraph,
and asks whether the very word is there (index.ranking.word_matches); one direction looks for a
token of the type that is asked for (index.ranking.answer_types).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encoding.token_windows import EncodedSentence
from index.ranking.answer_types import AnswerTypes, expected_answer
from index.ranking.candidate_sentences import Candidates, Floats, Query
from index.ranking.token_matches import answer_type_scores, match_tokens
from index.ranking.word_matches import NO_WORD, WordMatches, match_words, owning_words
from index.text.words import inverse_frequency, is_question_word, is_stop_word

Integers = NDArray[np.int64]

# The last axis of Features.pairs, the columns of Features.tokens and of Features.sentences.
PAIR_FEATURES = (
    "match", "word", "before", "after", "paragraph", "word_nearby", "inner", "lead", "inner_lead",
)  # fmt: skip
TOKEN_FEATURES = (
    "idf", "absent", "stop", "question", "punctuation", "capital", "number", "title",
    "continued", "position", "share",
)  # fmt: skip
SENTENCE_FEATURES = ("cosine", "covered", "asks", "answer_type")

NO_NEIGHBOUR = -1  # in place of the index of a sentence


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


def extract_features(
    query: Query, candidates: Candidates, answer_types: AnswerTypes | None = None
) -> Features:
    """
    Compute every feature of *query* and *candidates*.

    *answer_types* are those of the model that made the vectors; without any their feature is 0.
    """
    by_word = match_words(query.text, candidates)
    owners = owning_words(query.tokens.spans, by_word.words)
    tokens = np.hstack([_word_columns(query.text, by_word)[owners], _position_columns(owners)])
    asking = tokens[:, TOKEN_FEATURES.index("question")] > 0
    expected = expected_answer(query.tokens, asking, answer_types)
    by_token = match_tokens(query.tokens, candidates.sentences, expected)
    sentences = (
        candidates.cosines,
        by_token.covered,
        _question_marks(candidates.sentences),
        answer_type_scores(by_token, expected),
    )
    return Features(
        _pair_columns(by_token.best, _found_words(by_word, owners), candidates),
        tokens,
        np.stack(sentences, 1).astype(np.float32),
    )


def _found_words(matches: WordMatches, owners: Sequence[int]) -> Floats:
    """(t, n): 1 where the sentence contains the word of the token."""
    nothing = np.zeros((1, matches.found.shape[1]), np.float32)  # NO_WORD points here
    table: Floats = np.vstack([matches.found, nothing])[list(owners)]
    return table


def _question_marks(sentences: Sequence[EncodedSentence]) -> Floats:
    """Mark sentences that are questions: they repeat the words and answer nothing."""
    # A tenth, so that the weight is of the size of the others when the head is trained.
    return np.array([0.1 * sentence.is_question for sentence in sentences], np.float32)


def _pair_columns(best: Floats, found: Floats, candidates: Candidates) -> Floats:
    """(t, n, 9), of the *best* cosines (2, t, n) and the words that were *found* (t, n)."""
    matches, inner = best
    both = np.zeros((2, len(matches), len(candidates) + 1), np.float32)
    both[:, :, :NO_NEIGHBOUR] = matches, found  # which points to the last column: nothing is there
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
    """Indices of the sentences before and after each candidate, or NO_NEIGHBOUR."""
    keys = list(zip(candidates.keys, candidates.positions, strict=True))
    index = {key: i for i, key in enumerate(keys)}
    before = [index.get((article, position - 1), NO_NEIGHBOUR) for article, position in keys]
    after = [index.get((article, position + 1), NO_NEIGHBOUR) for article, position in keys]
    return np.array(before, np.int64), np.array(after, np.int64)


def _best_of_paragraph(matches: Floats, candidates: Candidates) -> Floats:
    """The best match of each token in the paragraph of each candidate."""
    if not len(candidates):
        return matches
    keys = zip(candidates.keys, candidates.paragraphs, strict=True)
    numbers: dict[tuple[int, int], int] = {}
    group = np.array([numbers.setdefault(key, len(numbers)) for key in keys], np.int64)
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(len(numbers)))
    best: Floats = np.maximum.reduceat(matches[:, order], starts, axis=1)
    return best[:, group]


def _word_columns(text: str, matches: WordMatches) -> Floats:
    """The first columns of TOKEN_FEATURES for each word, and last for what is none: (w + 1, 8)."""
    number = matches.found.shape[1]
    rows: list[tuple[float, ...]] = []
    for word, count, titled in zip(
        matches.words, matches.found.sum(axis=1).tolist(), matches.titled, strict=True
    ):
        shown = text[word.start : word.end]
        rows.append((
            inverse_frequency(int(count), number),
            not count,
            is_stop_word(word.form, matches.language),
            is_question_word(word.form, matches.language),
            0,
            bool(rows) and shown[0].isupper(),
            any(map(str.isdigit, shown)),
            titled,
        ))  # fmt: skip
    return np.array([*rows, (0, 0, 0, 0, 1, 0, 0, 0)], np.float32)  # NO_WORD points to the last


def _position_columns(owners: Sequence[int]) -> Floats:
    """For each token: whether it goes on a word, how far on it stands, its share of the word."""
    rows = [
        (
            i > 0 and owner != NO_WORD and owner == owners[i - 1],
            i / len(owners),
            1 / (1 + owners.count(owner)),
        )
        for i, owner in enumerate(owners)
    ]
    return np.array(rows, dtype=np.float32).reshape(-1, 3)
