"""Whether the words of a sentence settle a question by themselves, where no model can read it."""

from __future__ import annotations

import re

from index.languages.asked_things import ASKS_FOR_FIGURE, ASKS_FOR_NAME
from index.text.words import Word, find_words, is_question_word, is_stop_word, words

LEAST_SHARED = 2  # words with a topic that question and sentence must have in common
_FIGURE = re.compile(r"\d")


def settles(question: str, sentence: str, language: str) -> bool:
    """
    Whether *sentence* has all words of *question* that carry a topic, and what that asks for.

    That is an exact date or number (a figure), or a name, which the question does not have itself.
    """
    asked = find_words(question, language)
    listed = {question[word.start : word.end].casefold() for word in asked}
    topic = {word.form for word in asked if not _is_plain(word, language)}
    told = find_words(sentence, language)
    if len(topic) < LEAST_SHARED or not topic <= {word.form for word in told}:
        return False
    new = [word for word in told if word.form not in {word.form for word in asked}]
    if listed & set(ASKS_FOR_FIGURE.get(language, "").split()):
        return any(_FIGURE.match(sentence, word.start) for word in new)
    if listed & set(ASKS_FOR_NAME.get(language, "").split()):
        return any(_is_name(sentence, word, language) for word in new)
    return False


def _is_plain(word: Word, language: str) -> bool:
    """Whether *word* says nothing about the topic, or only what is asked for."""
    asks = set(words(ASKS_FOR_FIGURE.get(language, ""), language))
    plain = is_stop_word(word.form, language) or is_question_word(word.form, language)
    return plain or word.form in asks


def _is_name(sentence: str, word: Word, language: str) -> bool:
    """Whether *word* has a capital where a common one had none; in German all nouns have one."""
    first = not sentence[: word.start].strip("\"'«„“¿¡([ ")
    return not first and sentence[word.start].isupper() and language != "de"
