"""Follow-up questions: "why?" and "and what about women?" mean what was asked before."""

from __future__ import annotations

from collections.abc import Sequence

from index.languages.english_cues import CONTINUES_QUESTION, POINTS_BACK
from index.text.words import is_question_word, is_stop_word, words_of_question

# A question that says more than this by itself is not read with the one before, whatever
# pronouns it has: it mostly brings the nouns that they stand for.
MAX_CONTENT_WORDS = 3


def question_variants(question: str, history: Sequence[str]) -> tuple[str, ...]:
    """
    Read *question* after the earlier ones of *history* (the oldest first).

    A question that stands by itself has one variant, itself. An elliptic one is made complete with
    the last complete question; if it has words of its own ("and what about women?"), it is also
    read as it stands, so that these words count more than the repeated ones.
    """
    complete = next((past for past in reversed(history) if not is_elliptic(past)), None)
    if complete is None or not is_elliptic(question):
        return (question,)
    whole = f"{complete.strip()} {question.strip()}"
    return (whole, question) if _content_words(question) else (whole,)


def is_elliptic(question: str) -> bool:
    """Whether *question* only makes sense after another one."""
    content = _content_words(question)
    if not content:
        return True
    points_back = CONTINUES_QUESTION.match(question) or POINTS_BACK.search(question)
    return points_back is not None and len(content) <= MAX_CONTENT_WORDS


def _content_words(question: str) -> list[str]:
    return [
        word.form
        for word in words_of_question(question)
        if not is_stop_word(word.form) and not is_question_word(word.form)
    ]
