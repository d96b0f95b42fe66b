"""Steps that brought the tables of the bot up to version 6, but for those of bringing articles."""

from __future__ import annotations

from sqlalchemy import Connection, text

# Columns of version 2: what chats choose, in which messages a reply stands, which edit a post is.
_NEW_COLUMNS = (
    ("telegram_chats", "short BOOLEAN DEFAULT false NOT NULL"),
    ("telegram_chats", "language VARCHAR(8)"),
    ("telegram_replies", "message BIGINT"),
    ("telegram_replies", "sent TEXT"),
    ("telegram_posts", "edited BIGINT DEFAULT 0 NOT NULL"),
)


def add_columns(connection: Connection) -> None:
    """Version 2: columns."""
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


def add_tables(connection: Connection) -> None:
    """Version 3: tables."""
    for statement in _NEW_TABLES:
        connection.execute(text(statement))


def add_pollers(connection: Connection) -> None:
    """Version 6: who polls."""
    connection.execute(
        text(
            "CREATE TABLE telegram_pollers (bot BIGINT NOT NULL, name VARCHAR(200) NOT NULL, place "
            "VARCHAR(200) NOT NULL, beat BIGINT NOT NULL, polls BOOLEAN NOT NULL, "
            "PRIMARY KEY (bot, name))"
        )
    )


def add_aside(connection: Connection) -> None:
    """Since version 5 work may go on beside the updates that come behind."""
    column = "aside BOOLEAN DEFAULT false NOT NULL"
    connection.execute(text(f"ALTER TABLE telegram_inbox ADD COLUMN {column}"))
