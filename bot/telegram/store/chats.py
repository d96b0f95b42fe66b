"""
What a chat has said about itself: its settings, and the article it asks.

Like bot.telegram.store.replies: one transaction each, outside of the event loop.
"""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy import Engine, delete, select, update

from bot.telegram.store.replies import Conversation
from bot.telegram.store.tables import chats, forwards, replies, scopes
from index.storage.engine import writing
from index.storage.renaming import rename_library

log = logging.getLogger(__name__)


def setting(engine: Engine, chat: int, name: str) -> bool:
    """Whether *chat* has said so: *name* is "quiet" or "indexed"."""
    with engine.connect() as connection:
        return bool(connection.scalar(select(chats.c[name]).where(chats.c.chat == chat)))


def change_setting(engine: Engine, chat: int, name: str, *, value: bool) -> None:
    """Note what *chat* has said."""
    with writing(engine) as connection:
        if connection.scalar(select(chats.c.chat).where(chats.c.chat == chat)) is None:
            connection.execute(chats.insert(), {"chat": chat})
        connection.execute(update(chats).where(chats.c.chat == chat).values({name: value}))


def scope_of(engine: Engine, conversation: Conversation) -> str | None:
    """The id of the article that *conversation* is narrowed to."""
    with engine.connect() as connection:
        return connection.scalar(select(scopes.c.article).where(*_narrowed(conversation)))


def narrow(engine: Engine, conversation: Conversation, article: str | None) -> None:
    """Narrow *conversation* to *article*, or with None let it ask all of them again."""
    row = {"chat": conversation.chat, "topic": conversation.topic, "article": article}
    with writing(engine) as connection:
        connection.execute(delete(scopes).where(*_narrowed(conversation)))
        if article is not None:
            connection.execute(scopes.insert(), row)


def migrate(engine: Engine, old: int, new: int) -> None:
    """Let all that is remembered of the chat *old*, and its articles, belong to the chat *new*."""
    if not rename_library(engine, str(old), str(new)):
        log.warning(
            "the chats %d and %d both have articles; those of the first stay there", old, new
        )
    with writing(engine) as connection:
        for table in (chats, scopes, replies, forwards):
            known = connection.scalar(select(table.c.chat).where(table.c.chat == new).limit(1))
            if known is None or table is replies:
                moved = update(table).where(table.c.chat == old).values(chat=new)
                connection.execute(moved)
        own = replies.c.library == str(old)
        connection.execute(update(replies).where(own).values(library=str(new)))


def _narrowed(conversation: Conversation) -> tuple[Any, ...]:
    return scopes.c.chat == conversation.chat, scopes.c.topic == conversation.topic
