"""A server that shards by library and chat can take over: tables, and what questions ask them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from local_bot import (
    ANN,
    CHANNEL,
    GROUP,
    PRIVATE,
    LocalBot,
    button,
    buttons_of,
    message,
    post,
)
from sharding import GROWING, SMALL, key_of, listening, unnamed
from sqlalchemy import ForeignKeyConstraint, Table, UniqueConstraint

from bot.config import Settings
from bot.telegram.store import chats

QUESTION = "which trams run at noon?"
TEXT = "Trams run on rails. The old trams run at noon. Nobody knows why. Buses are late."


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[LocalBot]:
    """A bot with its database in a file, which its inbox needs."""
    bot = LocalBot(Settings(threshold=0.0), f"sqlite:///{tmp_path / 'a.sqlite'}")
    bot.put(TEXT)
    yield bot
    bot.close()


@pytest.mark.parametrize("table", GROWING, ids=str)
def test_a_table_that_grows_has_the_library_or_chat_first_in_its_key(table: Table) -> None:
    """What is unique has it too, and what refers to another row goes by it."""
    key = key_of(table)
    unique = [part for part in table.constraints if isinstance(part, UniqueConstraint)]
    indexes = [index for index in table.indexes if index.unique]
    references = [part for part in table.constraints if isinstance(part, ForeignKeyConstraint)]

    assert key in {"library", "chat", "channel", "owner"}
    assert all(key in part.columns for part in (*unique, *indexes))
    for reference in references:
        target = reference.referred_table
        pairs = {part.parent.name: part.column.name for part in reference.elements}
        assert target in SMALL or pairs[key] == key_of(target)


@pytest.mark.parametrize(
    ("statement", "tables"),
    [
        ("SELECT telegram_replies.id FROM telegram_replies WHERE telegram_replies.id = ?", True),
        ("DELETE FROM telegram_replies WHERE telegram_replies.chat = ?", False),
        ("INSERT INTO telegram_replies (id, topic) VALUES (?, ?)", True),
        ("INSERT INTO telegram_replies (id, chat) VALUES (?, ?)", False),
        ("SELECT 1 FROM telegram_inbox AS a WHERE a.chat = telegram_inbox.bot", True),
    ],
)
def test_a_statement_that_names_no_chat_is_found(statement: str, *, tables: bool) -> None:
    """Which the next test relies on."""
    assert bool(unnamed(statement)) == tables


def test_each_statement_on_the_way_of_a_question_names_a_library_or_a_chat(bot: LocalBot) -> None:
    """From the inbox to what is noted of the reply; also of an edit, of buttons, and of a wish."""
    asked = message(PRIVATE, QUESTION, message_id=5)
    edited = message(PRIVATE, "which old trams run?", message_id=5, edit_date=asked["date"])
    with listening(bot.engine) as heard:
        (*_, reply) = [call for call in bot.deliver(message=asked) if "reply_markup" in call.given]
        for data in buttons_of(reply).values():
            bot.deliver(callback_query=button(data))
        bot.deliver(edited_message=edited)
        bot.deliver(message=message(PRIVATE, "and when?", message_id=6))
        bot.deliver(message=message(PRIVATE, "thanks, that was good", message_id=7))

    assert len(heard) > 100
    assert [said for said, _ in heard if unnamed(said)] == []


def test_so_do_those_of_other_chats(bot: LocalBot) -> None:
    """Of groups, of comments under posts, of inline queries, and of guests."""
    posted = post(TEXT, message_id=3)
    copied = message(GROUP, TEXT, message_id=8, is_automatic_forward=True, sender_chat=CHANNEL)
    origin = {"type": "channel", "date": 0, "chat": CHANNEL, "message_id": 3}
    thread = {"message_thread_id": 8, "reply_to_message": copied | {"forward_origin": origin}}
    query = {"id": "1", "from": ANN, "query": QUESTION, "offset": ""}
    chats.change_setting(bot.engine, CHANNEL["id"], "indexed", True)
    with listening(bot.engine) as heard:
        bot.deliver(channel_post=posted)
        bot.deliver(message=copied | {"forward_origin": origin})
        bot.deliver(message=message(GROUP, QUESTION, message_id=9) | thread)
        asked = message(GROUP, f"/ask {QUESTION}", message_id=10) | thread
        told = bot.deliver(message=asked)
        bot.deliver(inline_query=query)

    assert "sendMessage" in {call.method for call in told}  # the comment was answered
    assert [said for said, _ in heard if unnamed(said)] == []
