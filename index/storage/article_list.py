"""The articles of a library in a list, with their figures."""

from __future__ import annotations

from datetime import UTC
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Select, func, select

from index.storage.records import ArticleInfo
from index.storage.schema import articles, names, sentences


def list_articles(connection: Connection, library: int) -> list[ArticleInfo]:
    """List the articles of the library with their figures, in the order of adding."""
    rows = connection.execute(_listing(library))
    by_article = [list(group) for _, group in groupby(rows, key=lambda row: row.pk)]
    return [
        ArticleInfo(
            id=first.id,
            other_ids=tuple(row.id for row in others),
            title=first.title,
            characters=first.characters,
            paragraphs=first.paragraphs,
            sentences=first.sentences,
            source=first.source,
            language=first.language,
            added_at=first.added_at.replace(tzinfo=UTC),
        )
        for first, *others in by_article
    ]


def _listing(library: int) -> Select[Any]:
    """One row for each id, with the figures of its article; the ids of an article together."""
    figures = (
        select(
            sentences.c.article,
            func.count().label("sentences"),
            func.max(sentences.c.paragraph).label("paragraphs"),
        )
        .where(sentences.c.library == library)
        .group_by(sentences.c.article)
        .subquery()
    )
    return (
        select(
            articles.c.pk,
            names.c.id,
            articles.c.title,
            func.length(articles.c.text).label("characters"),
            func.coalesce(figures.c.paragraphs, 0).label("paragraphs"),
            func.coalesce(figures.c.sentences, 0).label("sentences"),
            articles.c.source,
            articles.c.language,
            articles.c.added_at,
        )
        .join(names)
        .outerjoin(figures, figures.c.article == articles.c.pk)
        .where(articles.c.library == library)
        .order_by(articles.c.pk, names.c.number)
    )
