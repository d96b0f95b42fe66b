"""
How good the answers are through the front door.

Adds question files to a new database with ``article-bot add``, asks every question with its
article's id through ``article-bot console --json``, and judges what comes back. Nothing of the
project is imported: only the commands and their JSON are used.

    python tests/benchmarks/answer_quality.py FOLDER/onestopqa.jsonl FOLDER/xquad.jsonl
    python tests/benchmarks/answer_quality.py --seed FOLDER/seed-questions.jsonl
    python tests/benchmarks/answer_quality.py --reader on off FOLDER/documents.jsonl

--reader on off asks everything twice, with the reader and without it. Of the first tier, "says",
two shares are told: of the questions that the article answers those which it is given, and of all
that it is given those whose first sentence is right; what ought to be refused counts as wrong.

Files have one article a line with its questions (see the README); a --seed file has one question
a line about the article that every new database starts with.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from reader_option import READERS, add_reader_option

Row = dict[str, Any]


def main() -> None:
    """Measure each file in a database of its own and print a line of figures for it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[1])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--seed", type=Path, help="questions about the seed article")
    add_reader_option(parser)
    arguments = parser.parse_args()
    for reader in arguments.reader:
        print(f"reader {reader}:", flush=True)
        os.environ["ARTICLE_BOT_READER"] = READERS[reader]  # of the commands
        with tempfile.TemporaryDirectory() as folder:
            if arguments.seed:
                measure_seed(arguments.seed, f"sqlite:///{folder}/seed.sqlite")
            for number, path in enumerate(arguments.files):
                measure_file(path, f"sqlite:///{folder}/{number}.sqlite")


def measure_file(path: Path, database: str) -> None:
    """Add a question file, ask all of it, and print its figures."""
    articles = read(path)
    article_bot(database, "add", str(path))
    asked = [(article, question) for article in articles for question in article["questions"]]
    answers = ask(database, [(row["question"], article["id"]) for article, row in asked])
    judged = [
        (question, answer)
        for (_, question), answer in zip(asked, answers, strict=True)
        if not question.get("impossible")
    ]
    hit1 = [overlaps(question, answer["passages"][0]["best"]) for question, answer in judged]
    hit3 = [any(overlaps(q, hit) for hit in answer["hits"][:3]) for q, answer in judged]
    refused = [not answer["answered"] for _, answer in judged]
    wrongly = [
        answer["answered"]
        for (_, question), answer in zip(asked, answers, strict=True)
        if question.get("impossible")
    ]
    says, true = first_tier(
        [(row, answer) for (_, row), answer in zip(asked, answers, strict=True)]
    )
    shown = [sum(len(p["text"]) for p in answer["passages"]) for answer in answers]
    print(
        f"{path.name}: {len(answers)} questions, verbatim {verbatim(database, answers)}; "
        f"hit@1 {mean(hit1)}, hit@3 {mean(hit3)}, refused {mean(refused)}, "
        f"unanswerable answered {mean(wrongly)}, says {mean(says)}, right in it {mean(true)}, "
        f"characters {statistics.mean(shown):.0f}, "
        f"median {statistics.median(a['elapsed_ms'] for a in answers):.0f} ms"
    )


def first_tier(judged: list[tuple[Row, Row]]) -> tuple[list[bool], list[bool]]:
    """Of answerable ones: whether the article "says" it; of all that it says: whether it is so."""
    said = [(row, answer) for row, answer in judged if answer["tier"] == "says"]
    return (
        [answer["tier"] == "says" for row, answer in judged if not row.get("impossible")],
        [
            not row.get("impossible") and overlaps(row, answer["passages"][0]["best"])
            for row, answer in said
        ],
    )


def measure_seed(path: Path, database: str) -> None:
    """Ask the questions about the seed article and print which are right."""
    rows = read(path)
    answers = ask(database, [(row["question"], None) for row in rows])
    for row, answer in zip(rows, answers, strict=True):
        sure = f"{answer['tier']:4} {answer['confidence']:.2f}"
        print(f"{row['id']} {verdict(row, answer):34} {sure} {row['question']}")
    print(f"verbatim: {verbatim(database, answers)}")


def verdict(row: Row, answer: Row) -> str:
    """Whether the gold quotes are shown, or an impossible question is refused."""
    if row.get("impossible"):
        return "answered, but impossible" if answer["answered"] else "right (refused)"
    shown = "\n".join(passage["text"] for passage in answer["passages"])
    found = [quote in shown for quote in row["gold"]]
    right = all(found) if row.get("all") else any(found)
    also = all(quote in shown for quote in row.get("also", []))
    refused = "" if answer["answered"] else ", but refused"
    return ("right" if right and also else "incomplete" if right else "WRONG") + refused


def verbatim(database: str, answers: list[Row]) -> str:
    """How many passages, and answering words, are their article's text there, of how many."""
    ids = {passage["article"] for answer in answers for passage in answer["passages"]}
    texts = {id_: json.loads(article_bot(database, "show", id_, "--json"))["text"] for id_ in ids}
    right = [
        quoted["text"] == texts[passage["article"]][quoted["start"] : quoted["end"]]
        for answer in answers
        for passage in answer["passages"]
        for quoted in (passage, passage["answer"])
        if quoted is not None
    ]
    return f"{sum(right)}/{len(right)}"


def ask(database: str, questions: list[tuple[str, str | None]]) -> list[Row]:
    """Ask everything in one session; the answers come in order."""
    lines = [json.dumps({"question": q, **({"article": a} if a else {})}) for q, a in questions]
    output = article_bot(database, "console", "--json", stdin="\n".join(lines) + "\n")
    return [json.loads(line) for line in output.splitlines()]


def article_bot(database: str, *arguments: str, stdin: str = "") -> str:
    """Run the command, stop on failure, and return what it printed."""
    command = [sys.executable, "-m", "bot", "--database", database, *arguments]
    done = subprocess.run(command, input=stdin, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def overlaps(question: Row, span: Row) -> bool:
    """Whether *span* shares a character with the evidence (or the answer) of *question*."""
    start = question["start"]
    gold = question.get("evidence") or [[start, start + len(question["answer"])]]
    return any(s < span["end"] and span["start"] < e for s, e in gold)


def mean(values: list[bool]) -> str:
    """A share with three places, or a dash."""
    return f"{statistics.mean(values):.3f}" if values else "–"


def read(path: Path) -> list[Row]:
    """The rows of a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    main()
