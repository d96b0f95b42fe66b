"""
Question files: articles with judged questions, which answers are measured on.

One article a line, ``{"id", "title", "text", "language"?, "questions": [{"id", "question",
"answer", "start", "evidence"?: [[start, end], …], "impossible"?: bool, "open"?: bool,
"matched"?: bool}]}``; offsets are code points of the text. An open question is not judged yet, and
not measured; other keys are ignored.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.datatypes import Article, Sentence, Span
from index.errors import ArticleError, QuestionError
from index.languages.registry import checked_language, detect_language
from index.text.messages import check_question
from index.text.sentences import split_sentences

SHORT_SHARE = 0.8  # of its sentence that an answer may be for its words to be a part of it


@dataclass(frozen=True, slots=True)
class Question:
    """
    A judged question about an *article*, given by its id.

    *answer* is the answer's words, *evidence* all that a complete answer shows; both are empty
    when the article does not answer. *short*: *answer* is a mere part of its sentence, so that it
    says which words answer. *matched*: the question is one of a pair, answerable and not, between
    which its wording alone does not tell.
    """

    article: str
    id: str
    question: str
    evidence: tuple[Span, ...] = ()
    answer: str = ""
    short: bool = False
    matched: bool = False


Questions = Sequence[tuple[Article, Sequence[Question]]]  # what a question file holds


def read_questions(path: Path) -> Iterator[tuple[Article, list[Question]]]:
    """
    Read the articles of a question file with their questions.

    Texts are taken as they are, not normalised, so that their offsets hold. Raises ArticleError
    for a file that cannot be read or holds nothing, and, with the number of the line, for one
    that is no article with questions or whose evidence does not stand where it says.
    """
    lines_of: dict[str, int] = {}
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                try:
                    article, questions = _read_line(line)
                    if lines_of.setdefault(article.id, number) != number:
                        raise ArticleError(
                            f"gives the id {article.id!r} again, after line {lines_of[article.id]}"
                        )
                except (ArticleError, QuestionError) as exc:
                    reason = str(exc).rstrip(".")
                    raise ArticleError(f"line {number} of {path} {reason}; mend it.") from exc
                yield article, questions
    except OSError as exc:
        reason = exc.strerror or str(exc)
        raise ArticleError(f"{path} cannot be read ({reason}); check its name and folder.") from exc
    if not lines_of:
        raise ArticleError(f"{path} is empty; give one article with its questions a line.")


def _read_line(line: bytes) -> tuple[Article, list[Question]]:
    """Read one line; an ArticleError says what follows "line 7 of FILE"."""
    try:
        row = json.loads(line.strip())
        json.dumps(row, ensure_ascii=False).encode()  # fails for halves of surrogate pairs
    except json.JSONDecodeError as exc:
        raise ArticleError(f"is not JSON ({exc.msg} at column {exc.colno:,})") from exc
    except (ValueError, RecursionError) as exc:
        raise ArticleError(f"is not JSON that can be read ({exc})") from exc
    if not isinstance(row, dict):
        raise ArticleError("is no JSON object")
    id_, title, text = (_field(row, name, str, "an article") for name in ("id", "title", "text"))
    if not any(char.isalnum() for char in text):
        raise ArticleError('has no words in its "text"')
    given = row.get("language")
    language = detect_language(text) if given is None else checked_language(str(given))
    article = Article(id_, title, text, language=language)
    questions = _field(row, "questions", list, "an article")
    judged = [asked for asked in questions if not (isinstance(asked, dict) and asked.get("open"))]
    sentences = split_sentences(text, language) if judged else []
    return article, [_read_question(article, sentences, asked) for asked in judged]


def _read_question(article: Article, sentences: Sequence[Sentence], row: object) -> Question:
    if not isinstance(row, dict):
        raise ArticleError("has a question that is no JSON object")
    identity = str(row.get("id", ""))
    name = f"question {identity!r}"
    question = _field(row, "question", str, name)
    try:
        check_question(question)
    except QuestionError as exc:
        raise ArticleError(f"cannot ask {name}: {exc}") from exc
    matched = row.get("matched") is True
    if row.get("impossible"):
        return Question(article.id, identity, question, matched=matched)
    answer, start = _field(row, "answer", str, name), _field(row, "start", int, name)
    if not answer or start < 0 or article.text[start : start + len(answer)] != answer:
        raise ArticleError(f"has {name}, whose answer does not stand at {start}")
    place = Span(start, start + len(answer))
    spans = _field(row, "evidence", list, name) if row.get("evidence") else []
    evidence = tuple(_read_span(article, span, name) for span in spans) or (place,)
    short = _is_short(place, sentences)
    return Question(article.id, identity, question, evidence, answer, short, matched)


def _is_short(answer: Span, sentences: Sequence[Sentence]) -> bool:
    """Whether the *answer* is a mere part of one of the *sentences*."""
    behind = bisect_right(sentences, answer.start, key=lambda sentence: sentence.span.start)
    around = sentences[max(behind - 1, 0)].span
    return answer.end <= around.end and len(answer) <= SHORT_SHARE * len(around)


def _field(row: dict[str, Any], name: str, kind: type, owner: str) -> Any:  # noqa: ANN401 (of kind)
    value = row.get(name)
    if type(value) is not kind:  # isinstance would take true for a number
        kinds = {str: "a string", int: "a whole number", list: "a list"}
        raise ArticleError(f'has {owner} without "{name}", which must be {kinds[kind]}')
    return value


def _read_span(article: Article, span: object, name: str) -> Span:
    match span:
        case [int(start), int(end)] if 0 <= start < end <= len(article.text):
            return Span(start, end)
    raise ArticleError(f"has {name}, whose evidence {span!r} is no place in the text")
