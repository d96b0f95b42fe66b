"""
How sure a library is: of questions that its articles answer, and of others.

    python tests/benchmarks/library_confidence.py FOLDER [--reader on off] [--sizes 1 48]

puts 1, 4, 16, … articles of each question file in FOLDER into a library, asks it some of the
questions that these answer and some of those of other files, and prints which share of the former
is refused, and of the latter answered: without the reader for some values of CHANCE_DISCOUNT
(index.ranking.confidence), which a confidence from the reader does without. With the reader a third
share is that of the others that get the first tier. A file that has articles of the same titles is
no other one.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from candidates import JudgedArticles, make_corpus, read_answerable
from reader_option import READERS, add_reader_option

from index.answering import Answerer
from index.datatypes import Answer
from index.encoding.load import load_encoder
from index.encoding.protocol import Encoder
from index.ranking.confidence import CHANCE_DISCOUNT, MATCHING_TIERS
from index.reading.fused_ranking import Reader
from index.reading.load_reader import load_reader

T = TypeVar("T")
Answers = dict[str, tuple[list[Answer], list[Answer]]]  # to own questions and others, by reader

VALUES = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3)
SIZES = (1, 4, 16, 48, 164)
QUESTIONS = 120  # of each kind that a size is asked, of its own articles at most as many as it has
LIBRARIES_OF_ONE = 12


@dataclass(frozen=True)
class Asking:
    """What answers, by the name of its reader, and how many *questions* of each kind it gets."""

    encoder: Encoder
    readers: Mapping[str, Reader | None]
    questions: int
    random: np.random.Generator


def main() -> None:
    """Print a table for each size of a library, with rows for each file and for all."""
    parser = argparse.ArgumentParser(description=__doc__.strip().split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sizes", nargs="+", type=int, default=SIZES, metavar="ARTICLES")
    parser.add_argument("--questions", type=int, default=QUESTIONS, help="of each kind and size")
    add_reader_option(parser)
    given = parser.parse_args()
    files, encoder = read_answerable(given.folder), load_encoder()
    readers = {name: load_reader(READERS[name], encoder) for name in given.reader}
    asking = Asking(encoder, readers, given.questions, np.random.default_rng(0))
    if "on" in readers:
        print("reader on: own questions refused / others answered / others in the first tier")
    if "off" in readers:
        values = ", ".join(f"{value:.2f}" for value in VALUES)
        print(f"reader off: own refused / others answered, by CHANCE_DISCOUNT of {values}")
    for size in given.sizes:
        print(f"{size} articles", flush=True)
        together: Answers = {name: ([], []) for name in readers}
        for name, rows in files.items():
            if size <= len(rows):
                apart = [strange for strange in files.values() if not share_a_title(rows, strange)]
                answers = measure(rows, [row for file in apart for row in file], size, asking)
                report(name, answers, size)
                join(together, answers)
        report("all", together, size)


def share_a_title(rows: JudgedArticles, others: JudgedArticles) -> bool:
    """Whether two files have articles of one title."""
    return not {article.title for article, _ in rows}.isdisjoint(
        article.title for article, _ in others
    )


def measure(rows: JudgedArticles, others: JudgedArticles, size: int, asking: Asking) -> Answers:
    """Ask libraries of so many of *rows* their own questions, and those of *others*."""
    answers: Answers = {name: ([], []) for name in asking.readers}
    libraries = LIBRARIES_OF_ONE if size == 1 else 1
    number = -(-asking.questions // libraries)
    for _ in range(libraries):
        chosen = pick(rows, size, asking.random)
        corpus = make_corpus(chosen, asking.encoder)
        own, strange = (
            pick(
                [question.question for _, asked in of for question in asked], number, asking.random
            )
            for of in (chosen, others)
        )
        for name, reader in asking.readers.items():
            answerer = Answerer(corpus, reader=reader)
            made = [answerer.answer(text) for text in own], [answerer.answer(q) for q in strange]
            join(answers, {name: made})
    return answers


def pick(things: Sequence[T], number: int, random: np.random.Generator) -> list[T]:
    """Choose so many of *things*, or all when there are fewer."""
    return [things[i] for i in random.permutation(len(things))[:number]]


def join(answers: Answers, more: Answers) -> None:
    """Put *more* behind *answers*."""
    for name, (own, strange) in more.items():
        answers[name][0].extend(own)
        answers[name][1].extend(strange)


def report(file: str, answers: Answers, size: int) -> None:
    """Print a row for each reader, of libraries of so many articles."""
    for reader, (own, strange) in answers.items():
        if not own or not strange:
            continue
        if reader == "on":
            cells = [
                f"{1 - answered(own):.3f} / {answered(strange):.3f} / "
                f"{np.mean([answer.tier == 'says' for answer in strange]):.3f}"
            ]
        else:
            cells = [
                f"{1 - surely(own, size, value):.3f} / {surely(strange, size, value):.3f}"
                for value in VALUES
            ]
        print(f"  {file:24} {reader:4}" + "".join(f"{cell:>16}" for cell in cells), flush=True)


def answered(answers: Sequence[Answer]) -> float:
    """The share of *answers* that is one."""
    return float(np.mean([answer.answered for answer in answers]))


def surely(answers: Sequence[Answer], size: int, chance: float) -> float:
    """The share of questions that is answered with another *chance*."""
    p = np.clip([answer.confidence for answer in answers], 1e-12, 1 - 1e-12)
    logits = np.log(p / (1 - p)) + (CHANCE_DISCOUNT - chance) * math.log(size)
    return float((1 / (1 + np.exp(-logits)) >= MATCHING_TIERS.may).mean())


if __name__ == "__main__":
    main()
