"""
Let a reader read the windows around the first ranking's best sentences of every judged question.

    python -m index.training.reading.measure_reader TRAIN JUDGED FIRST WEIGHTS CASES

FIRST is what first_ranking wrote, WEIGHTS a checkpoint (.pt) or eight bits (.npz). CASES, a pickle,
gets a list of ReadingCase; what they say about the reader is judge_reader's affair.
"""

from __future__ import annotations

import argparse
import pickle
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer

from index.datatypes import Article
from index.evaluation.question_files import Question, Questions
from index.reading.reader_weights import load_reader
from index.reading.reading_windows import ROOM, WINDOWS
from index.reading.window_tokens import load_tokenizer, tokenise_sentences, tokenise_title
from index.text.as_addressed import as_addressed
from index.text.sentences import split_sentences
from index.training.reading.first_ranking import FILES, judged_files
from index.training.reading.reading_cases import ReadingCase
from index.training.reading.text_windows import choose_text_windows
from index.training.reading.tokenised_texts import ReadText, read_rows
from index.training.reading.torch_reader import TorchReader
from index.training.reading.training_rounds import ASKED

OFF_TOPIC_EVERY = 6  # of the off-topic trials, this share is read: there are as many as questions


def as_text(article: Article, file: str, tokenizer: Tokenizer) -> ReadText:
    """An article of the product as a text to be read."""
    spans = [(s.span.start, s.span.end) for s in split_sentences(article.text, article.language)]
    sentences = tokenise_sentences(tokenizer, article.text, spans)
    title = tokenise_title(tokenizer, article.title)
    return ReadText(article.id, file, title, article.text, sentences, ())


def kept_trials(
    name: str, rows: Questions, first: Path, tokenizer: Tokenizer
) -> Iterator[tuple[ReadText, Question, Mapping[str, Any]]]:
    """The lines that first_ranking kept, with their question and the text that was asked."""
    texts = {article.id: as_text(article, name, tokenizer) for article, _ in rows}
    questions = {
        (article.id, question.id): question for article, asked in rows for question in asked
    }
    asked_of = {article.id for article, _ in rows}
    strangers = 0
    for kept in read_rows(first / f"{name}.jsonl"):
        if kept["article"] not in asked_of or kept["asked"] not in asked_of:
            continue
        if kept["asked"] != kept["article"]:
            strangers += 1
            if strangers % OFF_TOPIC_EVERY:
                continue
        yield texts[kept["asked"]], questions[kept["article"], kept["question"]], kept


def make_reading_case(
    text: ReadText, question: Question, kept: Mapping[str, Any], words: tuple[int, int] | None
) -> ReadingCase:
    """A case that is not read yet; *words* are where the answering words stand."""
    off = kept["asked"] != kept["article"]
    spans = [(sentence.start, sentence.end) for sentence in text.sentences]
    gold = [not off and any(s < g.end and g.start < e for g in question.evidence) for s, e in spans]
    return ReadingCase(
        file=kept["file"],
        article=kept["asked"],
        id=question.id,
        question=question.question,
        matched=question.matched,
        answerable=any(gold),
        off_topic=off,
        gold=tuple(gold),
        answer=question.answer,
        words=words,
        confidence=kept["confidence"],
        signals=tuple(kept["signals"]),
        ranked=tuple((int(p), float(s)) for p, s in kept["ranked"]),
        sentences=tuple(spans),
        readings=(),
        text=text.text,
    )


def read_cases(
    made: Sequence[tuple[ReadingCase, ReadText]], reader: TorchReader, count: int, room: int
) -> list[ReadingCase]:
    """The cases, each read in at most *count* windows of *room* tokens."""
    windows = [choose_text_windows(text, case.ranked, count, room) for case, text in made]
    pairs = zip(made, windows, strict=True)
    jobs = [
        (as_addressed(case.question), text, window) for (case, text), own in pairs for window in own
    ]
    readings = iter(reader.read(jobs))
    return [
        replace(case, readings=tuple(islice(readings, len(own))))
        for (case, _), own in zip(made, windows, strict=True)
    ]


def read_words(written: Path) -> dict[str, tuple[int, int]]:
    """Where the answering words of the written questions stand, by the ids of the questions."""
    return {
        asked["id"]: (asked["start"], asked["start"] + len(asked["answer"]))
        for row in read_rows(written)
        for asked in row["questions"]
        if asked["start"] is not None and not asked.get("sentence")
    }


def part_of(rows: Questions, part: int, parts: int) -> Questions:
    """Consecutive articles, so that strangers are mostly in the same part."""
    return rows[len(rows) * part // parts : len(rows) * (part + 1) // parts]


def main() -> None:
    """Read, and keep the cases."""
    given = read_arguments()
    torch.set_num_threads(given.threads)
    tokenizer = load_tokenizer()
    reader = TorchReader(load_reader(given.weights), tokenizer, half=given.half)
    words, started = read_words(given.train / "written.jsonl"), time.perf_counter()
    cases: list[ReadingCase] = []
    for name, rows in judged_files(given.train, given.judged):
        if name in given.files:
            own = part_of(rows, *given.part)
            asked = kept_trials(name, own, given.first, tokenizer)
            made = [
                (make_reading_case(text, question, kept, words.get(question.id)), text)
                for text, question, kept in asked
            ]
            cases += read_cases(made, reader, given.windows, given.room)
            print(name, len(cases), f"{time.perf_counter() - started:.0f} s", flush=True)
    with given.cases.open("wb") as file:
        pickle.dump(cases, file)


def read_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[1])
    for name in ("train", "judged", "first", "weights", "cases"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--windows", type=int, default=WINDOWS)
    parser.add_argument("--room", type=int, default=ROOM, help="tokens of sentences")
    parser.add_argument("--files", nargs="+", default=["written", ASKED, *FILES[:-1]])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--part", type=int, nargs=2, default=(0, 1), help="part i of n, by article")
    parser.add_argument("--half", action="store_true", help="in bfloat16, faster")
    return parser.parse_args()


if __name__ == "__main__":
    main()
