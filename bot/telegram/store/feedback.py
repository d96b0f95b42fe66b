"""What people voted on, as a question file: for measuring, and for judging what was wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine

from bot.telegram.store.quoted_passages import find_passages
from bot.telegram.store.replies import open_store, voted_replies
from bot.telegram.store.reply_values import Reply
from index.datatypes import Article, Passage
from index.storage.library import Library


def question_file(engine: Engine) -> Iterator[dict[str, Any]]:
    """
    The voted questions, an article with its questions each (index.evaluation.question_files).

    A reply that was found good gives its question the quoted passages as evidence, or, when it
    said that the articles do not answer, marks it as impossible. One that was found bad gives an
    open question, to be judged by whoever reads the file. Replies whose articles are gone or have
    another text now are left out.
    """
    open_store(engine)
    articles: dict[tuple[str, str], tuple[Article, list[dict[str, Any]]]] = {}
    for reply, votes in voted_replies(engine):
        passages = find_passages(Library(engine, reply.library), reply.passages[: reply.shown])
        if passages:
            article = passages[0].article
            own = [passage for passage in passages if passage.article.id == article.id]
            entry = articles.setdefault((reply.library, article.id), (article, []))
            entry[1].append(_question(reply, own, votes))
    taken: set[str] = set()
    for (library, name), (article, questions) in articles.items():
        unique = name if name not in taken else f"{library}:{name}"  # chats may share an id
        taken.add(unique)
        yield {
            "id": unique,
            "title": article.title,
            "text": article.text,
            "language": article.language,
            "questions": questions,
        }


def _question(reply: Reply, passages: list[Passage], votes: int) -> dict[str, Any]:
    best = passages[0].best
    shown = [[passage.span.start, passage.span.end] for passage in passages]
    asked = {"id": f"telegram-{reply.id}", "question": reply.question, "votes": votes}
    if votes <= 0:
        return {**asked, "answer": None, "start": None, "open": True, "shown": shown}
    if not reply.answered:
        return {**asked, "answer": None, "start": None, "impossible": True}
    answer = passages[0].article.cut(best)
    return {**asked, "answer": answer, "start": best.start, "evidence": shown}
