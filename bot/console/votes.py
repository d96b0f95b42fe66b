"""What a person in the console found good or bad: a file of theirs, printed as a question file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs

from index.datatypes import Answer, Article
from index.errors import ArticleBotError, LibraryError

if TYPE_CHECKING:
    from index.storage.library import Library


def votes_file() -> Path:
    """The file of votes, beside the history of questions."""
    return platformdirs.user_state_path("article-bot", appauthor=False) / "votes.jsonl"


def note_vote(answer: Answer, library: str, value: int) -> None:
    """
    Note that *answer*, from the *library* of that chat, was found good (1) or bad (-1).

    Raises LibraryError when it cannot be written.
    """
    if not answer.passages:
        return
    article = answer.passages[0].article
    own = [passage for passage in answer.passages if passage.article.id == article.id]
    best = answer.passages[0].best
    row = {
        "library": library,
        "article": article.id,
        "question": answer.question,
        "answered": answer.answered,
        "vote": value,
        "start": best.start,
        "answer": article.cut(best),
        "shown": [[passage.span.start, passage.span.end] for passage in own],
    }
    path = votes_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
    except OSError as exc:
        raise LibraryError(f"the vote cannot be written to {path} ({exc.strerror}).") from exc


def question_lines(open_library: Callable[[str], Library]) -> Iterator[dict[str, Any]]:
    """
    The votes as lines of a question file, one each; *open_library* opens that of a chat.

    Those whose article is gone, or has another text now, are left out.
    """
    path = votes_file()
    rows = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    for number, row in enumerate(map(json.loads, rows), start=1):
        try:
            article = open_library(row["library"]).get(row["article"]).article
        except ArticleBotError:
            continue
        if article.text.startswith(row["answer"], row["start"]):
            yield _question_line(article, f"console-{number}", row)


def _question_line(article: Article, name: str, row: dict[str, Any]) -> dict[str, Any]:
    asked = {"id": name, "question": row["question"], "votes": row["vote"]}
    if row["vote"] < 0:
        judged = {"answer": None, "start": None, "open": True, "shown": row["shown"]}
    elif not row["answered"]:
        judged = {"answer": None, "start": None, "impossible": True}
    else:
        judged = {"answer": row["answer"], "start": row["start"], "evidence": row["shown"]}
    return {
        "id": f"{name}:{article.id}",
        "title": article.title,
        "text": article.text,
        "language": article.language,
        "questions": [{**asked, **judged}],
    }
