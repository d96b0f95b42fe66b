"""
Sentences turned into questions: question words stand where they begin with a date or a doer.

What is left stands as it stood, so the sentence itself is the answer. Which sentences can be turned
so, in which languages, says index.languages.question_frames; one that points at something else
("she moved there"), or has more than one clause that would have to stay, cannot.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from index.languages.question_frames import CLAUSES, FRAMES, POINTING, Frame

LEAST_WORDS = 3  # of what is left of a sentence; fewer say too little
_END = re.compile(r"\s*[.!。！।]$")
_MARKED = re.compile(r"[\"“”„«»()\[\]:;?？¿…—–\n、，،|]")
_SPACED = re.compile(r"\s")


def turned_sentences(sentences: Iterable[str], language: str) -> Iterator[tuple[str, str]]:
    """The questions of *sentences*, each with what is left of its sentence, verbatim."""
    frames = FRAMES.get(language, ())
    for sentence in sentences:
        found = (_turn(sentence, frame, language) for frame in frames)
        yield from (turned for turned in found if turned is not None)


def _turn(sentence: str, frame: Frame, language: str) -> tuple[str, str] | None:
    opening = re.match(frame.opening, sentence)
    end = _END.search(sentence)
    if opening is None or end is None:
        return None
    rest = sentence[opening.end() : end.start()]
    if not re.match(frame.rest, rest):
        return None
    kept = _without_clause(rest, language)
    if kept is None or _MARKED.search(kept) or _points(kept, language):
        return None
    if _SPACED.search(kept) and len(kept.split()) < LEAST_WORDS:
        return None
    return frame.asked.format(rest=kept), kept


def _without_clause(rest: str, language: str) -> str | None:
    """*rest* as far as its only comma, if a clause that can be left out begins there."""
    kept, comma, behind = rest.partition(",")
    if not comma:
        return rest
    first = behind.split(maxsplit=1)[:1]
    can_go = "," not in behind and set(first) & _listed(language, "clauses")
    return kept if can_go else None


def _points(kept: str, language: str) -> bool:
    """Whether *kept* means something that was said before."""
    pointing = _listed(language, "pointing")
    if not _SPACED.search(kept):  # written without spaces
        return any(word in kept for word in pointing)
    return not pointing.isdisjoint(re.findall(r"\w+", kept.casefold()))


@lru_cache(maxsize=64)
def _listed(language: str, what: str) -> frozenset[str]:
    words = CLAUSES if what == "clauses" else POINTING
    return frozenset(words.get(language, "").split())
