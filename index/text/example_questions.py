"""
Questions that an article can be asked, made of its own words.

An English sentence of one of a few shapes ("…," X said; X was founded in 1901; 40 people were hurt)
is asked for what it says. In other languages, where words would have to be bent, a sentence gives
way to question words only where it begins (index.text.turned_sentences), and else the article is
asked what it says about a name. Only what it says is taken over, as it stands, so no question
supposes anything else. Who offers a question checks that it is answered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from index.languages.question_frames import ABOUT, QUOTATION_MARKS
from index.languages.registry import DEFAULT_LANGUAGE, function_words
from index.text.mentioned_names import mentioned_names, quoted_terms, repeated_terms
from index.text.turned_sentences import turned_sentences

MAX_QUESTION = 60  # characters: a button of a phone shows so many

_CAPITALISED = r"[A-Z][\w-]*\w"
# A name of a person or of much else: two capitalised words or more.
# "John Lennon’s Real Love" is one name, and no person.
_NAME = rf"(?<![’']s )\b(?P<name>{_CAPITALISED}(?: {_CAPITALISED})+)\b(?![’'])"
_DONE = (
    "founded|built|born|opened|established|created|elected|appointed|published|launched|formed|"
    "completed|destroyed|signed|introduced|discovered|invented|released"
)
_ROLES = (
    "president|minister|secretary|spokeswoman|spokesman|spokesperson|director|professor|leader|"
    "author|mayor|founder|manager|teacher|chief|doctor|scientist|writer|singer|actor|actress|artist"
)
_TITLES = "President|Minister|Secretary|Professor|Mayor|Dr|Director"
_YEAR = r"(?:1[0-9]|20)\d\d"
_NUMBER = r"(?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|dozens of|hundreds of)"
# A noun: behind it no word follows that it could describe. A term has letters and hyphens only.
_THING = rf"\b[Tt]he {{}}(?:[.,;:!?]| (?:{'|'.join(sorted(function_words('en')))})\b)"
# A sentence that begins so does not begin with a name.
_OPENINGS = frozenset(
    ["The", "A", "An", "But", "And", "In", "On", "At", "As", "When", "After", "Before", "If"]
) | {"He", "She", "It", "They", "This"}

_Shape = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]


def _said(found: re.Match[str]) -> str:
    return f"What did {found['name']} say?"


def _done(found: re.Match[str]) -> str:
    subject = re.sub("^The ", "the ", found["name"])
    return f"When {found['was']} {subject} {found['done']}?"


def _counted(found: re.Match[str]) -> str:
    return f"How many {found['name']} were {found['done']}?"


def _described(found: re.Match[str]) -> str:
    return f"Who is {found['name']}?"


def _mentioned(found: re.Match[str]) -> str:
    return f"What does the article say about {found['name']}?"


_SHAPES: tuple[_Shape, ...] = (
    (re.compile(rf"[”\"],? (?:said|says|added) {_NAME}"), _said),
    (re.compile(rf"{_NAME} (?:said|says|added|told)\b"), _said),
    (
        re.compile(
            rf"^(?P<name>(?:The )?{_CAPITALISED}(?: {_CAPITALISED})*) (?P<was>was|were) "
            rf"(?P<done>{_DONE})\b[^,;]* in (?:\w+ )?{_YEAR}"
        ),
        _done,
    ),
    (re.compile(rf"\b{_NUMBER} (?P<name>[a-z]+s|people) were (?P<done>[a-z]+ed|hurt)\b"), _counted),
    (re.compile(rf"{_NAME}, (?:(?:the|a|an) )?(?:[\w’'-]+ ){{0,3}}?(?:{_ROLES})\b"), _described),
    (re.compile(rf"\b(?:{_TITLES}) {_NAME}"), _described),
    (
        re.compile(
            rf"(?<=[a-z] )(?<![’']s )(?P<name>(?:the )?{_CAPITALISED}(?: {_CAPITALISED})+)"
            r"(?=[,.;:)]| (?:is|was|were|are|has|had|have|and|in|on|to|for|with|who|which|that)\b)"
        ),
        _mentioned,
    ),
)


class ExampleQuestion(NamedTuple):
    """A *question*, and the words of the article that must be *told* for an answer; "" for any."""

    question: str
    told: str = ""


def example_questions(
    sentences: Iterable[str], language: str = DEFAULT_LANGUAGE
) -> Iterator[ExampleQuestion]:
    """Questions about an article of these *sentences*: one of each kind, then the next of each."""
    texts = list(sentences)
    if language == DEFAULT_LANGUAGE:
        rows = [[ExampleQuestion(q) for q in _questions_of(texts, *shape)] for shape in _SHAPES]
        last = _about_things(texts)
    else:
        names = [*mentioned_names(texts, language), *quoted_terms(texts)]
        rows = [*_turned(texts, language), _about(names, language)]
        marks = QUOTATION_MARKS.get(language, "“”")
        last = _about((term.join(marks) for term in repeated_terms(texts, language)), language)
    in_turns = (example for column in zip_longest(*rows) for example in column if example)
    return iter(dict.fromkeys([*in_turns, *last]))


def _turned(texts: Sequence[str], language: str) -> list[list[ExampleQuestion]]:
    """Sentences that begin with a date or a doer, asked for it; a row for each kind."""
    rows: dict[str, list[ExampleQuestion]] = {}
    for question, told in turned_sentences(texts, language):
        if len(question) <= MAX_QUESTION:
            rows.setdefault(question[:2], []).append(ExampleQuestion(question, told))
    return list(rows.values())


def _about_things(texts: Sequence[str]) -> list[ExampleQuestion]:
    """What an English article says about what it repeats, where "the" shows that it is a thing."""
    terms = repeated_terms(texts, DEFAULT_LANGUAGE)
    things = (term for term in terms if any(re.search(_THING.format(term), t) for t in texts))
    return [ExampleQuestion(f"What about the {thing}?", thing) for thing in things]


def _about(names: Iterable[str], language: str) -> list[ExampleQuestion]:
    """The questions what the article says about *names*."""
    about = ABOUT.get(language, "{name}?")
    asked = [ExampleQuestion(about.format(name=name), name.strip("“”„«» ")) for name in names]
    return [example for example in asked if len(example.question) <= MAX_QUESTION]


def _questions_of(
    texts: Iterable[str], pattern: re.Pattern[str], ask: Callable[[re.Match[str]], str]
) -> Iterator[str]:
    for found in (match for text in texts for match in pattern.finditer(text)):
        # "The Eiffel Tower was built" may begin so, where a person is named it may not.
        if ask is _done or found["name"].split(" ")[0] not in _OPENINGS:
            question = ask(found)
            if len(question) <= MAX_QUESTION:
                yield question
