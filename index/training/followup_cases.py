"""Questions with their self-contained forms, and as the cues that follow-ups are told by."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from index.datatypes import Turn
from index.text.followup_cues import listen, question_cues, topics, word_cues
from index.text.followup_models import TreeModel
from index.text.followups import leans

FOLDS = 5
ROW = 6  # questions on an article that follow each other
LOWERED_WEIGHT = 0.5  # of questions in small letters, which say less of names
COMPLETE_WEIGHT = 0.5  # of questions on articles; with more, fewer follow-ups are told
# What may stand for something that was said before, even where an article makes it clear.
_POINTS = re.compile(
    r"\b(?:he|she|they|it|this|these|those|there|then|him|her|them|his|hers|its|theirs?|you|your|we"
    r"|our|i|my)\b|\bthat\W*$",
    re.IGNORECASE,
)


class Cases(NamedTuple):
    """
    Questions as *cues* (n, cues): whether each leans, how much it weighs, and its fold (n).

    *rewrites* are the places of the self-contained forms, and *ruled* says which of these lean by a
    rule; *words* (m, cues) are those of their conversations, *added* whether they are meant.
    """

    cues: NDArray[np.float64]
    truths: NDArray[np.bool_]
    weights: NDArray[np.float64]
    folds: NDArray[np.int64]
    rewrites: NDArray[np.int64]
    ruled: NDArray[np.bool_]
    words: NDArray[np.float64]
    added: NDArray[np.bool_]
    word_folds: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A *question* after *turns*, and the self-contained *rewrite* that a person made of it."""

    conversation: str
    turns: tuple[Turn, ...]
    question: str
    rewrite: str

    @property
    def added(self) -> frozenset[str]:
        """The forms with a topic that the rewrite has and the question lacks."""
        return topics(self.rewrite) - topics(self.question)

    @property
    def fold(self) -> int:
        """Which part of the conversations it belongs to."""
        return crc32(self.conversation.encode()) % FOLDS


def read_follow_ups(path: Path) -> list[FollowUp]:
    """Read those of *path* that follow something."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [_follow_up(row) for row in rows if row["history"]]


def _follow_up(row: dict[str, str]) -> FollowUp:
    history = row["history"]
    turns = tuple(
        Turn(question, row["title"], told)
        for question, told in zip(history[::2], history[1::2], strict=True)
    )
    return FollowUp(row["id"].partition("#")[0], turns, row["question"], row["rewrite"])


def read_complete(path: Path) -> list[FollowUp]:
    """
    Read questions on articles from the question file *path*, as if up to six were asked in a row.

    They are asked without what was said before, so those that do not point are complete.
    """
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    draw = random.Random(2)
    return [row for article in rows for row in _in_a_row(article, draw)]


def _in_a_row(article: Mapping[str, Any], draw: random.Random) -> Iterable[FollowUp]:
    asked = draw.sample(article["questions"], min(ROW, len(article["questions"])))
    turns: list[Turn] = []
    for row in asked:
        question = row["question"]
        if turns and not _POINTS.search(question):
            yield FollowUp(article["id"].partition("/")[0], tuple(turns), question, question)
        start, end = (row.get("evidence") or [(0, 0)])[0]
        turns.append(Turn(question, article["title"], article["text"][start:end]))


def make_cases(rows: Sequence[FollowUp], complete: Sequence[FollowUp]) -> Cases:
    """A question leans; its rewrite, one about something else and the *complete* ones do not."""
    draw = random.Random(1)
    by_fold = [[row.rewrite for row in rows if row.fold == fold] for fold in range(FOLDS)]
    asked: list[tuple[list[float], bool, float, int]] = []
    for row in rows:
        spoken, fold = listen(row.turns), row.fold
        stranger = draw.choice(by_fold[fold])
        told = ((row.rewrite, False), (row.question, bool(row.added)), (stranger, False))
        asked += [(question_cues(text, spoken), truth, 1.0, fold) for text, truth in told]
        asked += [
            (question_cues(text.lower(), spoken), truth, LOWERED_WEIGHT, fold)
            for text, truth in told
        ]
    for row in complete:
        told_by = question_cues(row.question, listen(row.turns))
        asked.append((told_by, False, COMPLETE_WEIGHT, row.fold))
    never = TreeModel((), 0.0, threshold=2.0)
    ruled = np.array([leans(row.rewrite, row.turns, never) for row in rows])
    words = [
        (cues, form in row.added, row.fold)
        for row in rows
        for form, cues in word_cues(row.question, listen(row.turns)).items()
    ]
    cues, truths, weights, folds = (np.array(column) for column in zip(*asked, strict=True))
    of_words, added, word_folds = (np.array(column) for column in zip(*words, strict=True))
    places = np.arange(len(rows)) * 6
    return Cases(
        cues, truths, weights, folds, places, ruled, words=of_words, added=added,
        word_folds=word_folds,
    )  # fmt: skip
