"""
What tells that a question leans on a conversation, and which words of that it means.

Numbers for two small models (index.text.followup_models); index.training.fit_followups fits
them. The cues are English; forms are compared words (index.text.words).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from index.datatypes import Turn
from index.languages.english_cues import CONTINUES_QUESTION, REFERS_INSIDE
from index.languages.registry import DEFAULT_LANGUAGE
from index.text.row_cells import LEAST_COLUMNS, cells_of, count_barred
from index.text.words import find_words, is_question_word, is_stop_word

# Words that stand for others or ask for more, by what they do; the pointers come first.
_MARKS = (
    r"\b(?:he|him|his|himself)\b",
    r"\b(?:she|her|hers|herself)\b",
    r"\b(?:they|them|their|theirs|themselves)\b",
    r"\b(?:it|itself)\b(?!\s+(?:\w+\s+){1,12}that\b)|\bits\b",
    r"\b(?:this|these|those)\b",
    r"\b(?:is|was|did|does|do|on|of|in|at|after|before|for|with|about|by|from|like|to|during|than"
    r"|why|how)\s+that\b|\bthat(?=\s*(?:\?|$))",
    r"\b(?:then|there)\b",
    r"\b(?:you|your|we|us|our|i|my|me)\b",
    r"\b(?:others?|another|different|else|same)\b",
    r"\b(?:also|too|as well|again|more|next|later|after(?:wards?)?|before|ever)\b",
    r"\belse\b",
    r"\bother\b",
    r"\bmore\b",
    r"\b(?:besides?|aside|addition)\b",
    r"\b(?:any|anything|anyone|some|something)\b",
    r"\b(?:is|was|are|were|has|have|had|be|been|did)\s+there\b|\bthere\s+(?:is|was|are|were)\b",
    r"\b(?:is|was)\s+it\b.{0,80}\bthat\b",
    r"\bthe\b",
    r"\bof\b",
    r"\w['’]s\b|s['’]\s",
    r"\d",
    r"[\"“”]",
    r"\?\s*$",
    r"^\s*(?:is|are|was|were|do|does|did|can|could|will|would|has|have|had)\b",
    r"^\s*what\b",
    r"^\s*who",
    r"^\s*when\b",
    r"^\s*where\b",
    r"^\s*why\b",
    r"^\s*how\b",
    r"^\s*how (?:many|much)\b",
)
_COMPILED = tuple(re.compile(mark, re.IGNORECASE) for mark in _MARKS)
# Of the marks: those that point, those that stand for something, those that words are seen with.
_POINTERS, _STANDING, _WITH_WORDS = 7, 9, 10
# What is spoken of as known: "the album", "his last book".
_DEFINITE = re.compile(
    r"\b(?:the|this|that|these|those|his|her|their|its|my|our|your)\s+((?:[\w-]+\s*){1,3})",
    re.IGNORECASE,
)
MAX_NAME = 5  # words of a title that names a thing; a longer one is a headline, and names none
KEPT = 256  # texts whose words are remembered; a conversation has two dozen


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
    shown = [_label(turn.told) for turn in turns]
    told = [topics(text) for text in shown]
    texts = [
        text for turn, text in zip(turns, shown, strict=True) for text in (turn.question, text)
    ]
    titles = [turn.title for turn in turns if len(turn.title.split()) <= MAX_NAME]
    return Spoken(
        frozenset().union(*map(topics, titles)),
        questions,
        told,
        frozenset().union(*map(_names, texts), *map(_names, titles)),
        Counter(form for forms in [*questions, *told] for form in forms),
    )


def _label(told: str) -> str:
    """What the sentence *told* speaks of: of a row the label, as its values only answer."""
    cells = [cell for cell in cells_of(told) if cell]
    return cells[0] if len(cells) >= LEAST_COLUMNS or count_barred(told) > 1 else told


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
    own, known = topics(question), spoken.all
    asked, told = frozenset().union(*spoken.questions), frozenset().union(*spoken.told)
    names, definite = _names(question), _definite(question)
    last = spoken.questions[-1]
    counts = (
        len(question.split()),
        len(own),
        *(len(definite), len(definite & known), len(definite - known)),
        *(len(definite & (last | spoken.told[-1])), len(definite & spoken.titles)),
        *(len(names), len(names & known), len(names - known), len(own & spoken.names)),
        *(len(own & spoken.titles), len(spoken.titles), len(spoken.titles - own)),
        *(len(own & last), len(own & spoken.told[-1]), len(own & asked), len(own & told)),
        *(len(own - known), len(own & known), len(own - spoken.names - names)),
        len(spoken.questions),
    )
    shares = (len(own & known), len(own & asked), sum(spoken.counts[form] for form in own))
    return [
        *_marks(question),
        float(CONTINUES_QUESTION.match(question) is not None),
        float(REFERS_INSIDE.search(question) is not None),
        float(question == question.lower()),
        *_before_pointer(question),
        *map(float, counts),
        *(share / max(len(own), 1) for share in shares),
    ]


def names_title(question: str, titles: Iterable[str]) -> bool:
    """Whether *question* speaks of something in the *titles* by its name, and of nothing else."""
    if any(mark.search(question) for mark in _COMPILED[:_STANDING]):
        return False
    return not _definite(question).isdisjoint(frozenset().union(*map(topics, titles)))


def _before_pointer(question: str) -> list[float]:
    """How many pointers *question* has, and topics and names before the first, which may be it."""
    found = [match for mark in _COMPILED[:_POINTERS] if (match := mark.search(question))]
    before = question[: min((match.start() for match in found), default=0)]
    return [float(len(found)), float(len(topics(before))), float(len(_names(before)))]


@lru_cache(maxsize=KEPT)
def _definite(question: str) -> frozenset[str]:
    """The forms of what *question* speaks of as known, up to the next word without a topic."""
    forms = (
        (word.form for word in find_words(match.group(1))) for match in _DEFINITE.finditer(question)
    )
    return frozenset(
        form
        for following in forms
        for form in takewhile(lambda form: not is_stop_word(form), following)
    )


def word_cues(question: str, spoken: Spoken) -> dict[str, list[float]]:
    """For each word that was *spoken* and that *question* lacks: what tells that it is meant."""
    goes_on = float(CONTINUES_QUESTION.match(question) is not None)
    pointers = [*_marks(question)[:_WITH_WORDS], goes_on]
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


def _marks(question: str) -> list[float]:
    return [float(mark.search(question) is not None) for mark in _COMPILED]


@lru_cache(maxsize=KEPT)
def _names(text: str) -> frozenset[str]:
    """The forms of words with a capital, but for the first, which has one anyway."""
    return frozenset(
        word.form
        for word in find_words(text)[1:]
        if text[word.start].isupper() and not is_stop_word(word.form)
    )
