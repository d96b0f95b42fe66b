"""
The tables of the database, the truth about articles, sentences and vectors.

Everything else is a cache of it. Only types that every database knows are used. Each table that
grows with the articles has the key of their library first in its primary key, in what is unique,
and in what refers to another: a server that shards by it has together what belongs together.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.schema import SchemaItem

from index.storage.numbering import number_table

metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("key", String(100), primary_key=True),
    Column("value", Text, nullable=False),
)

libraries = Table(
    "libraries",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("chat", String(200), nullable=False, unique=True),
    Column("revision", Integer, nullable=False),  # grows with every change of its articles
)

articles = Table(
    "articles",
    metadata,
    # A key is never given twice, in all libraries together, so caches may trust it.
    Column("pk", Integer, nullable=False),
    Column("library", ForeignKey(libraries.c.pk), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("source", Text),
    Column("language", String(8), nullable=False),  # ISO 639-1
    Column("added_at", DateTime, nullable=False),  # UTC
    PrimaryKeyConstraint("library", "pk"),
    UniqueConstraint("library", "digest"),
)


def _article_key(table: str) -> list[SchemaItem]:
    """The first columns of the primary key of *table*, whose rows belong to an article."""
    target = [articles.c.library, articles.c.pk]
    name = f"fk_{table}_article"
    return [
        Column("library", Integer, primary_key=True, autoincrement=False),
        Column("article", Integer, primary_key=True, autoincrement=False),
        ForeignKeyConstraint(["library", "article"], target, name=name, ondelete="CASCADE"),
    ]


# An article may be known by several ids; the lowest number is its first one.
names = Table(
    "names",
    metadata,
    Column("number", Integer, nullable=False),
    Column("library", Integer, nullable=False),
    Column("id", String(200), nullable=False),
    Column("article", Integer, nullable=False),
    PrimaryKeyConstraint("library", "id"),
    ForeignKeyConstraint(
        ["library", "article"],
        [articles.c.library, articles.c.pk],
        name="fk_names_article",
        ondelete="CASCADE",
    ),
    Index("ix_names_library_article", "library", "article"),
)

# What numbers articles and names.
article_numbers = number_table("article_numbers", metadata, articles.c.pk, names.c.number)

# How an article is built, beside its text. *rules* are those that made its blocks and sentences
# (index.text.blocks); what older ones made is made again.
structures = Table(
    "structures",
    metadata,
    *_article_key("structures"),
    Column("rules", Integer, nullable=False),
    Column("data", Text, nullable=False),  # JSON, index.storage.structures
)

sentences = Table(
    "sentences",
    metadata,
    *_article_key("sentences"),
    Column("position", Integer, primary_key=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("paragraph", Integer, nullable=False),
)

vectors = Table(
    "vectors",
    metadata,
    *_article_key("vectors"),
    Column("model", String(200), primary_key=True),
    Column("dimension", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),  # float32, little-endian, (n, dimension)
)
