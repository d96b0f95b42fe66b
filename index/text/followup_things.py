"""Which words of a question name a thing, so that a person can be told what it was read with."""

from __future__ import annotations

import re
from itertools import takewhile

from index.text.words import Word, find_words, form_of, is_question_word, is_stop_word

_BEFORE = (
    "the|an?|this|these|those|my|your|his|her|its|our|their|any|some|each|every|all|both|no|of|for"
    "|in|on|at|about|with|from|by|against|between|under|without"
)
_HELPS = "do|does|did|can|could|will|would|shall|should|may|might|must|has|have|had"
_IS = "is|are|was|were"
# What the words behind it name: "the opening hours", "of women", "which publisher", "do films".
_LEADS = re.compile(
    r"\b(?P<asks>what|which|whose|how\s+(?:many|much))\s+(?:of\s+(?:the|these|those)\s+)?"
    rf"|\b(?:(?:(?:who|what|where|when|why|how)\s+|^)(?:{_IS})|{_HELPS}|{_BEFORE})\s+(?:the\s+|an?\s+)?",
    re.IGNORECASE,
)
# Before a thing that does something: the last of its words may say what ("did the council decide").
_TURNED = re.compile(
    rf"(?:\b(?:{_HELPS})|(?:^|\b(?:when|why|how)\s+)(?:{_IS}))\s+(?:(?:{_BEFORE})\s+)?$",
    re.IGNORECASE,
)
# Behind what a question asks for: "what changes did they make", but not "what changes at noon".
_ASKED = re.compile(rf"\s*(?:{_HELPS}|{_IS})\b", re.IGNORECASE)
# What is counted or measured, which is no thing that is spoken of: "how many times?".
_COUNTED = ["times", "years", "months", "weeks", "days", "hours", "minutes", "ages", "ways"]
_MEASURES = frozenset(map(form_of, _COUNTED))
_NAME = re.compile(r"[^\W\d_a-z]\w*(?:[ -][^\W\d_a-z]\w*)*")  # words with capitals in a row
_NO_THING = re.compile(r".{3,}(?:ed|ly)")  # at the end of several words: "page directed"


def things(question: str) -> list[frozenset[str]]:
    """The things that *question* names, each as the forms of its words; see names()."""
    words = find_words(question)
    named = [_behind(question, lead, words) for lead in _LEADS.finditer(question)]
    return [frozenset(forms) for forms in named if not _MEASURES.issuperset(forms)]


def names(text: str) -> list[frozenset[str]]:
    """What may be names in *text*, each as the forms of its words; what begins it is one, too."""
    return [frozenset(map(form_of, name.group().split())) for name in _NAME.finditer(text)]


def _behind(question: str, lead: re.Match[str], words: list[Word]) -> list[str]:
    """The forms of what *lead* leads to, up to the next word or mark that names nothing."""
    following = [word for word in words if word.start >= lead.end()]
    named = list(takewhile(lambda word: _has_topic(word.form), following))
    ends = [i for i in range(1, len(named)) if _parted(question, named[i - 1], named[i])]
    named = named[: min(ends, default=len(named))]
    if not named or named[0].start > lead.end() + 1:
        return []
    if lead["asks"] and not _ASKED.match(question, named[-1].end):
        named = [] if lead["asks"].lower() == "what" else named[:1]
    elif not lead["asks"] and len(named) > 1 and _TURNED.search(question, 0, lead.end()):
        named = named[:-1]
    while len(named) > 1 and _NO_THING.fullmatch(question[named[-1].start : named[-1].end]):
        named = named[:-1]
    return [word.form for word in named]


def _has_topic(form: str) -> bool:
    return not is_stop_word(form) and not is_question_word(form)


def _parted(question: str, word: Word, following: Word) -> bool:
    """Whether a mark stands between the two words, or only the first is a name ("Zoe cost")."""
    marked = question[word.end : following.start].strip(" -’'") != ""
    return marked or (question[word.start].isupper() and question[following.start].islower())
