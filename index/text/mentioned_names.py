"""
What an article names: people and things by two words or more, what it quotes, what it repeats.

Nothing but capitals, quotation marks and counts tells; which word is bent how, no table here knows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from index.languages.registry import function_words
from index.text.words import is_question_word, is_stop_word, words

OFTEN = 2  # sentences that have a term of an article; times that a name comes in German
LEAST_LETTERS = 5  # of a term
NAME_WORDS = 3  # at most, of a name; more are a heading
_WORD = re.compile(r"(?<!\w)(?:[dlDLqQ][’'])?([^\W\d_](?:[\w’'-]*\w)?)")
_QUOTED = re.compile(r"[«“„「]([^«»“”„「」]{2,30})[»”“」]|《([^《》]{2,20})》")


def mentioned_names(sentences: Iterable[str], language: str) -> list[str]:
    """The names in *sentences*, those that come most often first."""
    texts = list(sentences)
    inside = Counter(name for text in texts for name in _runs(text, language, inside=True))
    first = Counter(name for text in texts for name in _runs(text, language, inside=False))
    counts = inside + first
    # In German any noun has a capital, and so has the adjective before it that begins a sentence.
    names = [name for name in inside if counts[name] >= OFTEN] if language == "de" else counts
    return sorted(names, key=lambda name: -counts[name])


def quoted_terms(sentences: Iterable[str]) -> list[str]:
    """What stands in quotation marks and is no sentence, with its marks."""
    found = (match for text in sentences for match in _QUOTED.finditer(text))
    terms = (match[0] for match in found if not re.search(r"[.!?。！？,，]", match[0]))
    return list(dict.fromkeys(terms))


def repeated_terms(sentences: Iterable[str], language: str) -> list[str]:
    """
    Words with a topic in several *sentences*, as they stand.

    First those of the first sentence, which mostly is the title or begins with the topic; then the
    most frequent ones. In German they are nouns.
    """
    counts: Counter[str] = Counter()
    shown: dict[str, str] = {}
    sentences = list(sentences)
    for text in sentences:
        terms = dict(_terms_of(text, language))
        counts.update(list(terms))
        shown = terms | shown
    titled = dict(_terms_of(sentences[0], language)) if sentences else {}
    often = [form for form, count in counts.most_common() if count >= OFTEN]
    return [shown[form] for form in sorted(often, key=lambda form: form not in titled)]


def _terms_of(text: str, language: str) -> Iterator[tuple[str, str]]:
    """The words of *text* that may be terms, by their forms; not what is written without spaces."""
    for word in (match[1] for match in _WORD.finditer(text)):
        if len(word) >= LEAST_LETTERS and len(forms := words(word, language)) == 1:
            [form] = forms
            plain = is_stop_word(form, language) or is_question_word(form, language)
            if not plain and (language != "de" or word[0].isupper()):
                yield form, word


def _runs(text: str, language: str, *, inside: bool) -> Iterator[str]:
    """Names in *text*: those *inside* of it, or else the one that it begins with."""
    run: list[re.Match[str]] = []
    for match in [*_WORD.finditer(text), None]:
        capital = match is not None and match[1][0].isupper()
        if capital and run and match and text[run[-1].end() : match.start()] == " ":
            run.append(match)
            continue
        if run and (run[0].start() > 0) == inside:
            yield from _name_of(text, run, language)
        run = [match] if match is not None and capital else []


def _name_of(text: str, run: list[re.Match[str]], language: str) -> Iterator[str]:
    """The name that *run* is: its last two words when there are three, as a role stands before."""
    plain = function_words(language)
    while run and run[0][1].casefold() in plain:
        run = run[1:]
    if 2 <= len(run) <= NAME_WORDS:
        yield text[run[-2].start(1) : run[-1].end()]
