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
    ForeignKeyConstraint,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    delete,
    func,
    inspect,
    select,
    update,
)

from index.storage.engine import writing
from index.storage.migrations import Migrations, migrate, rebuild

metadata = MetaData()

feeds = Table(
    "feeds",
    metadata,
    Column("pk", Integer, nullable=False),  # of those of the chat
    Column("chat", String(200), nullable=False),
    Column("url", String(2000), nullable=False),
    Column("title", Text),
    Column("etag", Text),  # what its server calls the version that was read last
    Column("modified", Text),
    PrimaryKeyConstraint("chat", "pk"),
    UniqueConstraint("chat", "url"),
)

feed_entries = Table(
    "feed_entries",
    metadata,
    Column("feed", Integer, nullable=False),
    Column("digest", String(64), nullable=False),  # of what the feed calls the entry
    Column("chat", String(200), nullable=False),
    PrimaryKeyConstraint("chat", "feed", "digest"),
    ForeignKeyConstraint(
        ["chat", "feed"],
        [feeds.c.chat, feeds.c.pk],
        name="fk_feed_entries_feed",
        ondelete="CASCADE",
    ),
)


def _key_by_chat(connection: Connection) -> None:
    """Version 2: both tables have the chat first in their keys."""
    for statement in (
        "ALTER TABLE feed_entries ADD COLUMN chat VARCHAR(200)",
        "UPDATE feed_entries SET chat = (SELECT chat FROM feeds WHERE feeds.pk = feed)",
        *(_POSTGRESQL if connection.dialect.name == "postgresql" else ()),
    ):
        connection.exec_driver_sql(statement)
    if connection.dialect.name != "postgresql":
        rebuild(connection, "feeds", _FEEDS, "pk, chat, url, title, etag, modified")
        rebuild(connection, "feed_entries", _ENTRIES, "feed, digest, chat")


_REFERENCE = (
    "CONSTRAINT fk_feed_entries_feed FOREIGN KEY(chat, feed) REFERENCES feeds (chat, pk) "
    "ON DELETE CASCADE"
)
_POSTGRESQL = (
    "ALTER TABLE feed_entries DROP CONSTRAINT feed_entries_feed_fkey, "
    "DROP CONSTRAINT feed_entries_pkey, ADD PRIMARY KEY (chat, feed, digest)",
    "ALTER TABLE feeds DROP CONSTRAINT feeds_pkey, ADD PRIMARY KEY (chat, pk), "
    "ALTER pk DROP DEFAULT",
    f"ALTER TABLE feed_entries ADD {_REFERENCE}",
    "DROP SEQUENCE feeds_pk_seq",
)
_FEEDS = (
    "pk INTEGER NOT NULL, chat VARCHAR(200) NOT NULL, url VARCHAR(2000) NOT NULL, title TEXT, "
    "etag TEXT, modified TEXT, PRIMARY KEY (chat, pk), UNIQUE (chat, url)"
)
_ENTRIES = (
    "feed INTEGER NOT NULL, digest VARCHAR(64) NOT NULL, chat VARCHAR(200) NOT NULL, "
    f"PRIMARY KEY (chat, feed, digest), {_REFERENCE}"
)
MIGRATIONS = Migrations("feeds", metadata, steps=(_key_by_chat,))


@dataclass(frozen=True, slots=True)
class Feed:
    """
    A feed that the library of *chat* follows; *etag* and *modified* are its server's.

    *pk* is its number among those of the chat, 0 when it is not followed yet.
    """

    chat: str
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
    columns = (feeds.c.chat, feeds.c.pk, feeds.c.url, feeds.c.title, feeds.c.etag, feeds.c.modified)
    query = select(*columns).where(feeds.c.chat == chat).order_by(feeds.c.pk)
    with engine.connect() as connection:
        return [Feed(*row) for row in connection.execute(query)]


def follow_feed(engine: Engine, chat: str, url: str) -> Feed:
    """Follow the feed at *url*, unless it is followed already."""
    with writing(engine) as connection:
        query = select(feeds.c.pk).where(feeds.c.chat == chat, feeds.c.url == url)
        if connection.scalar(query) is None:
            number = func.coalesce(func.max(feeds.c.pk), 0) + 1
            next_one = connection.scalar(select(number).where(feeds.c.chat == chat))
            connection.execute(feeds.insert(), {"chat": chat, "pk": next_one, "url": url})
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
    its = (feed_entries.c.chat == feed.chat, feed_entries.c.feed == feed.pk)
    query = select(feed_entries.c.digest).where(*its)
    with engine.connect() as connection:
        seen = set(connection.scalars(query))
    return {name for name in names if _digest(name) not in seen}


def note_entry(engine: Engine, feed: Feed, name: str) -> None:
    """Note that an entry was read, so that it is not added again when somebody removes it."""
    row = {"chat": feed.chat, "feed": feed.pk, "digest": _digest(name)}
    same = (feed_entries.c[column] == value for column, value in row.items())
    query = select(feed_entries.c.feed).where(*same)
    with writing(engine) as connection:
        if connection.scalar(query) is None:
            connection.execute(feed_entries.insert(), row)


def note_version(engine: Engine, feed: Feed) -> None:
    """Keep title and version of *feed*, once all of its entries are read."""
    its = (feeds.c.chat == feed.chat, feeds.c.pk == feed.pk)
    values = {"title": feed.title, "etag": feed.etag, "modified": feed.modified}
    with writing(engine) as connection:
        connection.execute(update(feeds).where(*its).values(values))


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()
