"""All rows that the bot keeps of one chat."""

from __future__ import annotations

from sqlalchemy import Connection, delete

from bot.telegram.store.tables import (
    additions,
    chats,
    departures,
    forwards,
    posts,
    replies,
    scopes,
)

# The column of each table that names the chat whose row it is.
_OWNERS = (
    *(replies.c.chat, scopes.c.chat, chats.c.chat, additions.c.chat, departures.c.chat),
    *(posts.c.channel, forwards.c.chat, forwards.c.channel),
)


def delete_rows(connection: Connection, chat: int) -> None:
    """Delete questions, answers and their votes, settings, posts: all that *chat* has stored."""
    # Of those that were voted on long ago nothing but the library says whose they are.
    connection.execute(delete(replies).where(replies.c.library == str(chat)))
    for owner in _OWNERS:
        connection.execute(delete(owner.table).where(owner == chat))
