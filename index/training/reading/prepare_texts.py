"""
The files that a reader learns from, prepared once: tokenised, without what is held out.

    python -m index.training.reading.prepare_texts TRAIN JUDGED DATA

TRAIN is the folder with written.jsonl and the public files, JUDGED the one with the question files
that only measure. One pickle a file is written to DATA. Every text that shares a run of twelve
words with a held-out written text or with a text of JUDGED is left out, held-out ones excepted.
"""

from __future__ import annotations

import argparse
import pickle
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from index.reading.window_tokens import load_tokenizer
from index.training.reading.asked_questions import asked_rows
from index.training.reading.text_folds import HELD_OUT, find_overlaps, fold_texts
from index.training.reading.tokenised_texts import ReadText, read_rows, tokenise_row
from index.training.reading.training_rounds import ASKED

# The share of a file's questions that one round of training takes, beside a quarter of the written
# ones: nearly half of the pairs are public then (with half of these shares, three in ten, questions
# on news and search questions were read worse). Policies and papers count little (stock questions,
# long papers).
SHARES = {
    "squad_train_du": 0.055,
    "squadshifts_wiki": 0.06,
    "squadshifts_reddit": 0.03,
    "squadshifts_amazon": 0.02,
    "qadiscourse": 0.025,
    "qamr": 0.02,
    "selqa": 0.06,
    "qed_nq": 0.08,
    "nq_oracle": 0.05,
    "quotesum": 0.1,
    "afriqa_en": 0.04,
    "fairytaleqa": 0.045,
    "policyqa": 0.005,
    "covidqa": 0.03,
}
NAMELESS = {"squadshifts_reddit", "squadshifts_amazon", "policyqa"}  # titles that say nothing
LONGEST = 12_000  # characters of a text; of a longer one, the piece around the answer of each chunk


def _judged_texts(folder: Path) -> list[str]:
    """The texts of all question files of a folder."""
    paths = sorted(folder.glob("*.jsonl"))
    return [row["text"] for path in paths for row in read_rows(path) if "text" in row]


def shorten(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows, long texts cut into pieces of LONGEST characters with the questions of each."""
    short = []
    for row in rows:
        if len(row["text"]) <= LONGEST:
            short.append(row)
            continue
        for start in range(0, len(row["text"]), LONGEST):
            end = start + LONGEST
            inside = [q for q in row["questions"] if start <= q["start"] and _end(q) <= end]
            moved = [_moved(q, start) for q in inside]
            if moved:
                short.append({**row, "text": row["text"][start:end], "questions": moved})
    return short


def _end(question: dict[str, Any]) -> int:
    spans = question.get("evidence") or [[0, question["start"] + len(question["answer"])]]
    return max(int(end) for _, end in spans)


def _moved(question: dict[str, Any], start: int) -> dict[str, Any]:
    evidence = [[s - start, e - start] for s, e in question.get("evidence") or []]
    kept = [[s, e] for s, e in evidence if s >= 0]
    return {**question, "start": question["start"] - start, "evidence": kept}


def prepare_file(name: str, rows: Sequence[dict[str, Any]], out: Path) -> str:
    """Tokenise the texts of a file and keep them; say how many they are."""
    started = time.perf_counter()
    tokenizer = load_tokenizer()
    titled = name not in NAMELESS
    texts = [tokenise_row(row, name, tokenizer, title=titled) for row in rows]
    with (out / f"{name}.pickle").open("wb") as file:
        pickle.dump(texts, file)
    questions = sum(len(text.questions) for text in texts)
    seconds = time.perf_counter() - started
    return f"{name}: {len(texts)} texts, {questions} questions, {seconds:.0f} s"


def load_texts(out: Path, name: str) -> list[ReadText]:
    """The prepared texts of a file."""
    with (out / f"{name}.pickle").open("rb") as file:
        texts: list[ReadText] = pickle.load(file)  # noqa: S301 (written by this module)
    return texts


def learnt_rows(train: Path, judged: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The rows of each file, without what is held out; those are "held_out"."""
    written = list(read_rows(train / "written.jsonl"))
    folds = fold_texts(row["id"] for row in written)
    held_out = [row for row in written if folds[row["id"]] == HELD_OUT]
    yield "held_out", held_out
    known = [*_judged_texts(judged), *(row["text"] for row in held_out)]
    learnt = [row for row in written if folds[row["id"]] != HELD_OUT]
    own = {"written": learnt, ASKED: list(asked_rows(learnt))}
    for name in ("written", ASKED, *SHARES):
        rows = own[name] if name in own else list(read_rows(train / f"{name}.jsonl.gz"))
        overlaps = find_overlaps([row["text"] for row in rows], known)
        print(f"{name}: {sum(overlaps)} of {len(rows)} texts left out", flush=True)
        yield name, shorten(row for row, found in zip(rows, overlaps, strict=True) if not found)


def main() -> None:
    """Prepare all files."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[1])
    parser.add_argument("train", type=Path, help="folder of the files to learn from")
    parser.add_argument("judged", type=Path, help="folder of the files that only measure")
    parser.add_argument("data", type=Path, help="folder for the prepared texts")
    given = parser.parse_args()
    given.data.mkdir(parents=True, exist_ok=True)
    jobs = dict(learnt_rows(given.train, given.judged))
    with ProcessPoolExecutor(2) as pool:
        for line in pool.map(prepare_file, jobs, jobs.values(), [given.data] * len(jobs)):
            print(line, flush=True)


if __name__ == "__main__":
    main()
