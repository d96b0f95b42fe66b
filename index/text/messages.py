"""
What a message wants: an answer, several answers, a summary, or only to be polite.

People greet, wrap a question in phrases ("can you tell me …"), put two questions into one message,
or ask what the whole article is about. The patterns (index.languages.english_cues) know English;
what they do not know is a question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from index.datatypes import AnswerKind
from index.errors import QuestionError
from index.languages.english_cues import (
    ASKS_YES_OR_NO,
)
from index.languages.english_messages import (
    ASKS_FOR_SUMMARY,
    BEFORE_QUESTION,
    BEHIND_QUESTION,
    GREETING,
    NUMBERS,
    OPENING_GREETING,
    SHORT_SUMMARY,
    SUMMARY_LENGTH,
    THANKS,
)
from index.languages.question_frames import ABOUT
from index.languages.summary_wishes import SUMMARY_WISHES
from index.text.words import is_question_word, words_of_question

MAX_QUESTION = 2_000  # characters; the default model reads about 1,000 of them
SHORT = 2  # sentences of a short summary
MAX_QUESTIONS = 5  # of one message that are answered one by one

_ABOUT = re.compile(
    "|".join(
        re.escape(frame.rstrip("?？؟ ")).replace(re.escape("{name}"), "([^?？؟]+)") + r"\s*[?？؟]?"
        for frame in ABOUT.values()
    ),
    re.IGNORECASE,
)
_QUESTION_END = re.compile(r"(?<=[?？؟])[\"”’)]*\s+(?=\S)|\n")
_LIST_MARK = re.compile(r"\s*(?:[-*•–]\s+|\d{1,2}[.)]\s+)")
_SENTENCE_END = re.compile(r"[.!?？؟。…:]\W*$")


@dataclass(frozen=True, slots=True)
class Message:
    """
    What somebody wrote, understood.

    *kind* says what to reply with; *questions* are what to look for, at least one when it is
    "answer" and none otherwise. *sentences* is how long a summary shall be, None when nobody said.
    """

    kind: AnswerKind
    questions: tuple[str, ...] = ()
    sentences: int | None = None


def check_question(question: str) -> None:
    """Raise QuestionError when there is nothing to answer, or more than a question."""
    if not question.strip():
        raise QuestionError("the question is empty; ask something.")
    if len(question) > MAX_QUESTION:
        raise QuestionError(
            f"the question has {len(question):,} characters and may have {MAX_QUESTION:,}; "
            "ask in fewer words."
        )


def read_message(text: str) -> Message:
    """Understand what *text* asks for."""
    lines = _lines_that_ask(text)
    text = " ".join(lines)
    if GREETING.fullmatch(text):
        return Message("greeting")
    if THANKS.fullmatch(text):
        return Message("thanks")
    core = _without_phrases(text)
    if (name := _asked_about(core)) is not None:
        return Message("answer", (name,))
    if (summary := _asks_for_summary(core.rstrip("?!. "))) is not None:
        return summary
    parts = [_without_phrases(part) for part in _QUESTION_END.split("\n".join(lines))]
    parts = [part for part in parts if words_of_question(part) and not _is_polite(part)]
    return Message("answer", tuple(parts) if 0 < len(parts) <= MAX_QUESTIONS else (core,))


def _asks_for_summary(text: str) -> Message | None:
    """The message *text* when it asks what the article is about, as long as it says."""
    length = SUMMARY_LENGTH.search(text)
    asked = text[: length.start()] if length and length.end() == len(text) else text
    if not ASKS_FOR_SUMMARY.fullmatch(asked) and _bare(asked) not in _summary_wishes():
        return None
    if length and (number := length["number"]):
        return Message("summary", sentences=int(NUMBERS.get(number.lower(), 0) or number))
    return Message("summary", sentences=SHORT if length or SHORT_SUMMARY.search(text) else None)


def _asked_about(text: str) -> str | None:
    """What *text* asks the article about, where nothing else is asked; English is read whole."""
    found = _ABOUT.fullmatch(text.replace("'", "’"))
    return next((name.strip() for name in found.groups() if name), None) if found else None


@cache
def _summary_wishes() -> frozenset[str]:
    """The wishes for a summary in all languages, as they are compared."""
    return frozenset(_bare(wish) for wishes in SUMMARY_WISHES.values() for wish in wishes)


def _bare(text: str) -> str:
    """*text* in small letters without marks around it."""
    return text.casefold().strip("¿?？؟!！.。 \u00a0")


def _is_polite(text: str) -> bool:
    return bool(THANKS.fullmatch(text) or GREETING.fullmatch(text))


def _lines_that_ask(text: str) -> list[str]:
    """
    The lines of *text* that ask something each, without the marks of a list before them.

    A line that neither begins as a question does nor follows the end of a sentence goes on with the
    one before: it was wrapped.
    """
    lines: list[str] = []
    for raw in text.splitlines():
        line = " ".join(_LIST_MARK.sub("", raw, count=1).split())
        marked = _LIST_MARK.match(raw) is not None
        if lines and line and not (marked or _SENTENCE_END.search(lines[-1]) or _begins(line)):
            lines[-1] += f" {line}"
        elif line:
            lines.append(line)
    return lines


def _begins(line: str) -> bool:
    """Whether *line* begins as a question does."""
    words = words_of_question(line)
    return bool(words) and (is_question_word(words[0].form) or asks_yes_or_no(line))


def asks_yes_or_no(question: str) -> bool:
    """Whether yes or no would answer *question*, as far as it is English."""
    return ASKS_YES_OR_NO.match(_without_phrases(question)) is not None


def _without_phrases(text: str) -> str:
    """*text* without a greeting and the phrases that people wrap a question in."""
    core = text
    while before := OPENING_GREETING.match(core) or BEFORE_QUESTION.match(core):
        rest = core[before.end() :]
        if not words_of_question(rest):
            break
        core = rest
    stripped = BEHIND_QUESTION.sub("", core)
    return stripped if words_of_question(stripped) else core
