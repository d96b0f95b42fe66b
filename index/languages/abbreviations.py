"""Full stops that end no sentence in some language, and those that may."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.languages.registry import function_words

# English abbreviations, and initials in other scripts, that sentencex does not know, with what must
# follow for the sentence to go on. They are looked for in every language.
ABBREVIATION = re.compile(
    r"(?:\b(?:M[sx]|Revd|Ste|Ft|Bp)|-St|(?<![^\s.(])(?![A-Z])[^\W\d_a-z])\.\s?\S?$"
    r"|\b(?:[Vv]ols?|[Cc]h|Eqs?|Figs|approx|est|max)\.\s\d$"
)
# Before a name, never at an end; what sentencex does not know.
_TITLES = {
    "de": re.compile(r"\b(?:Fa|Fam|Gebr|[Hh]l)\.$"),
    "es": re.compile(r"\b(?:[Pp]rofa|[Aa]rq|[Ll]ic)\.$"),
    "fr": re.compile(r"(?<![\w.])MM?\.$"),
    "it": re.compile(r"\b[ad]\.$"),  # a. C.
    "nl": re.compile(r"\b(?:[Mm]evr|[Mm]w|[Dd]hr)\.$"),
}
_ORDINALS = {
    "de": re.compile(r"\b(?i:ab|am|beim|bis|d(?:as|em|en|er|es|ie)|im|seit|vom|zu[mr]) \d{1,3}\.$")
}
# Measures and the like: as often at an end as before a name ("В 1941 г. Петров").
_AMBIGUOUS = re.compile(
    r"\b(?:etc|no|UU|usw|Mio|Mrd|гг?|вв?|руб|тыс|млн|др|т\. ?[дп]|[кс]?м)\.\s+"
    r"(?=[¿¡«„“\"—\s]*(?P<word>[^\W\d_]+))"
)
_WORD = re.compile(r"[^\W\d_]+")


def continues_sentence(before: str, after: str, language: str) -> bool:
    """Whether *before* ends in a title or an ordinal of *language*, which *after* belongs to."""
    if language in _TITLES and _TITLES[language].search(before):
        return True
    if language not in _ORDINALS or not _ORDINALS[language].search(before):
        return False
    word = _WORD.search(after)
    return word is not None and not _begins(word.group(), language)


def find_sentence_starts(text: str, language: str) -> Iterator[int]:
    """Where a sentence begins after an abbreviation: with a function word in a capital."""
    for match in _AMBIGUOUS.finditer(text):
        if _begins(match["word"], language):
            yield match.end()


def _begins(word: str, language: str) -> bool:
    return word[:1].isupper() and word.casefold() in function_words(language)
