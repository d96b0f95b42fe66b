"""
The answers that were given, across restarts and for all processes of the bot.

Functions over an engine; each is one transaction. They wait for the database, so the bot calls
them outside of its event loop.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, delete, select, update

from bot.telegram.store import tables
from bot.telegram.store.quoted_passages import QuotedPassage, from_fields, quote, to_fields
from bot.telegram.store.tables import MIGRATIONS, replies, votes
from bot.telegram.store.upserts import put_row
from index.datatypes import Answer, Tier
from index.errors import LibraryError
from index.storage.engine import writing
from index.storage.migrations import migrate

log = logging.getLogger(__name__)

EARLIER_QUESTIONS = 4  # that a question is read with, as in the console
# How long buttons work, and how long a follow-up finds what it follows. Voted ones are kept: they
# are the operator's question file.
KEPT_FOR = timedelta(days=30)
MAX_ID = 2**31 - 1  # of a reply, on every database
FORGET_EVERY = 500  # replies; forgetting scans an index, and need not happen at each


@dataclass(frozen=True, slots=True)
class Conversation:
    """A chat, or one topic of it (0 outside of topics)."""

    chat: int
    topic: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """
    An answer that was given.

    *passages* are all that were found: the first *shown* stand in the reply, the others wait
    behind "More". *articles* is how many were searched, *library* the chat that they belong to;
    *asked* is the title of the only one, where the chat was narrowed to it.
    """

    conversation: Conversation
    asker: int
    question: str
    library: str
    tier: Tier
    kind: str
    articles: int
    shown: int
    passages: tuple[QuotedPassage, ...]
    unanswered: tuple[str, ...] = ()
    asked: str | None = None
    id: int = 0

    @property
    def answered(self) -> bool:
        """Whether the articles answered, or may have."""
        return self.tier != "not"


@dataclass(frozen=True, slots=True)
class SentReply:
    """The reply *id* to *question*, as it stands in the messages *sent* of a chat."""

    id: int
    question: str
    sent: tuple[int, ...]


def open_store(engine: Engine) -> None:
    """Make the tables or bring them up, and forget what is too old."""
    migrate(engine, MIGRATIONS)
    try:
        with writing(engine) as connection:
            _forget(connection)
    except LibraryError as exc:  # questions can be answered without
        log.warning("old replies are not forgotten: %s", exc)


def save(engine: Engine, reply: Reply) -> int:
    """Store *reply* and return its id."""
    row = {
        "chat": reply.conversation.chat,
        "topic": reply.conversation.topic,
        "asker": reply.asker,
        "question": reply.question,
        "library": reply.library,
        "answer": _to_json(reply),
        "asked_at": _now(),
    }
    with writing(engine, tables.SHORT_WAIT) as connection:
        number = connection.execute(replies.insert().returning(replies.c.id), row).scalar_one()
        if number % FORGET_EVERY == 0:
            _forget(connection)
    return int(number)


def load(engine: Engine, number: int) -> Reply | None:
    """Load the reply with the id *number*, None when it is forgotten."""
    if number > MAX_ID:
        return None
    with engine.connect() as connection:
        row = connection.execute(select(replies).where(replies.c.id == number)).one_or_none()
    return None if row is None else _from_row(row)


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


def earlier_questions(engine: Engine, conversation: Conversation) -> list[str]:
    """The last questions of *conversation*, the oldest first."""
    query = (
        select(replies.c.question)
        .where(replies.c.chat == conversation.chat, replies.c.topic == conversation.topic)
        .order_by(replies.c.id.desc())
        .limit(EARLIER_QUESTIONS)
    )
    with engine.connect() as connection:
        return list(connection.scalars(query))[::-1]


def make_reply(
    answer: Answer, conversation: Conversation, asker: int, *, library: str, articles: int
) -> Reply:
    """What is to be remembered of *answer*, which was looked for in *articles* of *library*."""
    return Reply(
        conversation=conversation,
        asker=asker,
        question=answer.question,
        library=library,
        tier=answer.tier,
        kind=answer.kind,
        articles=articles,
        # When nothing answers, only the nearest passage is shown.
        shown=len(answer.passages) if answer.answered else min(len(answer.passages), 1),
        passages=tuple(map(quote, (*answer.passages, *answer.further))),
        unanswered=answer.unanswered,
    )


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
            reply, total = sums.get(row.id) or (_from_row(row), 0)
            sums[row.id] = (reply, total + row.vote)
    return list(sums.values())


def _forget(connection: Connection) -> None:
    judged = select(votes.c.reply)
    old = (replies.c.asked_at < _now() - KEPT_FOR, replies.c.id.not_in(judged))
    connection.execute(delete(replies).where(*old))


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _to_json(reply: Reply) -> str:
    fields = {
        "tier": reply.tier,
        "kind": reply.kind,
        "articles": reply.articles,
        "shown": reply.shown,
        "passages": [to_fields(passage) for passage in reply.passages],
        "unanswered": reply.unanswered,
        "asked": reply.asked,
    }
    return json.dumps(fields)


def _from_row(row: Any) -> Reply:  # noqa: ANN401 (a row of replies)
    fields = json.loads(row.answer)
    return Reply(
        conversation=Conversation(row.chat, row.topic),
        asker=row.asker,
        question=row.question,
        library=row.library,
        # Earlier versions wrote whether it was answered, and were less careful to be sure.
        tier=fields.get("tier") or ("may" if fields["answered"] else "not"),
        kind=fields["kind"],
        articles=fields["articles"],
        shown=fields["shown"],
        passages=tuple(map(from_fields, fields["passages"])),
        unanswered=tuple(fields["unanswered"]),
        asked=fields.get("asked"),
        id=row.id,
    )
