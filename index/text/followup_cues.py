"""
What tells that a question leans on a conversation, and which words of that it means.

Numbers for two small logistic models (index.text.followups); index.training.fit_followups fits
their weights. The cues are English; forms are compared words (index.text.words).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.datatypes import Turn
from index.languages.english_cues import CONTINUES_QUESTION
from index.languages.registry import DEFAULT_LANGUAGE
from index.text.words import find_words, is_question_word, is_stop_word

# Words that stand for others, by what they stand for.
_POINTERS = tuple(
    re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for words in (
        "he|him|his",
        "she|her|hers",
        "they|them|their|theirs",
        "it|its",
        "this|that|these|those",
        "there|then",
        "you|your|we|us|our|i",
        "other|others|else|another|besides|same|also|more|any|next|later|after|before",
    )
)
MAX_NAME = 5  # words of a title that names a thing; a longer one is a headline, and names none
_PRONOUNS = 5  # of the pointers, the first ones
KEPT = 256  # texts whose words are remembered; a conversation has two dozen
_LENGTHS = (3, 5, 7, 9, 12, 16)  # words of a question, in ranges
_ARTICLE = re.compile(r"\bthe\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Spoken:
    """The words with a topic that a conversation had, as forms, by where they were said."""

    titles: frozenset[str]
    questions: Sequence[frozenset[str]]
    told: Sequence[frozenset[str]]
    names: frozenset[str]
    counts: Counter[str]

    @property
    def all(self) -> frozenset[str]:
        """All of them."""
        return self.titles.union(*self.questions, *self.told)


def listen(turns: Sequence[Turn]) -> Spoken:
    """What was spoken of in *turns*, the oldest first."""
    questions = [topics(turn.question) for turn in turns]
    told = [topics(turn.told) for turn in turns]
    texts = [text for turn in turns for text in (turn.question, turn.told)]
    titles = [turn.title for turn in turns if len(turn.title.split()) <= MAX_NAME]
    return Spoken(
        frozenset().union(*map(topics, titles)),
        questions,
        told,
        frozenset().union(*map(_names, texts), *map(_names, titles)),
        Counter(form for forms in [*questions, *told] for form in forms),
    )


@lru_cache(maxsize=KEPT)
def topics(text: str, language: str = DEFAULT_LANGUAGE) -> frozenset[str]:
    """The forms of the words of *text*, in a *language*, that carry a topic."""
    return frozenset(
        word.form
        for word in find_words(text, language)
        if not is_stop_word(word.form, language) and not is_question_word(word.form, language)
    )


def question_cues(question: str, spoken: Spoken) -> list[float]:
    """What tells whether *question* leans on what was *spoken*: counts, and yes or no as 1 or 0."""
    own = topics(question)
    told = frozenset().union(*spoken.told)
    asked = frozenset().union(*spoken.questions)
    known, new = min(len(own & spoken.all), 3), min(len(own - spoken.all), 5)
    pointers = _pointers(question)
    points = float(any(pointers[:_PRONOUNS]))
    lengths = _within(len(question.split()), _LENGTHS)
    sizes = [float(len(own) == size) for size in range(8)]
    facts = (points, float(bool(own & spoken.titles)), float(known > 0), float(new > 0))
    return [
        *sizes,
        *lengths,
        *(fact * cue for fact in facts for cue in sizes),
        *(points * cue for cue in lengths),
        min(len(own), 12) / 4,
        min(len(question.split()), 25) / 8,
        *pointers,
        float(CONTINUES_QUESTION.match(question) is not None),
        float(min(len(own & spoken.titles), 2)),
        float(min(len(own & asked), 3)),
        float(min(len(own & told), 3)),
        float(known),
        float(new),
        float(min(len(_names(question)), 3)),
        float(_ARTICLE.search(question) is not None),
        points * known,
        points * new,
        points,
    ]


def word_cues(question: str, spoken: Spoken) -> dict[str, list[float]]:
    """For each word that was *spoken* and that *question* lacks: what tells that it is meant."""
    pointers = [*_pointers(question), float(CONTINUES_QUESTION.match(question) is not None)]
    length = min(len(topics(question)), 6) / 3
    return {
        form: _cues_of_word(form, spoken, pointers, length)
        for form in sorted(spoken.all - topics(question))
    }


def _cues_of_word(
    form: str, spoken: Spoken, pointers: Sequence[float], length: float
) -> list[float]:
    last = len(spoken.questions) - 1
    asked = [place for place, forms in enumerate(spoken.questions) if form in forms]
    told = [place for place, forms in enumerate(spoken.told) if form in forms]
    title, name = float(form in spoken.titles), float(form in spoken.names)
    in_question, in_told = float(last in asked), float(last in told)
    with_pointers = (title, in_question, in_told, name, name * in_told)
    return [
        title,
        in_question,
        float(0 in asked),
        float(bool(asked)),
        in_told,
        float(bool(told)),
        name,
        min(spoken.counts[form], 6) / 3,
        float(spoken.counts[form] > 1),
        (last - max(asked + told, default=-1)) / 5,
        name * title,
        length,
        *(cue * pointer for cue in with_pointers for pointer in pointers),
    ]


def _within(number: int, bounds: Sequence[int]) -> list[float]:
    """In which of the ranges that end with *bounds* the *number* lies, as a 1 among 0."""
    place = bisect_left(bounds, number)
    return [float(place == at) for at in range(len(bounds))]


def _pointers(question: str) -> list[float]:
    return [float(pattern.search(question) is not None) for pattern in _POINTERS]


@lru_cache(maxsize=KEPT)
def _names(text: str) -> frozenset[str]:
    """The forms of words with a capital, but for the first, which has one anyway."""
    return frozenset(
        word.form
        for word in find_words(text)[1:]
        if text[word.start].isupper() and not is_stop_word(word.form)
    )
