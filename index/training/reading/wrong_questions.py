"""
Questions made wrong without a model: a number, a name or an opposite is put in place of a word.

The changed word must stand in the passage that answers, so that the passage does not answer any
more what is asked then.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

_PAIRS = """
first last; more less; most least; before after; oldest youngest; older younger; highest lowest;
higher lower; largest smallest; larger smaller; biggest smallest; bigger smaller; longest shortest;
longer shorter; north south; east west; northern southern; eastern western; increase decrease;
increased decreased; rise fall; rose fell; won lost; win lose; winner loser; best worst;
better worse; early late; earliest latest; begin end; began ended; begins ends; start stop;
started stopped; open close; opened closed; buy sell; bought sold; male female; man woman;
men women; boy girl; boys girls; father mother; son daughter; brother sister; husband wife;
king queen; he she; his her; allowed forbidden; always never; many few; inside outside;
above below; over under; enter leave; accept refuse; accepted refused; love hate; loved hated;
like dislike; likes dislikes; old new; young old; rich poor; positive negative; private public;
advantage disadvantage; advantages disadvantages; strong weak; fast slow; hot cold; up down;
left right; day night; morning evening; summer winter; with without; import export; agree disagree;
minimum maximum; majority minority; success failure; support oppose; supported opposed
"""
OPPOSITES: dict[str, str] = {}
for _pair in _PAIRS.replace("\n", " ").split(";"):
    _word, _opposed = _pair.split()
    OPPOSITES.setdefault(_word, _opposed)
    OPPOSITES.setdefault(_opposed, _word)

_NUMBER = re.compile(r"(?<![\w.])\d[\d,.]*\d|(?<![\w.])\d(?![\w.])")
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*")
_WORD = re.compile(r"[a-z]+")
_HALF_YEAR = ("January", "February", "March", "April", "May", "June")
MONTHS = (*_HALF_YEAR, "July", "August", "September", "October", "November", "December")


def wrong_question(question: str, passage: str, text: str, random_: random.Random) -> str | None:
    """A wording of *question* that *passage* does not answer any more; None if none is found."""
    ways = [_other_name, _other_number, _opposite]
    random_.shuffle(ways)
    for way in ways:
        changed = way(question, passage, text, random_)
        if changed is not None and changed != question:
            return changed
    return None


def _other_name(question: str, passage: str, text: str, random_: random.Random) -> str | None:
    """Another name of the text that is not in the passage, for one that is."""
    names = [name for name in _NAME.findall(question) if name in passage]
    if not names:
        return None
    name = random_.choice(names)
    if name in MONTHS:
        others = [month for month in MONTHS if month not in passage]
    else:
        found = set(_NAME.findall(text))
        size = name.count(" ")
        others = sorted(
            other
            for other in found
            if other not in passage
            and other.count(" ") == size
            and other not in MONTHS
            and other not in question
        )
    return _put(question, name, random_.choice(others)) if others else None


def _other_number(question: str, passage: str, text: str, random_: random.Random) -> str | None:
    """A near number, or another one of the text, for one of the passage."""
    numbers = [number for number in _NUMBER.findall(question) if number in passage]
    if not numbers:
        return None
    number = random_.choice(numbers)
    others: Sequence[str] = [
        other
        for other in set(_NUMBER.findall(text))
        if other not in passage and len(other) == len(number)
    ]
    if number.isdigit() and (not others or random_.random() < 0.5):
        step = random_.choice([-10, -3, -2, -1, 1, 2, 3, 10])
        others = [str(max(int(number) + step, 1))]
    others = sorted(other for other in others if other != number and other not in passage)
    return _put(question, number, random_.choice(others)) if others else None


def _opposite(question: str, passage: str, text: str, random_: random.Random) -> str | None:
    """The opposite of a word of the question that the passage has, too."""
    del text
    there = set(_WORD.findall(passage.lower()))
    known = [
        word
        for word in _WORD.findall(question)
        if word in OPPOSITES and word in there and OPPOSITES[word] not in there
    ]
    if not known:
        return None
    word = random_.choice(known)
    return re.sub(rf"\b{word}\b", OPPOSITES[word], question, count=1)


def _put(question: str, old: str, new: str) -> str:
    """*question* with *new* for *old* wherever that stands as a word of its own."""
    return re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", lambda _: new, question)
