"""
How sure it is that the article answers: a calibrated probability from several signals.

The best score alone does not tell: a question about something that the article does not say finds
a sentence on its topic. What betrays it are words and names that nobody matches, a best sentence
that does not stand out, a "how many" without a number.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from index.languages.registry import DEFAULT
from index.ranking.features import (
    PAIR_FEATURES,
    TOKEN_FEATURES,
    Candidates,
    Features,
    Floats,
    Query,
)
from index.ranking.ranker import Ranking, read_weights
from index.text.words import question_words, words

# From this probability on, an article counts as answering. Cross-validated over articles of the
# question files (index.training.fit_ranking prints the table).
NO_ANSWER_THRESHOLD = 0.25

# Among many articles some sentence looks like an answer by chance. The weights are fitted to single
# articles; asked of n, the logit falls by CHANCE times the logarithm of n. So 48 articles answer
# .05 of the questions that they do not answer, instead of .18, and refuse .03 of their own, instead
# of .01; the sum of both is least at .2 (tests/benchmarks/library_confidence.py).
CHANCE = 0.2

# The gap of a question without content words ("why?"): that of a middling one.
NO_CONTENT_GAP = 0.3
# A word whose best cosine in the article is below this has no counterpart there. Paraphrases
# ("decides" for "determine") have .6 to .8, words of another topic .1 to .4.
STRANGE = 0.55
_THERE = [PAIR_FEATURES.index(name) for name in ("word", "word_nearby")]
_NEAR = [PAIR_FEATURES.index(name) for name in ("match", "before", "after")]
_ASKS_NUMBER = re.compile(
    r"\bhow\s+(?:many|much|old|long|far|often|tall|large|big|fast|high|deep|wide|heavy)\b"
    r"|\b(?:what|which)\s+(?:percent|percentage|number|amount|proportion|fraction|age)\b",
    re.IGNORECASE,
)
_ASKS_AGE = re.compile(r"\bhow\s+old\b|\b(?:what|which)\b[^?]*\bage\b", re.IGNORECASE)
_AGE = re.compile(r"\b(?:aged?|born|years?|\w+ties|teens)\b|\b\d{1,3}\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")
_DENIES = re.compile(r"\b(?:not|never|cannot|without|neither|nor)\b|n['’]t\b", re.IGNORECASE)
_NEGATIVE = re.compile(
    r"\b(?:not|never|no|none|without|cannot|neither|nor|un\w+)\b|n['’]t\b", re.IGNORECASE
)
_ASKS_DATE = re.compile(
    r"\bwhen\b|\b(?:what|which)\s+(?:year|month|day|date|century|decade|time|season)\b",
    re.IGNORECASE,
)
_NUMBERS = frozenset(
    words(
        "one two three four five six seven eight nine ten eleven twelve dozen hundred thousand "
        "million billion half third quarter twice once first second no none few several many most"
    )
)
_DATES = frozenset(
    words(
        "january february march april may june july august september october november december "
        "monday tuesday wednesday thursday friday saturday sunday century centuries decade "
        "yesterday today tomorrow tonight morning evening night week month year ago after before "
        "since until during when while spring summer autumn winter now soon early late"
    )
)


@dataclass(frozen=True, slots=True)
class Signals:
    """
    What the probability is made of; the bounds are those of ordinary English questions.

    *score* is the best one; *log_share* the logarithm of its share of the softmax over all of
    them (0 when nothing comes near); *cosine* the best of the pooled vectors; *support* the
    weighted mean of the question's tokens' best cosines in or beside the best sentence; *gap* the
    mean over content words, weighted by IDF, of what is missing there (0 when each word stands
    there); *missing_names* the share of names and numbers that no sentence has, *far_names* of
    those that stand neither in the best sentence nor beside it; *content_words* the logarithm of
    their number and 1; *baseless* is 1 when nothing in any sentence comes near to most of them;
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
    far_names: float
    content_words: float
    baseless: float
    no_number: float
    no_date: float
    other_year: float
    denied: float


SIGNALS = tuple(one.name for one in fields(Signals))


