"""How articles are built, as it is stored: blocks, links, and what front matter says, in JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, delete, exists, select

from index.datatypes import Article, Block, Link, Span, Structure
from index.storage.schema import articles, structures
from index.text.blocks import RULES

FACTS = ("author", "published", "tags")  # fields of an Article that are stored here


def put_structure(
    connection: Connection, library: int, key: int, article: Article, structure: Structure
) -> None:
    """Store how the article *key* is built, in the place of what was stored before."""
    facts = {"rules": RULES, "data": _to_json(article, structure)}
    row = {"library": library, "article": key, **facts}
    its_own = (structures.c.library == library, structures.c.article == key)
    connection.execute(delete(structures).where(*its_own))
    connection.execute(structures.insert(), row)


def load_structures(
    connection: Connection, library: int, keys: Sequence[int]
) -> dict[int, tuple[dict[str, Any], Structure]]:
    """Load the facts and the structure of the articles *keys*, as many as fit a statement."""
    query = select(structures.c.article, structures.c.data).where(
        structures.c.library == library, structures.c.article.in_(keys)
    )
    return {key: _from_json(data) for key, data in connection.execute(query)}


def outdated(library: int) -> Select[tuple[int]]:
    """The query for the keys of the articles of the *library* whose rules are older than RULES."""
    current = exists().where(
        structures.c.library == library,
        structures.c.article == articles.c.pk,
        structures.c.rules >= RULES,
    )
    return (
        select(articles.c.pk).where(articles.c.library == library, ~current).order_by(articles.c.pk)
    )


def _to_json(article: Article, structure: Structure) -> str:
    data: dict[str, Any] = {name: value for name in FACTS if (value := getattr(article, name))}
    data["blocks"] = [
        [block.kind, block.span.start, block.span.end, block.level, block.group, block.page]
        for block in structure.blocks
    ]
    data["links"] = [[link.span.start, link.span.end, link.address] for link in structure.links]
    data["given"] = structure.given
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _from_json(data: str) -> tuple[dict[str, Any], Structure]:
    stored = json.loads(data)
    facts = {name: stored[name] for name in FACTS if name in stored}
    if "tags" in facts:
        facts["tags"] = tuple(facts["tags"])
    blocks = (
        Block(kind, Span(start, end), *numbers) for kind, start, end, *numbers in stored["blocks"]
    )
    links = (Link(Span(start, end), address) for start, end, address in stored["links"])
    return facts, Structure(tuple(blocks), tuple(links), stored["given"])
