"""
How the tables that grow with the chats come to have the chat first in their keys.

A step of bot.telegram.store.tables. On PostgreSQL only keys are exchanged; SQLite copies the rows,
of which replies are the most.
"""

from __future__ import annotations

from sqlalchemy import Connection

from index.storage.migrations import rebuild

# Rows that took their chat from the row that they belong to.
_CHATS = (
    "ALTER TABLE telegram_votes ADD COLUMN chat BIGINT",
    "UPDATE telegram_votes SET chat = (SELECT r.chat FROM telegram_replies r WHERE r.id = reply)",
    "ALTER TABLE telegram_outbox ADD COLUMN chat BIGINT",
    "UPDATE telegram_outbox SET chat = (SELECT i.chat FROM telegram_inbox i "
    "WHERE i.bot = telegram_outbox.bot AND i.update_id = telegram_outbox.update_id)",
    "DELETE FROM telegram_outbox WHERE chat IS NULL",  # what it was sent for is forgotten
)
# The only table whose rows need no other key than they have; an hour is remembered.
_ADDITIONS = (
    "CREATE TEMPORARY TABLE old_additions AS SELECT DISTINCT chat, added_at "
    "FROM telegram_additions",
    "DROP TABLE telegram_additions",
    "CREATE TABLE telegram_additions (chat BIGINT NOT NULL, added_at {moment} NOT NULL, "
    "PRIMARY KEY (chat, added_at))",
    "INSERT INTO telegram_additions (chat, added_at) SELECT chat, added_at FROM old_additions",
    "DROP TABLE old_additions",
)
_REFERENCE = (
    "CONSTRAINT fk_telegram_votes_reply FOREIGN KEY(chat, reply) "
    "REFERENCES telegram_replies (chat, id) ON DELETE CASCADE"
)
# Numbers go on where those of the table were, also behind rows that are gone.
_POSTGRESQL = (
    "CREATE TABLE telegram_reply_numbers (number SERIAL NOT NULL, PRIMARY KEY (number))",
    "SELECT setval(pg_get_serial_sequence('telegram_reply_numbers', 'number'), "
    "nextval('telegram_replies_id_seq'))",
    "ALTER TABLE telegram_votes DROP CONSTRAINT telegram_votes_reply_fkey, "
    "DROP CONSTRAINT telegram_votes_pkey, ADD PRIMARY KEY (chat, reply, voter)",
    "ALTER TABLE telegram_replies DROP CONSTRAINT telegram_replies_pkey, "
    "ADD PRIMARY KEY (chat, id), ALTER id DROP DEFAULT",
    f"ALTER TABLE telegram_votes ADD {_REFERENCE}",
    "DROP SEQUENCE telegram_replies_id_seq",
    "DROP INDEX ix_telegram_replies_chat",
    "ALTER TABLE telegram_inbox DROP CONSTRAINT telegram_inbox_pkey, "
    "ADD PRIMARY KEY (chat, bot, update_id)",
    "ALTER TABLE telegram_outbox DROP CONSTRAINT telegram_outbox_pkey, "
    "ADD PRIMARY KEY (chat, bot, update_id, number)",
    "ALTER TABLE telegram_recent DROP CONSTRAINT telegram_recent_pkey, "
    "ADD PRIMARY KEY (owner, kind)",
)
_SQLITE_NUMBERS = (
    "CREATE TABLE telegram_reply_numbers (number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT)",
    "INSERT INTO telegram_reply_numbers SELECT seq FROM sqlite_sequence "
    "WHERE name = 'telegram_replies' AND seq > 0",
    "DELETE FROM telegram_reply_numbers",
)
_SQLITE_TABLES = {
    "telegram_replies": (
        "id, chat, topic, asker, question, library, answer, asked_at, message, sent",
        "id INTEGER NOT NULL, chat BIGINT NOT NULL, topic BIGINT NOT NULL, asker BIGINT NOT NULL, "
        "question TEXT NOT NULL, library VARCHAR(200) NOT NULL, answer TEXT NOT NULL, "
        "asked_at DATETIME NOT NULL, message BIGINT, sent TEXT, PRIMARY KEY (chat, id)",
    ),
    "telegram_votes": (
        "reply, voter, vote, chat",
        "reply INTEGER NOT NULL, voter BIGINT NOT NULL, vote SMALLINT NOT NULL, "
        f"chat BIGINT NOT NULL, PRIMARY KEY (chat, reply, voter), {_REFERENCE}",
    ),
    "telegram_inbox": (
        "bot, update_id, chat, content, received_at, worker, beat, tries, aside",
        "bot BIGINT NOT NULL, update_id BIGINT NOT NULL, chat BIGINT NOT NULL, content TEXT, "
        "received_at BIGINT NOT NULL, worker VARCHAR(200), beat BIGINT DEFAULT 0 NOT NULL, "
        "tries SMALLINT DEFAULT 0 NOT NULL, aside BOOLEAN DEFAULT 0 NOT NULL, "
        "PRIMARY KEY (chat, bot, update_id)",
    ),
    "telegram_outbox": (
        "bot, update_id, number, request, result, chat",
        "bot BIGINT NOT NULL, update_id BIGINT NOT NULL, number INTEGER NOT NULL, "
        "request TEXT NOT NULL, result TEXT, chat BIGINT NOT NULL, "
        "PRIMARY KEY (chat, bot, update_id, number)",
    ),
    "telegram_recent": (
        "kind, owner, value, at",
        "kind VARCHAR(200) NOT NULL, owner BIGINT NOT NULL, value TEXT NOT NULL, "
        "at BIGINT NOT NULL, PRIMARY KEY (owner, kind)",
    ),
}
_SQLITE_INDEXES = (
    "CREATE INDEX ix_telegram_replies_asked_at ON telegram_replies (asked_at)",
    "CREATE INDEX ix_telegram_inbox_received_at ON telegram_inbox (received_at)",
    "CREATE INDEX ix_telegram_inbox_undone ON telegram_inbox (bot, chat, update_id) "
    "WHERE content IS NOT NULL",
    "CREATE INDEX ix_telegram_recent_at ON telegram_recent (at)",
)


def key_by_chat(connection: Connection) -> None:
    """Exchange the keys that named no chat, or named it last."""
    postgresql = connection.dialect.name == "postgresql"
    moment = "TIMESTAMP" if postgresql else "DATETIME"
    _do(connection, *_CHATS, *(part.format(moment=moment) for part in _ADDITIONS))
    if postgresql:
        _do(connection, *_POSTGRESQL)
        return
    _do(connection, *_SQLITE_NUMBERS)
    for table, (columns, definition) in _SQLITE_TABLES.items():
        rebuild(connection, table, definition, columns)
    _do(connection, *_SQLITE_INDEXES)


def _do(connection: Connection, *statements: str) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement)
