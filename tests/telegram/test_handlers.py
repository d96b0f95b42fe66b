"""Which handler an update reaches, in this process: the real application, without a network."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import pytest
from fakes import HashingEncoder
from telegram import Update
from telegram.ext import Application
from telegram.request import BaseRequest, RequestData

from bot.config import Settings
from bot.telegram.application import add_handlers
from bot.telegram.bot_context import Answerers, Office
from bot.telegram.store.replies import open_memory
from bot.telegram.update_order import Allowance, ByChat, Locks
from index.storage.database import open_database

TOKEN = "123456789:AAFakeTokenOfTheTestsOfTheBot-0_1234"  # noqa: S105 (has the shape of a token)
BOT = {"id": 123456789, "is_bot": True, "first_name": "Article bot", "username": "ArticleBot"}
ANN = {"id": 7, "is_bot": False, "first_name": "Ann"}
MEMBER = {"status": "member", "user": ANN}
PRIVATE = {"id": 7, "type": "private", "first_name": "Ann"}
GROUP = {"id": -1007, "type": "supergroup", "title": "News"}
QUESTION = "what conditions did the US set?"


class RecordingRequest(BaseRequest):
    """Answers every request at once, and remembers what was asked."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []

    @property
    def read_timeout(self) -> float:
        return 1.0

    async def initialize(self) -> None:
        """Do nothing."""

    async def shutdown(self) -> None:
        """Do nothing."""

    async def do_request(
        self, url: str, request_data: RequestData | None = None, **_: Any
    ) -> tuple[int, bytes]:
        name = url.rpartition("/")[2]
        given = request_data.parameters if request_data else {}
        self.calls.append((name, given))
        result: Any = {"getMe": BOT, "getChatMember": MEMBER}.get(name, True)
        if name == "sendMessage":
            chat = {"id": given["chat_id"], "type": "private", "first_name": "Ann"}
            result = {"message_id": 99, "date": 0, "chat": chat, "text": given["text"]}
        return 200, json.dumps({"ok": True, "result": result}).encode()


def message(chat: dict[str, Any], text: str, **fields: Any) -> dict[str, Any]:
    """A message of Ann as Telegram writes it."""
    entities = []
    if (at := text.find("@")) >= 0:
        length = len(text[at:].split(maxsplit=1)[0])
        entities = [{"type": "mention", "offset": at, "length": length}]
    if text.startswith("/"):
        entities = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
    head = {"message_id": 5, "date": int(time.time()), "chat": chat, "from": ANN}
    return head | {"text": text, "entities": entities} | fields


@pytest.fixture
def replies(tmp_path: Path) -> Any:
    """Give a function that lets the application work on an update, and tells what it called."""

    async def work(update: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
        engine = open_database(f"sqlite:///{tmp_path / 'a.sqlite'}")
        open_memory(engine)
        settings, request, locks = Settings(threshold=0.0), RecordingRequest(), Locks()
        builder = Application.builder().token(TOKEN).updater(None)
        builder = builder.request(request).concurrent_updates(ByChat(locks))
        application = builder.build()
        answerers = Answerers(engine, HashingEncoder(), None, settings)
        office = Office(engine, answerers, settings, Allowance(20), locks)
        add_handlers(application, office)
        async with application:
            given = Update.de_json({"update_id": 1, **update}, application.bot)
            await application.process_update(given)
        office.threads.shutdown()
        return [call for call in request.calls if call[0] not in {"getMe", "sendChatAction"}]

    return lambda **update: asyncio.run(work(update))


def test_text_in_private_is_answered(replies: Any) -> None:
    """The answer replies to the question, with buttons."""
    ((name, given),) = replies(message=message(PRIVATE, QUESTION))

    assert name == "sendMessage"
    assert given["reply_parameters"] == {
        "message_id": 5,
        "allow_sending_without_reply": True,
    }
    assert "<blockquote" in given["text"]
    assert given["reply_markup"]["inline_keyboard"]


@pytest.mark.parametrize(
    ("text", "answered"),
    [
        (QUESTION, False),
        (f"@articlebot {QUESTION}", True),
        (f"/ask {QUESTION}", True),
        (f"/ask@OtherBot {QUESTION}", False),
        ("/quiet", True),
    ],
)
def test_in_a_group_only_what_is_meant_for_the_bot(
    replies: Any, text: str, *, answered: bool
) -> None:
    """Everything else is left alone."""
    sent = [name for name, _ in replies(message=message(GROUP, text)) if name == "sendMessage"]

    assert bool(sent) is answered


@pytest.mark.parametrize(
    "update",
    [
        {"edited_message": message(PRIVATE, QUESTION, edit_date=1)},
        {"message": message(GROUP, f"@ArticleBot {QUESTION}", via_bot=BOT)},
        {"message": message(GROUP, f"@ArticleBot {QUESTION}", **{"from": BOT})},
        {"channel_post": message({"id": -100, "type": "channel", "title": "C"}, QUESTION)},
        {
            "message": message(
                GROUP,
                f"@ArticleBot {QUESTION}",
                is_automatic_forward=True,
                forward_origin={
                    "type": "channel",
                    "date": 0,
                    "chat": {"id": -100, "type": "channel", "title": "C"},
                    "message_id": 3,
                },
            )
        },
    ],
)
def test_what_is_no_question_of_a_person_gets_nothing(replies: Any, update: dict[str, Any]) -> None:
    """Edits, other bots, inline results, posts and their copies."""
    assert replies(**update) == []


def test_an_unknown_button_has_expired(replies: Any) -> None:
    """It is answered all the same, so that it stops waiting."""
    query = {"id": "1", "from": ANN, "chat_instance": "1", "data": "nothing we know"}

    ((name, given),) = replies(callback_query=query)

    assert name == "answerCallbackQuery"
    assert given["text"] == "This button has expired; please ask again."
