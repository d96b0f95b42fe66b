"""
The answers that were given, across restarts and for all processes of the bot.

Functions over an engine; each is one transaction. They wait for the database, so the bot calls
them outside of its event loop.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, delete, exists, select, update

from bot.telegram.store import tables
from bot.telegram.store.reply_values import (
    LANGUAGE_TOLD,
    Conversation,
    Reply,
    SentReply,
    from_row,
    to_json,
)
from bot.telegram.store.tables import MIGRATIONS, replies, reply_numbers, votes
from bot.telegram.store.upserts import put_row
from index.storage.engine import writing
from index.storage.migrations import migrate
from index.storage.numbering import next_number

EARLIER_QUESTIONS = 12  # that a question is read with, as in the console
MAX_ID = 2**31 - 1  # of a reply, on every database
NOBODY = 0  # who has asked, and where, once that is forgotten


def open_store(engine: Engine) -> None:
    """Make the tables or bring them up."""
    migrate(engine, MIGRATIONS)


def save(engine: Engine, reply: Reply) -> int:
    """Store *reply* and return its id."""
    row = {
        "chat": reply.conversation.chat,
        "topic": reply.conversation.topic,
        "asker": reply.asker,
        "question": reply.question,
        "library": reply.library,
        "answer": to_json(reply),
        "asked_at": _now(),
    }
    with writing(engine, tables.SHORT_WAIT) as connection:
        number = next_number(connection, reply_numbers)
        connection.execute(replies.insert(), {**row, "id": number})
    return number


def load(engine: Engine, chat: int, number: int) -> Reply | None:
    """Load the reply of *chat* with the id *number*, None when it is forgotten."""
    if number > MAX_ID:
        return None
    with engine.connect() as connection:
        row = connection.execute(select(replies).where(*_is(chat, number))).one_or_none()
    return None if row is None else from_row(row)


def last(engine: Engine, conversation: Conversation, without: int = 0) -> Reply | None:
    """The last reply of *conversation* but *without*, None when there is none."""
    query = (
        select(replies)
        .where(*_in(conversation), replies.c.id != without)
        .order_by(replies.c.id.desc())
        .limit(1)
    )
    with engine.connect() as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else from_row(row)


def was_language_told(engine: Engine, conversation: Conversation) -> bool:
    """Whether a reply to the chat of *conversation* said that the model knows English only."""
    told = replies.c.answer.contains(f'"{LANGUAGE_TOLD}": true', autoescape=True)
    query = select(replies.c.id).where(replies.c.chat == conversation.chat, told).limit(1)
    with engine.connect() as connection:
        return connection.scalar(query) is not None


def note_sent(engine: Engine, reply: Reply, message: int, sent: Sequence[int]) -> None:
    """Note that *reply* to *message* stands in the messages *sent*."""
    row = {"message": message, "sent": json.dumps(list(sent))}
    its = _is(reply.conversation.chat, reply.id)
    with writing(engine, tables.SHORT_WAIT) as connection:
        connection.execute(update(replies).where(*its).values(row))


def find_sent(engine: Engine, chat: int, message: int) -> SentReply | None:
    """The last reply to *message* of *chat*, None when there was none that is remembered."""
    query = (
        select(replies.c.id, replies.c.question, replies.c.sent)
        .where(replies.c.chat == chat, replies.c.message == message)
        .order_by(replies.c.id.desc())
        .limit(1)
    )
    with engine.connect() as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else SentReply(row.id, row.question, tuple(json.loads(row.sent)))


def forget(engine: Engine, chat: int, number: int) -> None:
    """Forget the reply *number* of *chat*, which another one has taken the place of."""
    with writing(engine, tables.SHORT_WAIT) as connection:
        connection.execute(delete(replies).where(*_is(chat, number)))


def earlier_questions(engine: Engine, conversation: Conversation, without: int = 0) -> list[str]:
    """The last questions of *conversation*, the oldest first; not that of the reply *without*."""
    query = (
        select(replies.c.question)
        .where(*_in(conversation), replies.c.id != without)
        .order_by(replies.c.id.desc())
        .limit(EARLIER_QUESTIONS)
    )
    with engine.connect() as connection:
        return list(connection.scalars(query))[::-1]


def vote(engine: Engine, chat: int, number: int, voter: int, value: int) -> bool:
    """Note that *voter* finds a reply good (1) or bad (-1); False when it is forgotten."""
    row = {"chat": chat, "reply": number, "voter": voter, "vote": value}
    with writing(engine, tables.SHORT_WAIT) as connection:
        if connection.scalar(select(replies.c.id).where(*_is(chat, number))) is None:
            return False
        put_row(connection, votes, row)
    return True


def voted_replies(engine: Engine) -> list[tuple[Reply, int]]:
    """All replies that were voted on, the oldest first, with the sum of their votes."""
    query = select(replies, votes.c.vote).join(votes).order_by(replies.c.id)
    sums: dict[int, tuple[Reply, int]] = {}
    with engine.connect() as connection:
        for row in connection.execute(query):
            reply, total = sums.get(row.id) or (from_row(row), 0)
            sums[row.id] = (reply, total + row.vote)
    return list(sums.values())


def forget_old(engine: Engine, age: timedelta) -> None:
    """
    Forget the replies that are older than *age*.

    Of those that were voted on, which are the operator's question file, question and passages are
    kept, but not who has asked or voted, nor in which chat.
    """
    old = replies.c.asked_at < _now() - age
    judged = exists().where(votes.c.chat == replies.c.chat, votes.c.reply == replies.c.id)
    named = select(replies).where(old, replies.c.chat != NOBODY)
    with writing(engine) as connection:
        connection.execute(delete(replies).where(old, ~judged))
        for row in connection.execute(named).mappings().all():
            _unname(connection, dict(row))


def _unname(connection: Connection, row: dict[str, Any]) -> None:
    """Forget who has asked for the reply of *row*, and who has voted on it; the votes stay."""
    its = (votes.c.chat == row["chat"], votes.c.reply == row["id"])
    given = connection.scalars(select(votes.c.vote).where(*its).order_by(votes.c.vote)).all()
    nowhere = {"chat": NOBODY, "topic": 0, "asker": NOBODY, "message": None, "sent": None}
    connection.execute(replies.insert(), row | nowhere)
    key = {"chat": NOBODY, "reply": row["id"]}
    rows = [{**key, "voter": -at, "vote": value} for at, value in enumerate(given, 1)]
    connection.execute(votes.insert(), rows)
    connection.execute(delete(replies).where(*_is(row["chat"], row["id"])))


def _is(chat: int, number: int) -> tuple[ColumnElement[bool], ...]:
    return replies.c.chat == chat, replies.c.id == number


def _in(conversation: Conversation) -> tuple[ColumnElement[bool], ...]:
    return replies.c.chat == conversation.chat, replies.c.topic == conversation.topic


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
