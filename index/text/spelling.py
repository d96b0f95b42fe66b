"""
Words that were mistyped, read as the word of the articles that they were meant to be.

A word counts as mistyped when no article has it and the model knows it only in pieces: it is then
neither a word of the articles nor an ordinary one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import islice

from index.languages.function_words import QUESTION_WORDS
from index.text.words import words_of_question

MIN_WORD_LENGTH = 5  # shorter words are a single slip away from too many others
LONG_WORD = 9  # from this length on, two slips are forgiven

_ASKING = frozenset(" ".join(QUESTION_WORDS.values()).split())  # "warum" is no slip for "warm"


class Lexicon:
    """
    The words of the articles, laid out so that a mistyped one is compared with few.

    *counts* says how often each word, case-folded, occurs. It may grow at its end meanwhile.
    """

    def __init__(self, counts: Mapping[str, int]) -> None:
        self.counts = counts
        self._read = 0  # how many of the words are in the groups
        self._groups: defaultdict[tuple[str, int], list[str]] = defaultdict(list)

    def nearest(self, word: str) -> str | None:
        """
        Find the word that is the fewest slips away from *word*; of several the most frequent.

        Nobody mistypes the first letter, and a slip changes the length by one at most.
        """
        from rapidfuzz import process  # most questions have no mistyped word
        from rapidfuzz.distance import OSA

        self._follow()
        slips = 1 + (len(word) >= LONG_WORD)
        near = [
            (distance, -self.counts[known], known)
            for length in range(len(word) - slips, len(word) + slips + 1)
            for known, distance, _ in process.extract(
                word,
                self._groups.get((word[0], length), ()),
                scorer=OSA.distance,
                score_cutoff=slips,
                limit=None,
            )
        ]
        return min(near)[2] if near else None

    def _follow(self) -> None:
        """Put the new words into their groups, by first letter and length."""
        for word in islice(self.counts, self._read, None):
            self._groups[word[0], len(word)].append(word)
        self._read = len(self.counts)


def correct_spelling(
    text: str,
    knows: Callable[[str], bool],
    lexicon: Lexicon,
    count_tokens: Callable[[Sequence[str]], list[int]],
) -> str:
    """
    Write the mistyped words of *text* as they stand in the *lexicon*.

    *knows* says of a word whether the articles have it in some form; *count_tokens* of how many
    pieces the model makes texts.
    """
    suspects = [
        word
        for word in words_of_question(text)
        if _may_be_mistyped(shown := text[word.start : word.end]) and not knows(shown)
    ]
    if not suspects:  # as nearly always; the tokenizer need not be asked
        return text
    pieces = count_tokens([text[word.start : word.end].casefold() for word in suspects])
    for word, count in reversed(list(zip(suspects, pieces, strict=True))):
        meant = lexicon.nearest(text[word.start : word.end].casefold()) if count > 1 else None
        if meant is not None:
            text = text[: word.start] + meant + text[word.end :]
    return text


def _may_be_mistyped(word: str) -> bool:
    return len(word) >= MIN_WORD_LENGTH and word.isalpha() and word.casefold() not in _ASKING
