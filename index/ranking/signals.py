"""
The signals that tell whether the best sentence answers.

What betrays that it does not are words and names that nobody matches, a best sentence that does not
stand out, a "how many" without a number.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields
from typing import NamedTuple

from index.languages.english_cues import (
    AGE,
    ASKS_FOR_AGE,
    ASKS_FOR_DATE,
    ASKS_FOR_NUMBER,
    DATE_WORDS,
    NEGATED_QUESTION,
    NEGATED_SENTENCE,
    NUMBER_WORDS,
)
from index.languages.registry import DEFAULT_LANGUAGE
from index.ranking.candidate_sentences import Candidates, Query
from index.ranking.features import PAIR_FEATURES, TOKEN_FEATURES, Features
from index.ranking.ranker import Ranking
from index.text.words import words, words_of_question

# The gap of a question without content words ("why?"): that of a middling one.
NO_CONTENT_GAP = 0.3
# A word whose best cosine in the article is below this has no counterpart there. Paraphrases
# ("decides" for "determine") have .6 to .8, words of another topic .1 to .4.
STRANGE_WORD_COSINE = 0.55
_WORD_COLUMNS = [PAIR_FEATURES.index(name) for name in ("word", "word_nearby")]
_MATCH_COLUMNS = [PAIR_FEATURES.index(name) for name in ("match", "before", "after")]
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")
_NUMBERS = frozenset(words(NUMBER_WORDS))
_DATES = frozenset(words(DATE_WORDS))


@dataclass(frozen=True, slots=True)
class Signals:
    """
    What the probability is made of; the bounds are those of ordinary English questions.

    *score* is the best one; *log_share* the logarithm of its share of the softmax over all of
    them (0 when nothing comes near); *cosine* the best of the pooled vectors; *support* the
    weighted mean of the question's tokens' best cosines in or beside the best sentence; *gap* the
    mean over content words, weighted by IDF, of what is missing there (0 when each word stands
    there); *missing_names* the share of names and numbers that no sentence has, *distant_names* of
    those that stand neither in the best sentence nor beside it; *content_words* the logarithm of
    their number and 1; *unsupported* is 1 when nothing in any sentence comes near to most of them;
    *no_number* and *no_date* are 1 when one is asked for and the best sentence has none but the
    question's own, or 2 when it is an age; *other_year* is 1 when the question names a year and
    the best sentence does not, *denied* when the question is negated and the best sentence is not.
    """

    score: float
    log_share: float
    cosine: float
    support: float
    gap: float
    missing_names: float
    distant_names: float
    content_words: float
    unsupported: float
    no_number: float
    no_date: float
    other_year: float
    denied: float


SIGNALS = tuple(field.name for field in fields(Signals))


class _WordEvidence(NamedTuple):
    """What is known of a word of the question."""

    tokens: list[int]  # their indices
    nearby: bool  # whether the best sentence, or one beside it, has the word
    features: dict[str, float]  # TOKEN_FEATURES of its first token


def measure_signals(query: Query, candidates: Candidates, ranking: Ranking) -> Signals:
    """Compute the signals of at least one candidate."""
    features, scores = ranking.features, ranking.scores.tolist()
    best = int(ranking.scores.argmax())
    rows = features.pairs[:, best].tolist()
    matches = [max(row[i] for i in _MATCH_COLUMNS) for row in rows]
    evidence = _evidence_of(features, [any(row[i] for i in _WORD_COLUMNS) for row in rows])
    gap, content_words, strange_words = _gap(features, evidence, matches)
    missing, distant = _names(evidence)
    best_text = candidates.sentences[best].text
    new_words = _english_words(candidates, best) - {
        word.form for word in words_of_question(query.text)
    }
    weights = ranking.weights.tolist()
    return Signals(
        score=scores[best],
        log_share=-math.log(sum(math.exp(score - scores[best]) for score in scores)),
        cosine=max(features.sentences[:, 0].tolist()),
        support=sum(map(operator.mul, weights, matches)) / (sum(weights) or 1.0),
        gap=gap,
        missing_names=missing,
        distant_names=distant,
        content_words=math.log1p(content_words),
        unsupported=float(2 * strange_words > content_words),
        no_number=_lacks_number(query.text, best_text, new_words),
        no_date=_lacks_date(query.text, new_words),
        other_year=float(any(year not in best_text for year in _YEAR.findall(query.text))),
        denied=_lacks_negation(query.text, best_text),
    )


def _english_words(candidates: Candidates, i: int) -> frozenset[str]:
    """The words of a sentence in the forms of English, which the cues know."""
    sentence = candidates.sentences[i]
    if candidates.sources[i].article.language == DEFAULT_LANGUAGE:
        return sentence.words
    return frozenset(words(sentence.text))


def _evidence_of(features: Features, nearby: Sequence[bool]) -> list[_WordEvidence]:
    """What is known of each word of the question; *nearby* says it of each token."""
    rows = features.tokens.tolist()
    return [
        _WordEvidence(tokens, nearby[first], dict(zip(TOKEN_FEATURES, rows[first], strict=True)))
        for tokens in _tokens_of_words(features)
        for first in tokens[:1]
    ]


def _tokens_of_words(features: Features) -> list[list[int]]:
    """The indices of the tokens of each word."""
    tokens: list[list[int]] = []
    for i, continued in enumerate(features.tokens[:, TOKEN_FEATURES.index("continued")].tolist()):
        if continued:
            tokens[-1].append(i)
        else:
            tokens.append([i])
    return tokens


def _gap(
    features: Features, evidence: Sequence[_WordEvidence], matches: Sequence[float]
) -> tuple[float, int, int]:
    """
    The gap, the number of content words, and of those that nothing comes near to.

    *matches* are the best of each token in or beside the best sentence.
    """
    anywhere = features.pairs[:, :, PAIR_FEATURES.index("match")].max(axis=1).tolist()
    gaps, strange_words = [], 0
    for tokens, nearby, known in evidence:
        if not (known["punctuation"] or known["stop"] or known["question"]):
            missing = not (nearby or known["title"])
            gaps.append(known["idf"] * (1 - max(matches[i] for i in tokens)) if missing else 0.0)
            absent = bool(known["absent"]) and not known["title"]
            strange_words += absent and max(anywhere[i] for i in tokens) < STRANGE_WORD_COSINE
    return (sum(gaps) / len(gaps) if gaps else NO_CONTENT_GAP), len(gaps), strange_words


def _names(evidence: Sequence[_WordEvidence]) -> tuple[float, float]:
    """The shares of names and numbers that are missing, and that stand far from the best."""
    names = [
        (nearby, known)
        for _, nearby, known in evidence
        if not known["question"] and (known["capital"] or known["number"])
    ]
    missing = sum(bool(known["absent"]) and not known["title"] for _, known in names)
    distant = sum(not (nearby or known["title"]) for nearby, known in names)
    return missing / max(len(names), 1), distant / max(len(names), 1)


def _lacks_number(question: str, best: str, new_words: AbstractSet[str]) -> float:
    """
    1 when *question* asks for a number that *best* does not have, 2 when it asks for an age.

    *new_words* are those of *best* that the question does not say.
    """
    if ASKS_FOR_AGE.search(question):
        return 0.0 if AGE.search(best) else 2.0  # few sentences give an age by chance
    return float(bool(ASKS_FOR_NUMBER.search(question)) and not _has_any(new_words, _NUMBERS))


def _lacks_date(question: str, new_words: AbstractSet[str]) -> float:
    """1 when *question* asks for a date that is not among the *new_words* of the best sentence."""
    return float(bool(ASKS_FOR_DATE.search(question)) and not _has_any(new_words, _DATES))


def _has_any(forms: AbstractSet[str], listed: frozenset[str]) -> bool:
    """Whether one of *forms* is *listed*, or written in digits."""
    return not forms.isdisjoint(listed) or any(form[0].isdigit() for form in forms)


def _lacks_negation(question: str, best: str) -> float:
    """1 when *question* is negated and *best* is not."""
    return float(bool(NEGATED_QUESTION.search(question)) and not NEGATED_SENTENCE.search(best))
