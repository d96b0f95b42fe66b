"""
Questions of this project to written texts, beside those that their file has.

asked_questions.jsonl has a question a line: {"id", "text": the id of the text, "kind", "question",
"evidence": [start, end] of the sentence that answers, "words": those of the answering words in it},
places in code points of the text, null where it does not answer. A quarter each are answered with
yes or no, are asked by somebody for themselves, are in other words than the text's, or a few words
in a hurry; of each kind half are answered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from index.training.reading.tokenised_texts import read_rows

ASKED_FILE = Path(__file__).parent / "asked_questions.jsonl"


def asked_rows(written: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The *written* rows that such questions are asked of, with these in place of their own."""
    asked: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in read_rows(ASKED_FILE):
        asked[row["text"]].append(row)
    for text in written:
        if text["id"] in asked:
            questions = [_as_question(row, text["text"]) for row in asked[text["id"]]]
            yield {**text, "questions": questions}


def _as_question(row: Mapping[str, Any], text: str) -> dict[str, Any]:
    """A question as the question files have it."""
    question = {"id": row["id"], "question": row["question"], "matched": False}
    if row["evidence"] is None:
        return question | {"answer": "", "start": None, "evidence": [], "impossible": True}
    start, end = row["words"] or row["evidence"]
    answer = {"answer": text[start:end], "start": start, "evidence": [row["evidence"]]}
    return question | answer | {"sentence": row["words"] is None}
