"""
The feeds that a library follows, and which of their entries it has seen.

Their tables are a set of their own, made when the first feed is followed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    delete,
    inspect,
    select,
    update,
)

from index.storage.engine import writing
from index.storage.migrations import Migrations, migrate

metadata = MetaData()

feeds = Table(
    "feeds",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("chat", String(200), nullable=False),
    Column("url", String(2000), nullable=False),
    Column("title", Text),
    Column("etag", Text),  # what its server calls the version that was read last
    Column("modified", Text),
    UniqueConstraint("chat", "url"),
)

feed_entries = Table(
    "feed_entries",
    metadata,
    Column("feed", ForeignKey(feeds.c.pk, ondelete="CASCADE"), primary_key=True),
    Column("digest", String(64), primary_key=True),  # of what the feed calls the entry
)

MIGRATIONS = Migrations("feeds", metadata)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that the library of a chat follows; *etag* and *modified* are its server's."""

    pk: int
    url: str
    title: str | None = None
    etag: str | None = None
    modified: str | None = None


def open_feeds(engine: Engine) -> None:
    """Make the tables, if they are not there yet."""
    migrate(engine, MIGRATIONS)


def followed_feeds(engine: Engine, chat: str) -> list[Feed]:
    """The feeds of *chat*, in the order in which they were added."""
    columns = (feeds.c.pk, feeds.c.url, feeds.c.title, feeds.c.etag, feeds.c.modified)
    query = select(*columns).where(feeds.c.chat == chat).order_by(feeds.c.pk)
    with engine.connect() as connection:
        return [Feed(*row) for row in connection.execute(query)]


def follow_feed(engine: Engine, chat: str, url: str) -> Feed:
    """Follow the feed at *url*, unless it is followed already."""
    with writing(engine) as connection:
        query = select(feeds.c.pk).where(feeds.c.chat == chat, feeds.c.url == url)
        if connection.scalar(query) is None:
            connection.execute(feeds.insert(), {"chat": chat, "url": url})
    return next(feed for feed in followed_feeds(engine, chat) if feed.url == url)


def unfollow_feed(engine: Engine, chat: str, url: str) -> bool:
    """Follow a feed no longer; its articles stay. False when it was not followed."""
    with writing(engine) as connection:
        gone = connection.execute(delete(feeds).where(feeds.c.chat == chat, feeds.c.url == url))
        return gone.rowcount > 0


def forget_feeds(connection: Connection, chat: str) -> None:
    """Forget all feeds of *chat*, and which of their entries it has seen."""
    if inspect(connection).has_table(feeds.name):  # somebody follows one
        connection.execute(delete(feeds).where(feeds.c.chat == chat))


def unseen_entries(engine: Engine, feed: Feed, names: Iterable[str]) -> set[str]:
    """Those of the entries called *names* that were not noted yet."""
    query = select(feed_entries.c.digest).where(feed_entries.c.feed == feed.pk)
    with engine.connect() as connection:
        seen = set(connection.scalars(query))
    return {name for name in names if _digest(name) not in seen}


def note_entry(engine: Engine, feed: Feed, name: str) -> None:
    """Note that an entry was read, so that it is not added again when somebody removes it."""
    row = {"feed": feed.pk, "digest": _digest(name)}
    query = select(feed_entries.c.feed).where(
        feed_entries.c.feed == feed.pk, feed_entries.c.digest == row["digest"]
    )
    with writing(engine) as connection:
        if connection.scalar(query) is None:
            connection.execute(feed_entries.insert(), row)


def note_version(engine: Engine, feed: Feed) -> None:
    """Keep title and version of *feed*, once all of its entries are read."""
    values = {"title": feed.title, "etag": feed.etag, "modified": feed.modified}
    with writing(engine) as connection:
        connection.execute(update(feeds).where(feeds.c.pk == feed.pk).values(values))


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()
