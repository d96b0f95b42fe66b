"""Texts and their questions, tokenised to be read: sentences, gold sentences, answering words."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from index.encoding.find_model import find_model
from index.text.sentences import split_sentences

CLS, SEP = 101, 102  # of the vocabulary of BERT, uncased
MAX_QUESTION = 40  # tokens with [CLS] and [SEP]; 99.8 % of the written questions are shorter
MAX_TITLE = 12  # tokens
LONGEST_WORDS = 0.8  # of their sentence; longer ones are no words that answer, but the sentence


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """One sentence: its place (code points), token ids, and where each token stands in the text."""

    start: int
    end: int
    ids: tuple[int, ...]
    places: tuple[tuple[int, int], ...]


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
    sentences: tuple[ReadSentence, ...]
    questions: tuple[ReadQuestion, ...]


def load_tokenizer() -> Tokenizer:
    """The tokenizer of the packaged model, without padding and truncation."""
    tokenizer = Tokenizer.from_file(str(find_model(None) / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a JSONL file, which may be gzipped; OSError if it cannot be read."""
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8")
    ) as lines:
        for line in lines:
            yield json.loads(line)


def tokenise_sentences(
    tokenizer: Tokenizer, text: str, spans: Sequence[tuple[int, int]]
) -> tuple[ReadSentence, ...]:
    """Tokenise each of the sentences at *spans* of *text* on its own."""
    coded = tokenizer.encode_batch([text[s:e] for s, e in spans], add_special_tokens=False)
    return tuple(
        ReadSentence(s, e, tuple(tokens.ids), tuple((s + a, s + b) for a, b in tokens.offsets))
        for (s, e), tokens in zip(spans, coded, strict=True)
    )


def tokenise_title(tokenizer: Tokenizer, title: str) -> tuple[int, ...]:
    """The first tokens of a title."""
    return tuple(tokenizer.encode(title, add_special_tokens=False).ids[:MAX_TITLE])


def tokenise_question(tokenizer: Tokenizer, question: str) -> tuple[int, ...]:
    """[CLS] question [SEP], at most MAX_QUESTION tokens: the end of a longer one is kept."""
    ids = tokenizer.encode(question, add_special_tokens=False).ids
    return (CLS, *ids[-(MAX_QUESTION - 2) :], SEP)


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


def _question(row: Mapping[str, Any], sentences: Sequence[ReadSentence]) -> Iterator[ReadQuestion]:
    """One question, or none when its evidence lies in no sentence."""
    matched = bool(row.get("matched"))
    if row.get("impossible"):
        yield ReadQuestion(row["id"], row["question"], frozenset(), None, "", matched)
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
        yield ReadQuestion(row["id"], row["question"], gold, words, row["answer"], matched)


def _words(start: int, end: int, sentences: Sequence[ReadSentence]) -> tuple[int, int] | None:
    """The answer's place, if it lies inside one sentence and does not fill it."""
    for sentence in sentences:
        if sentence.start <= start and end <= sentence.end:
            short = end - start <= LONGEST_WORDS * (sentence.end - sentence.start)
            return (start, end) if short else None
    return None
