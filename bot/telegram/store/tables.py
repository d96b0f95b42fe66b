"""
What the bot remembers of Telegram, in tables beside those of the articles.

They are made when the bot first opens a database, and brought up when an older one made them. Ids
of chats and users need 64 bits.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    false,
    text,
)

from index.storage.migrations import Migrations

# Seconds that a lock of another process is waited for where somebody waits for an answer.
SHORT_WAIT = 1.0
# The same where an update would not be kept; one thread alone waits then.
LONG_WAIT = 5.0

metadata = MetaData()

chats = Table(
    "telegram_chats",
    metadata,
    Column("chat", BigInteger, primary_key=True, autoincrement=False),
    Column("quiet", Boolean, nullable=False, default=False),  # a reaction instead of a refusal
    Column("indexed", Boolean, nullable=False, default=False),  # a channel: posts become articles
    Column("short", Boolean, nullable=False, server_default=false()),  # the sentence alone
    Column("language", String(8)),  # to speak in, NULL for that of who asks
)

# The article that questions of a conversation are narrowed to.
scopes = Table(
    "telegram_scopes",
    metadata,
    Column("chat", BigInteger, primary_key=True, autoincrement=False),
    Column("topic", BigInteger, primary_key=True, autoincrement=False),  # 0 outside of topics
    Column("article", String(200), nullable=False),
)

# What was answered: buttons show more of it, follow-ups are read with it, votes judge it.
replies = Table(
    "telegram_replies",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("chat", BigInteger, nullable=False, index=True),
    Column("topic", BigInteger, nullable=False),
    Column("asker", BigInteger, nullable=False),
    Column("question", Text, nullable=False),
    Column("library", String(200), nullable=False),  # the chat whose articles were asked
    Column("answer", Text, nullable=False),  # JSON, as bot.telegram.store.replies writes it
    Column("asked_at", DateTime, nullable=False, index=True),  # UTC
    Column("message", BigInteger),  # the message that asked, NULL until its reply is sent
    Column("sent", Text),  # JSON: the messages of the reply
    sqlite_autoincrement=True,  # a button of a forgotten reply never shows another one
)

votes = Table(
    "telegram_votes",
    metadata,
    Column("reply", ForeignKey(replies.c.id, ondelete="CASCADE"), primary_key=True),
    Column("voter", BigInteger, primary_key=True, autoincrement=False),
    Column("vote", SmallInteger, nullable=False),  # 1 for 👍, -1 for 👎
)

posts = Table(
    "telegram_posts",
    metadata,
    Column("channel", BigInteger, primary_key=True, autoincrement=False),
    Column("message", BigInteger, primary_key=True, autoincrement=False),
    Column("album", String(64)),  # what the posts of one album have in common
    Column("text", Text, nullable=False),
    Column("link", Text),
    # When it was posted or edited, in seconds; an edit may overtake its post.
    Column("edited", BigInteger, nullable=False, server_default="0"),
)

# Posts as they arrive again in the channel's discussion group.
forwards = Table(
    "telegram_forwards",
    metadata,
    Column("chat", BigInteger, primary_key=True, autoincrement=False),
    Column("message", BigInteger, primary_key=True, autoincrement=False),
    Column("channel", BigInteger, nullable=False),
    Column("post", BigInteger, nullable=False),
)

# Updates, from when they come until Telegram cannot send them again; see kept_updates.
inbox = Table(
    "telegram_inbox",
    metadata,
    Column("bot", BigInteger, primary_key=True, autoincrement=False),
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat", BigInteger, nullable=False),  # or the user, where there is no chat
    Column("content", Text),  # JSON as Telegram sent it, NULL when it is done
    Column("received_at", BigInteger, nullable=False, index=True),  # seconds
    Column("worker", String(200)),  # who works on it
    Column("beat", BigInteger, nullable=False, server_default="0"),  # moves while that one lives
    Column("tries", SmallInteger, nullable=False, server_default="0"),  # how often it was begun
    # Whether its work goes on while later updates of the chat are worked on.
    Column("aside", Boolean, nullable=False, server_default=false()),
)
Index(
    "ix_telegram_inbox_undone",
    *(inbox.c.bot, inbox.c.chat, inbox.c.update_id),
    sqlite_where=inbox.c.content.is_not(None),
    postgresql_where=inbox.c.content.is_not(None),
)

# What is sent while an update is worked on; it goes when the update is done.
outbox = Table(
    "telegram_outbox",
    metadata,
    Column("bot", BigInteger, primary_key=True, autoincrement=False),
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),  # of those of the update
    Column("request", Text, nullable=False),  # JSON
    Column("result", Text),  # JSON as Telegram answered, NULL until it has
)

# Processes that poll for a bot, or answer beside the one that does; see store/pollers.py.
pollers = Table(
    "telegram_pollers",
    metadata,
    Column("bot", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(200), primary_key=True),
    Column("place", String(200), nullable=False),  # machine and process, as people are told
    Column("beat", BigInteger, nullable=False),  # moves while it lives
    Column("polls", Boolean, nullable=False),  # it has the lease, which one of a bot has
)

# What was a moment ago, for all workers: how much somebody has asked, and what goes on.
recent = Table(
    "telegram_recent",
    metadata,
    Column("kind", String(200), primary_key=True),
    Column("owner", BigInteger, primary_key=True, autoincrement=False),
    Column("value", Text, nullable=False),  # JSON
    Column("at", BigInteger, nullable=False, index=True),  # seconds
)

# When something was added to a chat's articles; an hour is remembered.
additions = Table(
    "telegram_additions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("chat", BigInteger, nullable=False, index=True),
    Column("added_at", DateTime, nullable=False),  # UTC
)

# Chats that the bot is out of; what they have stored goes some time after.
departures = Table(
    "telegram_departures",
    metadata,
    Column("chat", BigInteger, primary_key=True, autoincrement=False),
    Column("left_at", DateTime, nullable=False),  # UTC
)


# Columns of version 2: what chats choose, in which messages a reply stands, which edit a post is.
_NEW_COLUMNS = (
    ("telegram_chats", "short BOOLEAN DEFAULT false NOT NULL"),
    ("telegram_chats", "language VARCHAR(8)"),
    ("telegram_replies", "message BIGINT"),
    ("telegram_replies", "sent TEXT"),
    ("telegram_posts", "edited BIGINT DEFAULT 0 NOT NULL"),
)


def _add_columns(connection: Connection) -> None:
    for table, column in _NEW_COLUMNS:
        connection.execute(text(f"ALTER TABLE {table} ADD COLUMN {column}"))


# Tables of version 3: what waits, what is sent, what was a moment ago.
_NEW_TABLES = (
    "CREATE TABLE telegram_inbox (bot BIGINT NOT NULL, update_id BIGINT NOT NULL, chat BIGINT NOT "
    "NULL, content TEXT, received_at BIGINT NOT NULL, worker VARCHAR(200), beat BIGINT DEFAULT 0 "
    "NOT NULL, tries SMALLINT DEFAULT 0 NOT NULL, PRIMARY KEY (bot, update_id))",
    "CREATE INDEX ix_telegram_inbox_received_at ON telegram_inbox (received_at)",
    "CREATE INDEX ix_telegram_inbox_undone ON telegram_inbox (bot, chat, update_id) "
    "WHERE content IS NOT NULL",
    "CREATE TABLE telegram_outbox (bot BIGINT NOT NULL, update_id BIGINT NOT NULL, number INTEGER "
    "NOT NULL, request TEXT NOT NULL, result TEXT, PRIMARY KEY (bot, update_id, number))",
    "CREATE TABLE telegram_recent (kind VARCHAR(200) NOT NULL, owner BIGINT NOT NULL, value TEXT "
    "NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (kind, owner))",
    "CREATE INDEX ix_telegram_recent_at ON telegram_recent (at)",
)


def _add_tables(connection: Connection) -> None:
    for statement in _NEW_TABLES:
        connection.execute(text(statement))


def _add_bringing(connection: Connection) -> None:
    """Make the tables of additions and departures, which have kept their form since."""
    metadata.create_all(connection, [additions, departures])


def _add_pollers(connection: Connection) -> None:
    connection.execute(
        text(
            "CREATE TABLE telegram_pollers (bot BIGINT NOT NULL, name VARCHAR(200) NOT NULL, place "
            "VARCHAR(200) NOT NULL, beat BIGINT NOT NULL, polls BOOLEAN NOT NULL, "
            "PRIMARY KEY (bot, name))"
        )
    )


def _add_aside(connection: Connection) -> None:
    """Since version 5 work may go on beside the updates that come behind."""
    column = "aside BOOLEAN DEFAULT false NOT NULL"
    connection.execute(text(f"ALTER TABLE telegram_inbox ADD COLUMN {column}"))


MIGRATIONS = Migrations(
    "telegram schema",
    metadata,
    steps=(_add_columns, _add_tables, _add_bringing, _add_aside, _add_pollers),
)
