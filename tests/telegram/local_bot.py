"""The bot in this process, without a network: updates go in, and its calls are recorded."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from fakes import HashingEncoder
from sqlalchemy import Engine
from telegram import Update
from telegram.request import BaseRequest, RequestData

from bot.config import Settings
from bot.resources import Models
from bot.telegram.answerer_pool import AnswererPool
from bot.telegram.application import make_application
from bot.telegram.bot_context import SharedResources
from bot.telegram.handlers.floods import make_overflow
from bot.telegram.inbox import Inbox
from bot.telegram.store.replies import open_store
from bot.telegram.store_thread import StoreThread
from index.encoding.protocol import Encoder, TokenVectors
from index.storage.database import open_database
from index.storage.ingest import add_articles
from index.storage.library import Library
from index.text.articles import make_article
from index.text.readers import ReadArticle

TOKEN = "123456789:AAFakeTokenOfTheTestsOfTheBot-0_1234"  # noqa: S105 (has the shape of a token)
BOT_ID = 123456789
BOT = {
    "id": BOT_ID,
    "is_bot": True,
    "first_name": "Article bot",
    "username": "ArticleBot",
    "can_read_all_group_messages": True,
}
ANN = {"id": 7, "is_bot": False, "first_name": "Ann", "language_code": "en"}
BOB = {"id": 8, "is_bot": False, "first_name": "Bob"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Ann"}
GROUP = {"id": -1007, "type": "supergroup", "title": "News"}
CHANNEL = {"id": -1009, "type": "channel", "title": "Town", "username": "town"}
MEMBER = {"status": "member", "user": ANN}
OWNER = {"status": "creator", "user": ANN, "is_anonymous": False}
CHANNEL_INFO = CHANNEL | {
    "accent_color_id": 0,
    "max_reaction_count": 1,
    "accepted_gift_types": dict.fromkeys(
        (
            "unlimited_gifts",
            "limited_gifts",
            "unique_gifts",
            "premium_subscription",
            "gifts_from_channels",
        ),
        False,
    ),
}
# Calls that say nothing of what a handler did.
_AROUND = frozenset({"getMe", "sendChatAction"})

Json = dict[str, Any]


class Call(NamedTuple):
    """A request to Telegram: its method, and what it was given."""

    method: str
    given: Json


class RecordingRequest(BaseRequest):
    """
    Answers every request at once, and remembers it.

    *results* has the answers of methods that need one of their own, or functions that make it;
    *files* what can be downloaded, by its id; *pauses* the seconds that a
    method takes, *refusals* its error code and what is said.
    """

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.pauses: dict[str, float] = {}
        self.files: dict[str, bytes] = {}
        self.refusals: dict[str, tuple[int, str]] = {}
        self.results: dict[str, Any] = {
            "getMe": BOT,
            "getChatMember": MEMBER,
            "getChat": CHANNEL_INFO,
            "getFile": lambda given: {
                "file_id": given["file_id"],
                "file_unique_id": given["file_id"],
                "file_path": f"documents/{given['file_id']}",
            },
            "answerGuestQuery": {"inline_message_id": "1"},
            "sendMessage": sent_message,
            "editMessageText": sent_message,
            "editMessageReplyMarkup": sent_message,
        }

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
        method = url.rpartition("/")[2]
        if "/file/bot" in url:
            return 200, self.files[method]
        given = request_data.parameters if request_data else {}
        self.calls.append(Call(method, given))
        if method in self.pauses:
            await asyncio.sleep(self.pauses[method])
        if method in self.refusals:
            code, said = self.refusals[method]
            refusal = {"ok": False, "error_code": code, "description": said}
            return code, json.dumps(refusal).encode()
        result = self.results.get(method, True)
        result = result(given) if callable(result) else result
        return 200, json.dumps({"ok": True, "result": result}).encode()


def sent_message(given: Json) -> Json:
    """The message that the bot has sent or changed, as Telegram tells it."""
    chat = next(
        chat for chat in (PRIVATE, GROUP, CHANNEL, {}) if chat.get("id", 0) in {given["chat_id"], 0}
    )
    chat = chat or {"id": given["chat_id"], "type": "private", "first_name": "Somebody"}
    text = given.get("text", "some text")
    return {"message_id": 99, "date": 0, "chat": chat, "from": BOT, "text": text}


def message(chat: Json, text: str, **fields: Any) -> Json:
    """A message of Ann as Telegram writes it."""
    entities = []
    if (at := text.find("@")) >= 0:
        length = len(text[at:].split(maxsplit=1)[0])
        entities = [{"type": "mention", "offset": at, "length": length}]
    if text.startswith("/"):
        entities = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
    head = {"message_id": 5, "date": int(time.time()), "chat": chat, "from": ANN}
    return head | {"text": text, "entities": entities} | fields


def document(name: str, size: int = 1000, chat: Json = PRIVATE, **fields: Any) -> Json:
    """A message of Ann with a document, whose id is its *name*."""
    file = {"file_id": name, "file_unique_id": name, "file_name": name, "file_size": size}
    given = message(chat, "", document=file, **fields)
    return {name: value for name, value in given.items() if name not in {"text", "entities"}}


def post(text: str, **fields: Any) -> Json:
    """A post of the channel."""
    given = message(CHANNEL, text, sender_chat=CHANNEL, **fields)
    return {name: value for name, value in given.items() if name != "from"}


def button(data: str, chat: Json = PRIVATE, by: Json = ANN, **below: Any) -> Json:
    """The press of a button with *data*, which a message of the bot in *chat* offers."""
    offered = {"inline_keyboard": [[{"text": "a button", "callback_data": data}]]}
    below = {"date": int(time.time()), "reply_markup": offered} | below
    below = sent_message({"chat_id": chat["id"]}) | below
    return {"id": "1", "from": by, "chat_instance": "1", "message": below, "data": data}


def buttons_of(call: Call) -> dict[str, str]:
    """The data of the buttons below what was sent, by what stands on them."""
    rows = call.given["reply_markup"]["inline_keyboard"]
    return {cell["text"]: cell["callback_data"] for row in rows for cell in row}


class RememberingEncoder(HashingEncoder):
    """Encodes no text twice: long articles of the tests repeat themselves."""

    def __init__(self, identity: str = "hashing-1") -> None:
        super().__init__(identity)
        self._known: dict[str, TokenVectors] = {}

    def _tokens(self, text: str) -> TokenVectors:
        if text not in self._known:
            self._known[text] = super()._tokens(text)
        return self._known[text]


def put(library: Library, text: str, encoder: Encoder, name: str = "own") -> None:
    """Add *text* to *library* as its article *name*."""
    article = ReadArticle(make_article(text, id=name), explicit_id=True)
    list(add_articles(library, lambda: encoder, [article]))


def make_inbox(engine: Engine) -> Inbox:
    """The inbox of a bot on the database *engine*."""
    store = StoreThread(engine)
    return Inbox(store, BOT_ID, make_overflow(store))


def fresh_inbox() -> Inbox:
    """An empty inbox, on a database in memory."""
    engine = open_database("sqlite://")
    open_store(engine)
    return make_inbox(engine)


class LocalBot:
    """The application as `article-bot telegram` makes it, by default on a database in memory."""

    def __init__(self, settings: Settings, database: str = "sqlite://") -> None:
        self.engine = open_database(database)
        self.request = RecordingRequest()
        self.encoder = RememberingEncoder()
        self._runner = asyncio.Runner()
        self._number = 0
        open_store(self.engine)
        self.inbox = make_inbox(self.engine)
        self.application = make_application(TOKEN, "http://127.0.0.1:1", self.inbox, self.request)
        answerers = AnswererPool(self.engine, Models(self.encoder), settings)
        self.shared = SharedResources.of(answerers, settings, self.inbox)
        self.application.bot_data.shared = self.shared
        self._runner.run(self.application.initialize())

    def close(self) -> None:
        """End it."""
        self._runner.run(self.inbox.close())
        self._runner.run(self.application.shutdown())
        self.shared.threads.shutdown()
        self._runner.close()
        self.engine.dispose()

    def run(self, work: Callable[[], Any]) -> Any:
        """Run what the coroutine function *work* does on the bot's event loop."""
        return self._runner.run(work())

    async def process(self, **update: Any) -> None:
        """Let the bot work on *update*."""
        self._number += 1
        given = Update.de_json({"update_id": self._number, **update}, self.application.bot)
        await self.application.update_processor.process_update(
            given, self.application.process_update(given)
        )

    def receive(self, **update: Any) -> list[Call]:
        """Let the bot work on *update*; return what it called meanwhile."""
        before = len(self.request.calls)
        self._runner.run(self.process(**update))
        return [call for call in self.request.calls[before:] if call.method not in _AROUND]

    def deliver(self, **update: Any) -> list[Call]:
        """Let *update* come by the inbox, as from Telegram; return what the bot called for it."""
        before = len(self.request.calls)
        self._number += 1
        given = Update.de_json({"update_id": self._number, **update}, self.application.bot)

        async def work() -> None:
            await self.application.start()
            await self.inbox.put(given)
            async with asyncio.timeout(60):
                while self.inbox._taken:
                    await asyncio.sleep(0.01)
            await self.application.stop()

        self._runner.run(work())
        return self.request.calls[before:]

    def told(self, **update: Any) -> list[str]:
        """Let the bot work on *update*; return the texts that it sent."""
        calls = self.receive(**update)
        return [call.given["text"] for call in calls if call.method == "sendMessage"]

    def put(self, text: str) -> None:
        """Add an article to those of Ann's private chat."""
        put(Library(self.engine, str(PRIVATE["id"])), text, self.encoder)
