"""
What a chat has said about itself: its settings, and the article it asks.

Like bot.telegram.store.replies: one transaction each, outside of the event loop.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Table,
    delete,
    false,
    literal,
    select,
    update,
)

from bot.telegram.store import tables
from bot.telegram.store.reply_values import Conversation
from bot.telegram.store.tables import (
    additions,
    chats,
    departures,
    forwards,
    replies,
    scopes,
    votes,
)
from bot.telegram.store.upserts import put_row
from index.storage.engine import writing
from index.storage.renaming import rename_library

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """
    What a chat has said about itself.

    *quiet*: a reaction instead of a refusal; *indexed*: posts of this channel become articles;
    *short*: the sentence alone; *language* to speak in, None for that of who asks.
    """

    quiet: bool = False
    indexed: bool = False
    short: bool = False
    language: str | None = None


def read_settings(engine: Engine, chat: int) -> ChatSettings:
    """What *chat* has said."""
    columns = (chats.c.quiet, chats.c.indexed, chats.c.short, chats.c.language)
    with engine.connect() as connection:
        row = connection.execute(select(*columns).where(chats.c.chat == chat)).one_or_none()
    return ChatSettings() if row is None else ChatSettings(*row)


def change_setting(engine: Engine, chat: int, name: str, value: bool | str | None) -> None:
    """Note what *chat* has said; *name* is a field of ChatSettings."""
    with writing(engine, tables.SHORT_WAIT) as connection:
        put_row(connection, chats, {"chat": chat, "quiet": False, "indexed": False}, _never)
        connection.execute(update(chats).where(chats.c.chat == chat).values({name: value}))


def scope_of(engine: Engine, conversation: Conversation) -> str | None:
    """The id of the article that *conversation* is narrowed to."""
    with engine.connect() as connection:
        return connection.scalar(select(scopes.c.article).where(*_narrowed(conversation)))


def narrow(engine: Engine, conversation: Conversation, article: str | None) -> None:
    """Narrow *conversation* to *article*, or with None let it ask all of them again."""
    row = {"chat": conversation.chat, "topic": conversation.topic, "article": article}
    with writing(engine, tables.SHORT_WAIT) as connection:
        if article is None:
            connection.execute(delete(scopes).where(*_narrowed(conversation)))
        else:
            put_row(connection, scopes, row)


def migrate(engine: Engine, old: int, new: int) -> None:
    """Let all that is remembered of the chat *old*, and its articles, belong to the chat *new*."""
    if not rename_library(engine, str(old), str(new)):
        log.warning(
            "the chats %d and %d both have articles; those of the first stay there", old, new
        )
    with writing(engine) as connection:
        for table in (chats, scopes, forwards):
            if connection.scalar(select(table.c.chat).where(table.c.chat == new).limit(1)) is None:
                _move(connection, [table], old, new)
        _move(connection, [replies, votes], old, new)
        for table in (additions, departures):
            connection.execute(delete(table).where(table.c.chat == old))
        own = replies.c.library == str(old)
        connection.execute(update(replies).where(own).values(library=str(new)))


def _move(connection: Connection, moved: Sequence[Table], old: int, new: int) -> None:
    """
    Let the rows of *moved*, of which the first may be referred to by the others, be those of *new*.

    They are copied: a server that shards by a column does not let it be changed.
    """
    for table in moved:
        columns = [literal(new) if column.name == "chat" else column for column in table.c]
        rows = select(*columns).where(table.c.chat == old)
        connection.execute(table.insert().from_select([column.name for column in table.c], rows))
    connection.execute(delete(moved[0]).where(moved[0].c.chat == old))


def _never(_: Any) -> ColumnElement[bool]:  # noqa: ANN401 (columns of a new row)
    return false()


def _narrowed(conversation: Conversation) -> tuple[Any, ...]:
    return scopes.c.chat == conversation.chat, scopes.c.topic == conversation.topic
