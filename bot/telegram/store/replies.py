"""
The answers that were given, across restarts and for all processes of the bot.

Functions over an engine; each is one transaction. They wait for the database, so the bot calls
them outside of its event loop.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Engine, delete, select, update

from bot.telegram.store import tables
from bot.telegram.store.reply_values import (
    LANGUAGE_TOLD,
    Conversation,
    Reply,
    SentReply,
    from_row,
    to_json,
)
from bot.telegram.store.tables import MIGRATIONS, replies, votes
from bot.telegram.store.upserts import put_row
from index.storage.engine import writing
from index.storage.migrations import migrate

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
        number = connection.execute(replies.insert().returning(replies.c.id), row).scalar_one()
    return int(number)


def load(engine: Engine, number: int) -> Reply | None:
    """Load the reply with the id *number*, None when it is forgotten."""
    if number > MAX_ID:
        return None
    with engine.connect() as connection:
        row = connection.execute(select(replies).where(replies.c.id == number)).one_or_none()
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


def note_sent(engine: Engine, number: int, message: int, sent: Sequence[int]) -> None:
    """Note that the reply *number* to *message* stands in the messages *sent*."""
    row = {"message": message, "sent": json.dumps(list(sent))}
    with writing(engine, tables.SHORT_WAIT) as connection:
        connection.execute(update(replies).where(replies.c.id == number).values(row))


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


def forget(engine: Engine, number: int) -> None:
    """Forget the reply *number*, which another one has taken the place of."""
    with writing(engine, tables.SHORT_WAIT) as connection:
        connection.execute(delete(replies).where(replies.c.id == number))


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


def vote(engine: Engine, number: int, voter: int, value: int) -> bool:
    """Note that *voter* finds the reply good (1) or bad (-1); False when it is forgotten."""
    with writing(engine, tables.SHORT_WAIT) as connection:
        if connection.scalar(select(replies.c.id).where(replies.c.id == number)) is None:
            return False
        put_row(connection, votes, {"reply": number, "voter": voter, "vote": value})
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
    judged = select(votes.c.reply)
    old = replies.c.asked_at < _now() - age
    with writing(engine) as connection:
        connection.execute(delete(replies).where(old, replies.c.id.not_in(judged)))
        named = select(replies.c.id).where(old, replies.c.asker != NOBODY)
        for number in list(connection.scalars(named)):
            _unname(connection, number)


def _unname(connection: Connection, number: int) -> None:
    """Forget who has asked for the reply *number*, and who has voted on it; the votes stay."""
    query = select(votes.c.vote).where(votes.c.reply == number).order_by(votes.c.vote)
    given = list(connection.scalars(query))
    connection.execute(delete(votes).where(votes.c.reply == number))
    rows = [{"reply": number, "voter": -at, "vote": value} for at, value in enumerate(given, 1)]
    connection.execute(votes.insert(), rows)
    nowhere = {"chat": NOBODY, "topic": 0, "asker": NOBODY, "message": None, "sent": None}
    connection.execute(update(replies).where(replies.c.id == number).values(nowhere))


def _in(conversation: Conversation) -> tuple[ColumnElement[bool], ...]:
    return replies.c.chat == conversation.chat, replies.c.topic == conversation.topic


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
