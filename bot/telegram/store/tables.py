"""
What the bot remembers of Telegram, in tables beside those of the articles.

They are made when the bot first opens a database, and brought up when an older one made them. Ids
of chats and users need 64 bits. What grows has the chat, or the person, first in its primary key,
and in what refers to another row, so that a server that shards by it keeps a chat in one place.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    false,
)

from bot.telegram.store.chat_keys import key_by_chat
from bot.telegram.store.earlier_steps import add_aside, add_columns, add_pollers, add_tables
from index.storage.migrations import Migrations
from index.storage.numbering import number_table

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
    # A button of a forgotten reply never shows another one, so an id is given once, in all chats.
    Column("id", Integer, nullable=False),
    Column("chat", BigInteger, nullable=False),
    Column("topic", BigInteger, nullable=False),
    Column("asker", BigInteger, nullable=False),
    Column("question", Text, nullable=False),
    Column("library", String(200), nullable=False),  # the chat whose articles were asked
    Column("answer", Text, nullable=False),  # JSON, as bot.telegram.store.replies writes it
    Column("asked_at", DateTime, nullable=False, index=True),  # UTC
    Column("message", BigInteger),  # the message that asked, NULL until its reply is sent
    Column("sent", Text),  # JSON: the messages of the reply
    PrimaryKeyConstraint("chat", "id"),
)
reply_numbers = number_table("telegram_reply_numbers", metadata, replies.c.id)

votes = Table(
    "telegram_votes",
    metadata,
    Column("reply", Integer, nullable=False),
    Column("voter", BigInteger, nullable=False),
    Column("vote", SmallInteger, nullable=False),  # 1 for 👍, -1 for 👎
    Column("chat", BigInteger, nullable=False),  # that of the reply
    PrimaryKeyConstraint("chat", "reply", "voter"),
    ForeignKeyConstraint(
        ["chat", "reply"],
        [replies.c.chat, replies.c.id],
        name="fk_telegram_votes_reply",
        ondelete="CASCADE",
    ),
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

# Updates, from when they come until Telegram cannot send them again; see kept_updates. An update
# that comes again has the same chat (update_reading.owner_of), so it is found in its place.
inbox = Table(
    "telegram_inbox",
    metadata,
    Column("bot", BigInteger, nullable=False),
    Column("update_id", BigInteger, nullable=False),
    Column("chat", BigInteger, nullable=False),  # or the user, where there is no chat
    Column("content", Text),  # JSON as Telegram sent it, NULL when it is done
    Column("received_at", BigInteger, nullable=False, index=True),  # seconds
    Column("worker", String(200)),  # who works on it
    Column("beat", BigInteger, nullable=False, server_default="0"),  # moves while that one lives
    Column("tries", SmallInteger, nullable=False, server_default="0"),  # how often it was begun
    # Whether its work goes on while later updates of the chat are worked on.
    Column("aside", Boolean, nullable=False, server_default=false()),
    PrimaryKeyConstraint("chat", "bot", "update_id"),
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
    Column("bot", BigInteger, nullable=False),
    Column("update_id", BigInteger, nullable=False),
    Column("number", Integer, nullable=False),  # of those of the update
    Column("request", Text, nullable=False),  # JSON
    Column("result", Text),  # JSON as Telegram answered, NULL until it has
    Column("chat", BigInteger, nullable=False),  # that of the update
    PrimaryKeyConstraint("chat", "bot", "update_id", "number"),
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
    Column("kind", String(200), nullable=False),
    Column("owner", BigInteger, nullable=False),  # a person or a chat
    Column("value", Text, nullable=False),  # JSON
    Column("at", BigInteger, nullable=False, index=True),  # seconds
    PrimaryKeyConstraint("owner", "kind"),
)

# When something was added to a chat's articles; an hour is remembered.
additions = Table(
    "telegram_additions",
    metadata,
    Column("chat", BigInteger, primary_key=True, autoincrement=False),
    Column("added_at", DateTime, primary_key=True),  # UTC
)

# Chats that the bot is out of; what they have stored goes some time after.
departures = Table(
    "telegram_departures",
    metadata,
    Column("chat", BigInteger, primary_key=True, autoincrement=False),
    Column("left_at", DateTime, nullable=False),  # UTC
)


def _add_bringing(connection: Connection) -> None:
    """Make the tables of additions, which a later step makes anew, and of departures."""
    metadata.create_all(connection, [additions, departures])


MIGRATIONS = Migrations(
    "telegram schema",
    metadata,
    steps=(add_columns, add_tables, _add_bringing, add_aside, add_pollers, key_by_chat),
)
