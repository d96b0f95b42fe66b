"""Whether two sentences say the same, or the opposite in the same words."""

from __future__ import annotations

import re
from functools import lru_cache

from index.languages.english_cues import NEGATED_SENTENCE

# Two sentences say the same when they share this much of their words (the Jaccard index of their
# sets): agencies' reports differ in a name or a comma.
SAME_WORDS_SHARE = 0.8
# Two that differ in their numbers or in a "not" are opposed when they share this much of the rest.
OPPOSED_WORDS_SHARE = 0.75
MIN_OPPOSED_WORDS = 4  # that both have: "Entry: 5 euros" and "Dinner: 9 euros" oppose nothing

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WORD = re.compile(r"\w+")
_NEGATION = re.compile(r"\b(?:not|no|never|neither|nor|cannot|longer)\b|\w+n['’]t\b", re.IGNORECASE)
_WILL = {"do", "does", "did", "is", "are", "was", "were", "will", "would", "can", "be", "been"}


def say_the_same(first: str, second: str) -> bool:
    """Whether one has nearly all words of the other, and few others, and is not opposed to it."""
    return _shared(_word_set(first), _word_set(second), SAME_WORDS_SHARE) and not opposed(
        first, second
    )


def opposed(first: str, second: str) -> bool:
    """Whether two sentences speak of the same and give other numbers, or one denies the other."""
    one, two = _rest(first), _rest(second)
    if len(one & two) < MIN_OPPOSED_WORDS or not _shared(one, two, OPPOSED_WORDS_SHARE):
        return False
    numbers = [set(_NUMBER.findall(text)) for text in (first, second)]
    if all(numbers) and numbers[0] != numbers[1]:
        return True
    return (NEGATED_SENTENCE.search(first) is None) != (NEGATED_SENTENCE.search(second) is None)


def _shared(first: frozenset[str], second: frozenset[str], share: float) -> bool:
    fewer, more = sorted((len(first), len(second)))
    return fewer >= share * more and len(first & second) >= share * len(first | second)


@lru_cache(maxsize=1024)
def _word_set(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))


@lru_cache(maxsize=1024)
def _rest(text: str) -> frozenset[str]:
    """The words without numbers and what denies."""
    bare = _NEGATION.sub(" ", _NUMBER.sub(" ", text.casefold()))
    return frozenset(_WORD.findall(bare)) - _WILL
