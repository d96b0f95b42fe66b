"""
Compare article-bot with other libraries on question files, with the same model and sentences.

    python tests/benchmarks/peers.py --environments FOLDER QUESTIONS.jsonl … [--library]

Every peer is installed into an environment of its own under FOLDER (a gigabyte each where torch is
needed; made once) and gets the packaged model and the sentences that article-bot splits the
articles into, so that only the ranking differs. Each question is asked within its own article, or
with --library over the articles of its file. article-bot runs as ``article-bot evaluate``, with its
reader and without. AUROC (where a file has unanswerable questions) is that of article-bot's
confidence, and of the best score of the others, which offer nothing else.

libraries.py has what is asked of each. torch~=2.13.0 is installed before anything that needs it.
Where pip would fetch its build for graphics cards, point pip at the CPU build (PIP_INDEX_URL,
PIP_FIND_LINKS).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from libraries import PEERS, Ranking
from reader_option import READERS

if TYPE_CHECKING:
    from index.evaluation.metrics import Summary
    from index.evaluation.question_files import Questions

TORCH = "torch~=2.13.0"
OFFLINE = {  # nothing of a peer calls home or draws progress bars
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
}
COLUMNS = ("", "hit@1", "hit@3", "MRR", "AUROC")


def main() -> None:
    """Print a table for each question file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[1])
    parser.add_argument("files", nargs="+", type=Path, metavar="QUESTIONS.jsonl")
    parser.add_argument("--environments", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--library", action="store_true", help="ask all articles of a file")
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS))
    arguments = parser.parse_args()
    pythons = {name: make_environment(name, arguments.environments) for name in arguments.peers}
    for path in arguments.files:
        scope = "its articles together" if arguments.library else "each question in its own article"
        print(f"\n{path.name}, {scope}:\n")
        print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}", flush=True)
        for label, figures in compare(path, pythons, whole_library=arguments.library):
            shown = ("–" if figure is None else f"{figure:.3f}".lstrip("0") for figure in figures)
            print(f"| {label} | {' | '.join(shown)} |", flush=True)


def make_environment(name: str, folder: Path) -> str | None:
    """Install a peer and return its Python; None, with the reason told, when that fails."""
    peer = PEERS[name]
    place = (folder / name).resolve()
    python = str(place / "bin" / "python")
    done = place / "installed.txt"
    if done.exists() and done.read_text(encoding="utf-8").split() == list(peer.packages):
        return python
    pip = [python, "-m", "pip", "install", "-qq"]
    steps = [[sys.executable, "-m", "venv", "--clear", str(place)]]
    if peer.encode:  # what encodes needs torch
        folder.mkdir(parents=True, exist_ok=True)
        constraints = folder / "constraints.txt"  # nothing may bring another torch
        constraints.write_text(f"{TORCH}\n", encoding="utf-8")
        steps.append([*pip, TORCH])
        pip += ["--constraint", str(constraints)]
    steps.append([*pip, *peer.packages])
    for step in steps:
        print(f"{name}: {' '.join(step[1:])}", file=sys.stderr)
        finished = subprocess.run(step, stderr=subprocess.PIPE, text=True, check=False)
        if finished.returncode:
            print(f"{name} cannot be installed:\n{finished.stderr[-2000:]}", file=sys.stderr)
            return None
    done.write_text("\n".join(peer.packages), encoding="utf-8")
    return python


def compare(
    path: Path, pythons: dict[str, str | None], *, whole_library: bool
) -> Iterator[tuple[str, tuple[float | None, ...]]]:
    """The figures of each peer, then of article-bot, as they are known."""
    from index.encoding.find_model import find_model
    from index.evaluation.question_files import read_questions

    rows = list(read_questions(path))
    groups = [rows] if whole_library else [[row] for row in rows]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        texts = [(sentences_of(group), questions_of(group)) for group in groups]
        job = {"model": str(find_model(None)), "groups": texts}
        (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
        for peer, python in pythons.items():
            rankings = ask_peer(peer, python, folder) if python else None
            if python is None or rankings is None:
                yield PEERS[peer].label, (None,) * 4
                continue
            summary = judge_rankings(groups, rankings)
            yield (
                f"{PEERS[peer].label} ({versions(python, PEERS[peer].packages)})",
                (summary.hit_at_1, summary.hit_at_3, summary.mrr, summary.auroc),
            )
    for label, reader in (("article-bot", "on"), ("article-bot, reading off", "off")):
        own = ask_article_bot(path, READERS[reader], whole_library=whole_library)
        yield label, tuple(own[name] for name in ("hit_at_1", "hit_at_3", "mrr", "auroc"))


def sentences_of(rows: Questions) -> list[str]:
    """The sentences of the articles, in order, as article-bot splits them."""
    from index.text.sentences import split_sentences

    return [
        article.cut(sentence.span)
        for article, _ in rows
        for sentence in split_sentences(article.text)
    ]


def questions_of(rows: Questions) -> list[str]:
    """The questions about the articles, in order."""
    return [question.question for _, questions in rows for question in questions]


def ask_peer(name: str, python: str, folder: Path) -> list[Ranking] | None:
    """Let a peer do the job in *folder*, in its own environment; None when it fails there."""
    environment = {**os.environ, **OFFLINE}
    environment.pop("PYTHONPATH", None)
    command = [python, str(Path(__file__).with_name("libraries.py")), name, str(folder)]
    if subprocess.run(command, env=environment, stdout=sys.stderr, check=False).returncode:
        return None
    rankings: list[Ranking] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return rankings


def judge_rankings(groups: Sequence[Questions], rankings: Sequence[Ranking]) -> Summary:
    """Judge a peer's rankings just like article-bot's answers."""
    from index.datatypes import Answer, Hit, LoadedArticle, Passage
    from index.evaluation.judging import judge
    from index.evaluation.metrics import summarise
    from index.text.sentences import split_sentences

    outcomes = []
    remaining = iter(rankings)
    for rows in groups:
        places = [
            (article, sentence) for article, _ in rows for sentence in split_sentences(article.text)
        ]
        for _, questions in rows:
            for question in questions:
                found = [(*places[i], score) for i, score in next(remaining)]
                hits = tuple(
                    Hit(LoadedArticle(0, article, [best]), 0, score)
                    for article, best, score in found
                )
                passages = tuple(
                    Passage(article, best.span, best.span, "sentence", score, (best,))
                    for article, best, score in found[:1]
                )
                score = hits[0].score if hits else 0.0
                answer = Answer(question.question, "may", score, passages, hits, 0.0)
                outcomes.append(judge(question, answer))
    return summarise(outcomes)


def versions(python: str, packages: Sequence[str]) -> str:
    """The version of the first of *packages*, which gives the peer its name."""
    name = packages[0].partition(">")[0]
    code = f"from importlib.metadata import version; print(version({name!r}))"
    done = subprocess.run([python, "-c", code], stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.strip()


def ask_article_bot(path: Path, reader: str, *, whole_library: bool) -> dict[str, Any]:
    """Measure article-bot with this *reader* by its own command."""
    command = [sys.executable, "-m", "bot", "evaluate", "--json", str(path)]
    command += ["--library"] * whole_library
    environment = {**os.environ, "ARTICLE_BOT_READER": reader}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    [figures] = json.loads(done.stdout)["files"]
    return dict(figures)


if __name__ == "__main__":
    main()
