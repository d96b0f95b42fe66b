"""
What is known of each language: how it is recognised, its stemmer, its function words.

Languages go by their ISO 639-1 codes. One that is in no table here works all the same: its words
are compared unstemmed, and how rare they are says how much they tell.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from index.errors import ArticleError
from index.languages.function_words import FUNCTION_WORDS, QUESTION_WORDS

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

DEFAULT_LANGUAGE = "en"

# From this probability on a text is taken for another language than the default. Of 437 English
# articles one reaches it, a mere list of Indian names, and of their first 40 characters, two;
# sentences of six words in other languages mostly have above .7.
MIN_CERTAINTY = 0.6
# Characters that a language is recognised by, from each of three places: a book may begin with a
# licence in English. More take longer and tell no more.
SAMPLE_LENGTH = 700

_CODE = re.compile(r"([A-Za-z]{2})(?:[-_][A-Za-z0-9_-]+)?")  # zh-Hant and pt_BR too

# Snowball's names. Chinese, Japanese and Thai words have no endings; the other languages that are
# missing here, Ukrainian among them, have no such stemmer.
STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german",
    "el": "greek", "en": "english", "eo": "esperanto", "es": "spanish", "et": "estonian",
    "eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish",
    "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian",
    "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian",
    "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sr": "serbian", "st": "sesotho", "sv": "swedish", "ta": "tamil", "tr": "turkish",
    "yi": "yiddish",
}  # fmt: skip


@lru_cache(maxsize=32)
def function_words(language: str) -> frozenset[str]:
    """Words of *language* that carry no topic, in lower case; none when it is not known."""
    return frozenset(FUNCTION_WORDS.get(language, "").split())


@lru_cache(maxsize=32)
def question_words(language: str) -> frozenset[str]:
    """Words of *language* that say what is asked for, in lower case; none if it is not known."""
    return frozenset(QUESTION_WORDS.get(language, "").split())


def detect_language(text: str) -> str:
    """The language that most of *text* is in; the default one where that is not certain."""
    language, probability = _identifier().classify(_sample(text))
    known = probability >= MIN_CERTAINTY and len(language) == 2
    return language if known else DEFAULT_LANGUAGE


def checked_language(code: str) -> str:
    """Reduce *code* to two small letters; raise ArticleError when it is no ISO 639-1 code."""
    if not (match := _CODE.fullmatch(code.strip())):
        raise ArticleError(
            f"{code[:20]!a} is no language code; give two letters (ISO 639-1) such as en, es or zh."
        )
    return match[1].lower()


def _sample(text: str) -> str:
    if len(text) <= 3 * SAMPLE_LENGTH:
        return text
    middle = (len(text) - SAMPLE_LENGTH) // 2
    return " ".join(
        [text[:SAMPLE_LENGTH], text[middle : middle + SAMPLE_LENGTH], text[-SAMPLE_LENGTH:]]
    )


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    """Load the model: half a second and some 80 MB, so only where an article is made."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    # Without a code of two letters are small languages that would only take texts from the large.
    # "zxx" is no language: lists of numbers, program code.
    identifier.set_languages([code for code in identifier.labels if len(code) == 2] + ["zxx"])
    return identifier
