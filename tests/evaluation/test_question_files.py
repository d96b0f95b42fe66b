"""Question files are checked when they are read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.datatypes import Article, Span
from index.errors import ArticleError
from index.evaluation.question_files import Question, read_questions

ARTICLE = Article("a", "A", "One two. Three four. Five six. Seven eight.")


def write(path: Path, *rows: object) -> Path:
    """Write a question file."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def row(**changes: object) -> dict[str, object]:
    """Make the line of an article with one question, with *changes* to the question."""
    question = {"id": "q1", "question": "what?", "answer": "two", "start": 4, **changes}
    return {"id": "a", "title": "A", "text": ARTICLE.text, "questions": [question]}


def test_questions_are_read_with_their_spans(tmp_path: Path) -> None:
    """The answer is the evidence unless the file gives spans of its own."""
    [(article, questions)] = read_questions(write(tmp_path / "q.jsonl", row()))
    asked = Question("a", "q1", "what?", (Span(4, 7),), "two", short=True)
    assert (article, questions) == (ARTICLE, [asked])

    path = write(tmp_path / "e.jsonl", row(evidence=[[0, 8], [9, 20]]))
    [(_, [question])] = read_questions(path)
    assert question.evidence == (Span(0, 8), Span(9, 20))

    path = write(tmp_path / "i.jsonl", row(impossible=True, answer=None, start=None))
    [(_, [question])] = read_questions(path)
    assert question == Question("a", "q1", "what?")


@pytest.mark.parametrize(
    ("answer", "short"),
    [
        ("Five", True),
        ("Seven eigh", False),  # 10 of 12 characters
        ("Seven eig", True),  # 9 of 12
        ("two. Three", False),  # of two sentences
        ("Three four.", False),
    ],
)
def test_an_answer_is_short_inside_a_sentence(answer: str, short: bool, tmp_path: Path) -> None:
    """What is at most four fifths of its one sentence says which words answer."""
    path = write(tmp_path / "q.jsonl", row(answer=answer, start=ARTICLE.text.index(answer)))
    [(_, [question])] = read_questions(path)
    assert question.short is short


@pytest.mark.parametrize("kind", [{}, {"impossible": True}])
def test_matched_questions_are_marked(kind: dict[str, object], tmp_path: Path) -> None:
    """Both questions of a matched pair are told from others, and other keys are nothing."""
    path = write(
        tmp_path / "q.jsonl", row(matched=True, votes=3, **kind), row(**kind) | {"id": "b"}
    )
    [(_, [matched]), (_, [plain])] = read_questions(path)
    assert (matched.matched, plain.matched) == (True, False)


def test_blank_lines_and_a_byte_order_mark_are_nothing(tmp_path: Path) -> None:
    """What editors leave in a file does not make it a bad one."""
    path = tmp_path / "q.jsonl"
    path.write_text(f"\ufeff{json.dumps(row())}\n\n", encoding="utf-8")

    assert len(list(read_questions(path))) == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"start": 5}, "has question 'q1', whose answer does not stand at 5"),
        ({"start": -39, "answer": "two"}, "has question 'q1', whose answer does not stand at -39"),
        ({"answer": ""}, "has question 'q1', whose answer does not stand at 4"),
        ({"start": True}, "has question 'q1' without \"start\", which must be a whole number"),
        ({"answer": None}, "has question 'q1' without \"answer\", which must be a string"),
        ({"question": 7}, "has question 'q1' without \"question\", which must be a string"),
        ({"question": " "}, "cannot ask question 'q1': the question is empty; ask something"),
        ({"evidence": [[4, 44]]},
         "has question 'q1', whose evidence [4, 44] is no place in the text"),
        ({"evidence": [[4]]}, "has question 'q1', whose evidence [4] is no place in the text"),
        ({"evidence": 4}, "has question 'q1' without \"evidence\", which must be a list"),
    ],
)  # fmt: skip
def test_a_bad_question_is_named(changes: dict[str, object], reason: str, tmp_path: Path) -> None:
    """A question that cannot be judged stops the reading, with file, line and the reason."""
    path = write(tmp_path / "q.jsonl", {**row(), "id": "b"}, row(**changes))

    with pytest.raises(ArticleError) as error:
        list(read_questions(path))

    assert str(error.value) == f"line 2 of {path} {reason}; mend it."


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "is not JSON (Expecting property name enclosed in double quotes at column 2)"),
        (b"[]", "is no JSON object"),
        (b'"\\ud800"', "is not JSON that can be read ('utf-8' codec can't encode character "
                       "'\\ud800' in position 1: surrogates not allowed)"),
        (b"\xff", "is not JSON that can be read ('utf-8' codec can't decode byte 0xff "
                  "in position 0: invalid start byte)"),
        (b'{"id": 1}', 'has an article without "id", which must be a string'),
        (b'{"id": "a", "title": "A", "text": "."}', 'has no words in its "text"'),
        (b'{"id": "a", "title": "A", "text": "A."}',
         'has an article without "questions", which must be a list'),
        (b'{"id": "a", "title": "A", "text": "A.", "questions": [1]}',
         "has a question that is no JSON object"),
    ],
)  # fmt: skip
def test_a_bad_line_is_named(line: bytes, reason: str, tmp_path: Path) -> None:
    """A line that is no article with questions stops the reading, with file and line."""
    path = tmp_path / "q.jsonl"
    path.write_bytes(line + b"\n")

    with pytest.raises(ArticleError) as error:
        list(read_questions(path))

    assert str(error.value) == f"line 1 of {path} {reason}; mend it."


def test_an_id_is_given_once(tmp_path: Path) -> None:
    """Two articles under one id could not be told apart."""
    path = write(tmp_path / "q.jsonl", row(), row())

    with pytest.raises(ArticleError, match=r"line 2 .* gives the id 'a' again, after line 1; mend"):
        list(read_questions(path))


def test_a_file_that_is_none(tmp_path: Path) -> None:
    """A missing file, a folder and an empty file are told apart."""
    for path, reason in (
        (tmp_path / "none.jsonl", "cannot be read (No such file or directory); check its name"),
        (tmp_path, "cannot be read (Is a directory); check its name and folder."),
        (write(tmp_path / "empty.jsonl"), "is empty; give one article with its questions a line."),
    ):
        with pytest.raises(ArticleError) as error:
            list(read_questions(path))
        assert str(error.value).startswith(f"{path} {reason}")
