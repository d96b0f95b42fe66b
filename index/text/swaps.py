"""
Whether a sentence speaks of something else than a question, though nearly all words are the same.

"The old ferry will stop running in October" has the words of "When will the ferry start running?"
and does not answer it; no more does "Error E-1042 means …" that after E-1045.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from functools import lru_cache

from index.languages.english_cues import NEGATED_QUESTION
from index.languages.opposites import KINDS, OPPOSITES
from index.text.messages import asks_yes_or_no
from index.text.words import form_of, is_question_word, is_stop_word, words, words_of_question

# A sentence is about the same as a question when it has this much of the question's other words.
SHARED = 0.6
# Letters with digits behind them ("E-1045", "ZX-77/B"), without spaces.
_CODE = re.compile(r"(?<![\w-])([^\W\d_]{1,6}[-/.]?)(\d{2,}(?:[-/.]?\w+)*)(?!\w)")

Groups = dict[str, list[tuple[int, int]]]  # a form's groups, and which of their members it is


def says_otherwise(question: str, sentence: str, everywhere: AbstractSet[str]) -> bool:
    """
    Whether *sentence*, the best one for *question*, is about something that excludes what is asked.

    *everywhere* are the forms of all that was found. A question that yes or no answers is answered
    by the opposite too.
    """
    if _other_code(question, sentence, everywhere):
        return True
    if asks_yes_or_no(question):
        return False
    denied = _denies(question) != _denies(sentence)
    said = frozenset(words(sentence))
    if not denied and _other_word(question, said, said, _groups(OPPOSITES)):
        return True
    return _other_word(question, said, everywhere, _groups(KINDS))


def _denies(text: str) -> bool:
    """Whether *text* says "not"; "no" denies a thing, not what happens."""
    return NEGATED_QUESTION.search(text) is not None


def _other_code(question: str, sentence: str, everywhere: AbstractSet[str]) -> bool:
    """Whether *question* names a code that nothing has, and *sentence* has another of its kind."""
    told = [(match[1].casefold(), match[2].casefold()) for match in _CODE.finditer(sentence)]
    for match in _CODE.finditer(question):
        kind, number = match[1].casefold(), match[2].casefold()
        absent = not frozenset(words(match[2])) <= everywhere
        if absent and any(kind == other and number != code for other, code in told):
            return True
    return False


def _other_word(
    question: str, said: AbstractSet[str], everywhere: AbstractSet[str], groups: Groups
) -> bool:
    """Whether a word of *question* that is not *everywhere* has what excludes it among the said."""
    asked = {
        word.form
        for word in words_of_question(question)
        if word.form in groups or not (is_stop_word(word.form) or is_question_word(word.form))
    }
    for form in asked & groups.keys():
        rest = {other for other in asked - {form} if not is_stop_word(other)}
        if not rest or len(rest & said) < SHARED * len(rest):
            continue
        if _excluded(form, said, everywhere, groups) and not _excluded_inside(form, asked, groups):
            return True
    return False


def _excluded(
    form: str, said: AbstractSet[str], everywhere: AbstractSet[str], groups: Groups
) -> bool:
    """Whether the said have another member of a group of *form*, and nothing has its own."""
    for group, member in groups[form]:
        members = {other: at for other, ats in groups.items() for g, at in ats if g == group}
        own = {other for other, at in members.items() if at == member}
        if not own & everywhere and (members.keys() - own) & said:
            return True
    return False


def _excluded_inside(form: str, asked: AbstractSet[str], groups: Groups) -> bool:
    """Whether the question itself has both, and so means neither alone."""
    return _excluded(form, asked - {form}, frozenset(), groups)


@lru_cache(maxsize=2)
def _groups(table: str) -> Groups:
    """The forms of a *table* of index.languages.opposites."""
    groups: Groups = {}
    for number, line in enumerate(table.replace("\n  ", " ").strip().splitlines()):
        for member, synonyms in enumerate(line.split("|")):
            for form in dict.fromkeys(map(form_of, synonyms.split())):
                groups.setdefault(form, []).append((number, member))
    return groups