class _Told(NamedTuple):
    """A word of the question: its tokens, whether the best sentence or one beside it has it."""

    tokens: list[int]
    there: bool
    known: dict[str, float]  # TOKEN_FEATURES of its first token


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic model: a weight for each of the signals, and a constant."""

    weights: Floats
    bias: float

    def probability(self, signals: Signals, articles: int = 1) -> float:
        """The probability that the candidates answer, 0 to 1, when so many *articles* are asked."""
        logit = self.bias + sum(
            weight * getattr(signals, one)
            for weight, one in zip(self.weights.tolist(), SIGNALS, strict=True)
        )
        logit -= CHANCE * math.log(articles)
        return 1 / (1 + math.exp(-min(max(logit, -60), 60)))


def confidence(query: Query, candidates: Candidates, ranking: Ranking, articles: int = 1) -> float:
    """
    The probability that *candidates* answer *query*, 0 to 1.

    They are the sentences of one article, or those that were found in so many *articles*. It is 0
    without candidates, and for a question without words, which asks nothing.
    """
    if not len(candidates) or not question_words(query.text):
        return 0.0
    return packaged_calibration().probability(measure(query, candidates, ranking), articles)


@lru_cache(maxsize=1)
def packaged_calibration() -> Calibration:
    """Read the weights that come with the package."""
    return make_calibration(read_weights()["calibration"])


def make_calibration(weights: Mapping[str, float]) -> Calibration:
    """Make a Calibration of *weights* by the names of the signals, and "bias"."""
    values = np.array([weights[one] for one in SIGNALS], np.float32)
    return Calibration(values, weights["bias"])


def measure(query: Query, candidates: Candidates, ranking: Ranking) -> Signals:
    """Compute the signals of at least one candidate."""
    features, scores = ranking.features, ranking.scores.tolist()
    best = int(ranking.scores.argmax())
    rows = features.pairs[:, best].tolist()
    near = [max(row[i] for i in _NEAR) for row in rows]
    told = _told(features, [any(row[i] for i in _THERE) for row in rows])
    gap, content, baseless = _gap(features, told, near)
    missing, far = _names(told)
    best_text = candidates.sentences[best].text
    said = _english_words(candidates, best) - {word.form for word in question_words(query.text)}
    weights = ranking.weights.tolist()
    return Signals(
        score=scores[best],
        log_share=-math.log(sum(math.exp(score - scores[best]) for score in scores)),
        cosine=max(features.sentences[:, 0].tolist()),
        support=sum(map(operator.mul, weights, near)) / (sum(weights) or 1.0),
        gap=gap,
        missing_names=missing,
        far_names=far,
        content_words=math.log1p(content),
        baseless=float(2 * baseless > content),
        no_number=_lacks_number(query.text, best_text, said),
        no_date=float(bool(_ASKS_DATE.search(query.text)) and not _has_date(said)),
        other_year=float(any(year not in best_text for year in _YEAR.findall(query.text))),
        denied=float(bool(_DENIES.search(query.text)) and not _NEGATIVE.search(best_text)),
    )


def _english_words(candidates: Candidates, i: int) -> frozenset[str]:
    """The words of a sentence in the forms of English, which the patterns here know."""
    sentence = candidates.sentences[i]
    if candidates.sources[i].article.language == DEFAULT:
        return sentence.words
    return frozenset(words(sentence.text))


def _told(features: Features, there: Sequence[bool]) -> list[_Told]:
    """What is known of each word of the question, from its first token."""
    rows = features.tokens.tolist()
    return [
        _Told(tokens, there[first], dict(zip(TOKEN_FEATURES, rows[first], strict=True)))
        for tokens in _words(features)
        for first in tokens[:1]
    ]


def _gap(
    features: Features, told: Sequence[_Told], near: Sequence[float]
) -> tuple[float, int, int]:
    """The gap, the number of content words, and of those that nothing comes near to."""
    anywhere = features.pairs[:, :, PAIR_FEATURES.index("match")].max(axis=1).tolist()
    gaps, strangers = [], 0
    for tokens, there, known in told:
        if not (known["punctuation"] or known["stop"] or known["question"]):
            missing = not (there or known["title"])
            gaps.append(known["idf"] * (1 - max(near[i] for i in tokens)) if missing else 0.0)
            absent = bool(known["absent"]) and not known["title"]
            strangers += absent and max(anywhere[i] for i in tokens) < STRANGE
    return (sum(gaps) / len(gaps) if gaps else NO_CONTENT_GAP), len(gaps), strangers


def _names(told: Sequence[_Told]) -> tuple[float, float]:
    """The shares of names and numbers that are missing, and that stand far from the best."""
    names = [
        (there, known)
        for _, there, known in told
        if not known["question"] and (known["capital"] or known["number"])
    ]
    missing = sum(bool(known["absent"]) and not known["title"] for _, known in names)
    far = sum(not (there or known["title"]) for there, known in names)
    return missing / max(len(names), 1), far / max(len(names), 1)


def _words(features: Features) -> list[list[int]]:
    """The indices of the tokens of each word."""
    found: list[list[int]] = []
    for i, continued in enumerate(features.tokens[:, TOKEN_FEATURES.index("continued")].tolist()):
        if continued:
            found[-1].append(i)
        else:
            found.append([i])
    return found


def _lacks_number(question: str, best: str, said: AbstractSet[str]) -> float:
    """1 when *question* asks for a number that *best* does not have, 2 when it asks for an age."""
    if _ASKS_AGE.search(question):
        return 0.0 if _AGE.search(best) else 2.0  # few sentences give an age by chance
    return float(bool(_ASKS_NUMBER.search(question)) and not _has_number(said))


def _has_number(said: AbstractSet[str]) -> bool:
    return not said.isdisjoint(_NUMBERS) or any(word[0].isdigit() for word in said)


def _has_date(said: AbstractSet[str]) -> bool:
    return not said.isdisjoint(_DATES) or any(word[0].isdigit() for word in said)
