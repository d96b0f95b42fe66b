"""Texts and their questions, tokenised to be read: sentences, gold sentences, answering words."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from index.reading.window_tokens import SentenceTokens, tokenise_sentences, tokenise_title
from index.text.as_addressed import as_addressed
from index.text.sentences import split_sentences

LONGEST_WORDS = 0.8  # of their sentence; longer ones are no words that answer, but the sentence


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """
    A question with the positions of the sentences that answer it (none: it is not answered).

    *words* is the place of the answering words, None where they are not told or fill a sentence.
    """

    id: str
    text: str
    gold: frozenset[int]
    words: tuple[int, int] | None
    answer: str
    matched: bool


@dataclass(frozen=True, slots=True)
class ReadText:
    """A text ready to be read."""

    id: str
    file: str
    title: tuple[int, ...]
    text: str
    sentences: tuple[SentenceTokens, ...]
    questions: tuple[ReadQuestion, ...]


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a JSONL file, which may be gzipped; OSError if it cannot be read."""
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8")
    ) as lines:
        for line in lines:
            yield json.loads(line)


def tokenise_row(
    row: Mapping[str, Any], file: str, tokenizer: Tokenizer, *, title: bool
) -> ReadText:
    """Make a ReadText of one line of a question file; without *title* it is read without one."""
    text = row["text"]
    spans = [(sentence.span.start, sentence.span.end) for sentence in split_sentences(text)]
    sentences = tokenise_sentences(tokenizer, text, spans)
    named = tokenise_title(tokenizer, row.get("title") or "") if title else ()
    questions = [known for asked in row["questions"] for known in _question(asked, sentences)]
    return ReadText(row["id"], file, named, text, sentences, tuple(questions))


def _question(
    row: Mapping[str, Any], sentences: Sequence[SentenceTokens]
) -> Iterator[ReadQuestion]:
    """One question, or none when its evidence lies in no sentence."""
    matched, question = bool(row.get("matched")), as_addressed(row["question"])
    if row.get("impossible"):
        yield ReadQuestion(row["id"], question, frozenset(), None, "", matched)
        return
    start, end = row["start"], row["start"] + len(row["answer"])
    spans = row.get("evidence") or [[start, end]]
    gold = frozenset(
        i
        for i, sentence in enumerate(sentences)
        if any(sentence.start < e and s < sentence.end for s, e in spans)
    )
    if gold:
        words = None if row.get("sentence") else _words(start, end, sentences)
        yield ReadQuestion(row["id"], question, gold, words, row["answer"], matched)


def _words(start: int, end: int, sentences: Sequence[SentenceTokens]) -> tuple[int, int] | None:
    """The answer's place, if it lies inside one sentence and does not fill it."""
    for sentence in sentences:
        if sentence.start <= start and end <= sentence.end:
            short = end - start <= LONGEST_WORDS * (sentence.end - sentence.start)
            return (start, end) if short else None
    return None
