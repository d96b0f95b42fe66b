"""
How sure a library is: of questions that its articles answer, and of others.

    python tests/benchmarks/library_confidence.py FOLDER

puts 1, 4, 16, … articles of each question file in FOLDER into a library, asks it some of the
questions that these answer and some of those of other files, and prints for some values of
CHANCE_DISCOUNT (index.ranking.confidence) which share of the former is refused, and of the latter
answered. A file that has articles of the same titles is no other one.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
from candidates import JudgedArticles, make_corpus, read_answerable

from index.answering import Answerer
from index.encoding.load import load_encoder
from index.encoding.protocol import Encoder
from index.ranking.confidence import CHANCE_DISCOUNT, MATCHING_TIERS
from index.retrieval.corpus import Corpus

T = TypeVar("T")

VALUES = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3)
SIZES = (1, 4, 16, 48, 164)
QUESTIONS = 120  # of each kind that a size is asked, of its own articles at most as many as it has
LIBRARIES_OF_ONE = 12


def main() -> None:
    """Print a table for each size of a library, a row for each file."""
    parser = argparse.ArgumentParser(description=__doc__.strip().split("\n")[0])
    parser.add_argument("folder", type=Path)
    files = read_answerable(parser.parse_args().folder)
    encoder, random = load_encoder(), np.random.default_rng(0)
    print("own questions refused / others answered, by CHANCE_DISCOUNT")
    for size in SIZES:
        print(f"{size} articles" + "".join(f"{value:15.2f}" for value in VALUES), flush=True)
        for name, rows in files.items():
            if size <= len(rows):
                apart = [strange for strange in files.values() if not share_a_title(rows, strange)]
                others = [row for file in apart for row in file]
                own, strange = measure(rows, others, size, encoder, random)
                cells = [
                    f"{1 - answered(own, size, value):.3f} / {answered(strange, size, value):.3f}"
                    for value in VALUES
                ]
                print(f"  {name:12}" + "".join(f"{cell:>15}" for cell in cells), flush=True)


def share_a_title(rows: JudgedArticles, others: JudgedArticles) -> bool:
    """Whether two files have articles of one title."""
    return not {article.title for article, _ in rows}.isdisjoint(
        article.title for article, _ in others
    )


def measure(
    rows: JudgedArticles,
    others: JudgedArticles,
    size: int,
    encoder: Encoder,
    random: np.random.Generator,
) -> tuple[list[float], list[float]]:
    """How sure libraries of so many of *rows* are of their own questions, and of *others*."""
    own: list[float] = []
    strange: list[float] = []
    libraries = LIBRARIES_OF_ONE if size == 1 else 1
    for _ in range(libraries):
        chosen = pick(rows, size, random)
        corpus = make_corpus(chosen, encoder)
        own += sureness(chosen, corpus, QUESTIONS // libraries, random)
        strange += sureness(others, corpus, QUESTIONS // libraries, random)
    return own, strange


def sureness(
    rows: JudgedArticles, corpus: Corpus, number: int, random: np.random.Generator
) -> list[float]:
    """How sure *corpus* is of so many questions of *rows*."""
    questions = [question.question for _, asked in rows for question in asked]
    answerer = Answerer(corpus)
    return [answerer.answer(question).confidence for question in pick(questions, number, random)]


def pick(things: Sequence[T], number: int, random: np.random.Generator) -> list[T]:
    """Choose so many of *things*, or all when there are fewer."""
    return [things[i] for i in random.permutation(len(things))[:number]]


def answered(sure: Sequence[float], size: int, chance: float) -> float:
    """The share of questions that is answered with another *chance*."""
    p = np.clip(sure, 1e-12, 1 - 1e-12)
    logits = np.log(p / (1 - p)) + (CHANCE_DISCOUNT - chance) * math.log(size)
    return float((1 / (1 + np.exp(-logits)) >= MATCHING_TIERS.may).mean())


if __name__ == "__main__":
    main()
