"""What goes into a library, and what comes out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from index.datatypes import UNKNOWN_STRUCTURE, Article, Sentence, Structure
from index.encoding.protocol import Vectors


@dataclass(frozen=True, slots=True)
class EncodedArticle:
    """
    An article that is ready to be stored.

    *vectors* (n, d) holds one for each sentence; it may be None when ``Library.check`` found
    the text "unchanged". *explicit_id* says that somebody chose the id, and that it was not
    derived from the name of a file. *structure* is what the sentences were made of.
    """

    article: Article
    sentences: Sequence[Sentence] = ()
    vectors: Vectors | None = None
    explicit_id: bool = False
    structure: Structure = UNKNOWN_STRUCTURE


@dataclass(frozen=True, slots=True)
class Added:
    """
    What became of an article: it can be asked for as *id*.

    *known_as* is its first id, under which it is listed, when that is another one; *title* is what
    it came with, or what it is called there. *by_others* says of an "unchanged" one that another
    process has added it since this one has begun.
    """

    id: str
    status: Literal["added", "unchanged", "replaced"]
    known_as: str | None = None
    title: str = field(default="", compare=False)
    by_others: bool = False


@dataclass(frozen=True, slots=True)
class ArticleInfo:
    """A line of the list of articles; *added_at* is in UTC."""

    id: str
    other_ids: tuple[str, ...]
    title: str
    characters: int
    paragraphs: int
    sentences: int
    source: str | None
    language: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as it is in the database; *key* is never given to another one."""

    key: int
    article: Article
    sentences: tuple[Sentence, ...]
    structure: Structure = UNKNOWN_STRUCTURE
