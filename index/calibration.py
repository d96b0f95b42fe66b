"""
How sure it is that the article answers: a calibrated probability from several signals.

The best score alone does not tell: a question about something that the article does not say finds
a sentence on its topic. What betrays it are words and names that nobody matches, a best sentence
that does not stand out, a "how many" without a number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from functools import lru_cache

import numpy as np

from index.lexical import words
from index.matching import PAIR_FEATURES, TOKEN_FEATURES, Candidates, Features, Floats, Query
from index.rerank import Ranking, read_weights

# From this probability on, an article counts as answering. Cross-validated over articles of the
# question files (fit_ranking.py prints the table).
NO_ANSWER_THRESHOLD = 0.25

# The gap of a question without content words ("why?"): that of a middling one.
NO_CONTENT_GAP = 0.3
_THERE = [PAIR_FEATURES.index("word"), PAIR_FEATURES.index("word_nearby")]
_ASKS_NUMBER = re.compile(
    r"\bhow\s+(?:many|much|old|long|far|often|tall|large|big|fast|high|deep|wide|heavy)\b"
    r"|\b(?:what|which)\s+(?:percent|percentage|number|amount|proportion|fraction|age)\b",
    re.IGNORECASE,
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
    there); *missing_names* the share of names and numbers that no sentence has;
    *content_words* the logarithm of their number and 1; *no_number* and *no_date* are 1 when one
    is asked for and the best sentence has none but the question's own.
    """

    score: float
    log_share: float
    cosine: float
    support: float
    gap: float
    missing_names: float
    content_words: float
    no_number: float
    no_date: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic model: a weight for each of the signals, and a constant."""

    weights: Floats
    bias: float

    def probability(self, signals: Signals) -> float:
        """The probability that the candidates answer, 0 to 1."""
        logit = float(self.weights @ np.array(astuple(signals))) + self.bias
        return float(1 / (1 + np.exp(-np.clip(logit, -60, 60))))


def confidence(query: Query, candidates: Candidates, ranking: Ranking) -> float:
    """
    The probability that *candidates* answer *query*, 0 to 1.

    It is 0 without candidates, and for a question without words, which asks nothing.
    """
    if not len(candidates) or not words(query.text):
        return 0.0
    return packaged_calibration().probability(measure(query, candidates, ranking))


@lru_cache(maxsize=1)
def packaged_calibration() -> Calibration:
    """Read the weights that come with the package."""
    return make_calibration(read_weights()["calibration"])


def make_calibration(weights: Mapping[str, float]) -> Calibration:
    """Make a Calibration of *weights* by the names of the signals, and "bias"."""
    values = np.array([weights[one.name] for one in fields(Signals)], np.float32)
    return Calibration(values, weights["bias"])


def measure(query: Query, candidates: Candidates, ranking: Ranking) -> Signals:
    """Compute the signals of at least one candidate."""
    features, scores = ranking.features, ranking.scores.astype(float)
    best = ranking.order[0]
    near = _near(features, best)
    gap, content, missing = _unsupported(features, best, near)
    said = set(words(candidates.texts[best])) - set(words(query.text))
    mass = float(ranking.weights.sum()) or 1.0
    return Signals(
        score=float(scores[best]),
        log_share=-float(np.log(np.exp(scores - scores[best]).sum())),
        cosine=float(features.sentences[:, 0].max()),
        support=float(ranking.weights @ near) / mass,
        gap=gap,
        missing_names=missing,
        content_words=float(np.log1p(content)),
        no_number=float(bool(_ASKS_NUMBER.search(query.text)) and not _has_number(said)),
        no_date=float(bool(_ASKS_DATE.search(query.text)) and not _has_date(said)),
    )


def _near(features: Features, best: int) -> Floats:
    """The best cosine of each token in the best sentence and its neighbours, (t,)."""
    columns = [PAIR_FEATURES.index(name) for name in ("match", "before", "after")]
    near: Floats = features.pairs[:, best, columns].max(axis=-1)
    return near


def _unsupported(features: Features, best: int, near: Floats) -> tuple[float, int, float]:
    """The gap, the number of content words, and the share of names that are missing."""
    gaps, names = [], []
    for tokens in _words(features):
        told = dict(zip(TOKEN_FEATURES, features.tokens[tokens[0]].tolist(), strict=True))
        if told["punctuation"]:
            continue
        if not told["question"] and (told["capital"] or told["number"]):
            names.append(bool(told["absent"] and not told["title"]))
        if not told["stop"] and not told["question"]:
            there = features.pairs[tokens[0], best, _THERE].any() or told["title"]
            gaps.append(0.0 if there else told["idf"] * (1 - float(near[tokens].max())))
    return (
        sum(gaps) / len(gaps) if gaps else NO_CONTENT_GAP,
        len(gaps),
        sum(names) / len(names) if names else 0.0,
    )


def _words(features: Features) -> list[list[int]]:
    """The indices of the tokens of each word."""
    found: list[list[int]] = []
    for i, continued in enumerate(features.tokens[:, TOKEN_FEATURES.index("continued")]):
        if continued:
            found[-1].append(i)
        else:
            found.append([i])
    return found


def _has_number(said: set[str]) -> bool:
    return not said.isdisjoint(_NUMBERS) or any(word[0].isdigit() for word in said)


def _has_date(said: set[str]) -> bool:
    return not said.isdisjoint(_DATES) or any(word[0].isdigit() for word in said)
