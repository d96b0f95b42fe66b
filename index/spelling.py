"""
Words that were mistyped, read as the word of the articles that they were meant to be.

A word counts as mistyped when no article has it and the model knows it only in pieces: it is then
neither a word of the articles nor an ordinary one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.lexical import find_words

MIN_LENGTH = 5  # shorter words are a single slip away from too many others
LONG = 9  # from this length on, two slips are forgiven


def correct(
    text: str,
    knows: Callable[[str], bool],
    vocabulary: Mapping[str, int],
    count_tokens: Callable[[Sequence[str]], list[int]],
) -> str:
    """
    Write the mistyped words of *text* as they stand in the *vocabulary*.

    *knows* says of a word whether the articles have it in some form; *vocabulary* how often each
    of their words, case-folded, occurs; *count_tokens* of how many pieces the model makes texts.
    """
    suspects = [
        word
        for word in find_words(text)
        if _may_be_mistyped(shown := text[word.start : word.end]) and not knows(shown)
    ]
    pieces = count_tokens([text[word.start : word.end].casefold() for word in suspects])
    for word, count in reversed(list(zip(suspects, pieces, strict=True))):
        meant = _nearest(text[word.start : word.end].casefold(), vocabulary) if count > 1 else None
        if meant is not None:
            text = text[: word.start] + meant + text[word.end :]
    return text


def _may_be_mistyped(word: str) -> bool:
    return len(word) >= MIN_LENGTH and word.isalpha()


def _nearest(word: str, vocabulary: Mapping[str, int]) -> str | None:
    """The word of *vocabulary* that is the fewest slips away; of several the most frequent."""
    slips = 1 + (len(word) >= LONG)
    found = process.extract(
        word, vocabulary.keys(), scorer=OSA.distance, score_cutoff=slips, limit=None
    )
    near = [(distance, -vocabulary[one], one) for one, distance, _ in found if one[0] == word[0]]
    return min(near)[2] if near else None
