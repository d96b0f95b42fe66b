"""Traffic as a bot has it: questions, commands, buttons, inline queries, edits, and a flood."""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from fake_telegram.api import BotApi
from fake_telegram.log import Call
from fake_telegram.world import Chat, Json, User
from killed_bots import QUESTIONS, question_of

PEOPLE, GROUPS = 200, 10
FLOODING = 20  # people of one group
STRANGER_EVERY = 5.0  # seconds

# What of a hundred updates is what.
SHARES = {"question": 50, "command": 15, "in a group": 10, "button": 10, "inline": 10, "edit": 5}
COMMANDS = ("/help", "/articles", "/settings", "/article")
BUTTONS = ("More", "Context", "👍")


@dataclass
class Wish:
    """Something that somebody wanted at a time, and what the bot has to call for it."""

    kind: str
    at: float
    method: str
    key: tuple[object, ...]


@dataclass
class Traffic:
    """Who is there, and what they have wanted; each is somebody with a chat of his own."""

    api: BotApi
    chance: random.Random
    wishes: list[Wish] = field(default_factory=list)
    buttons: list[tuple[User, Json]] = field(default_factory=list)  # replies that have some
    asked: list[Json] = field(default_factory=list)  # questions that may be edited

    def __post_init__(self) -> None:
        self._seen = 0
        self.chats = [self.api.private(self.api.user()) for _ in range(PEOPLE)]
        people = [user_of(chat) for chat in self.chats]
        self.groups = [self.api.supergroup(members=people) for _ in range(GROUPS)]
        self._flooding = [self.api.user() for _ in range(FLOODING)]
        self._flooded = self.api.supergroup(members=self._flooding)
        self._doing: dict[str, Callable[[], None]] = {
            "question": self._ask,
            "command": self._command,
            "in a group": self._ask_in_a_group,
            "button": self._press,
            "inline": self._inline,
            "edit": self._edit,
        }

    def run(self, seconds: float, rate: float, flood: float = 0.0) -> None:
        """Want *rate* things a second; beside them *flood* times `/help` in one group."""
        started = time.monotonic()
        steps = stranger = floods = 0
        while (now := time.monotonic() - started) < seconds:
            if steps <= now * rate:
                steps += 1
                (kind,) = self.chance.choices(list(SHARES), list(SHARES.values()))
                self._doing[kind]()
            elif floods < now * flood:
                floods += 1
                user = self.chance.choice(self._flooding)
                self._send(self._flooded, user, "/help@ArticleBot", "")
            elif stranger * STRANGER_EVERY <= now:
                stranger += 1
                chat = self.api.private(self.api.user())
                self._send(chat, user_of(chat), self.chance.choice(QUESTIONS), "stranger")
            else:
                time.sleep(0.005)

    def _send(self, chat: Chat, user: User, text: str, kind: str) -> Json:
        at = time.monotonic()
        sent = self.api.send(chat, user, text)
        if kind:
            self.wishes.append(Wish(kind, at, "sendMessage", (chat.id, sent["message_id"])))
        return sent

    def _ask(self) -> None:
        chat = self.chance.choice(self.chats)
        self.asked.append(
            self._send(chat, user_of(chat), self.chance.choice(QUESTIONS), "question")
        )

    def _command(self) -> None:
        chat = self.chance.choice(self.chats)
        self._send(chat, user_of(chat), self.chance.choice(COMMANDS), "command")

    def _ask_in_a_group(self) -> None:
        group, chat = self.chance.choice(self.groups), self.chance.choice(self.chats)
        text = f"/ask@ArticleBot {self.chance.choice(QUESTIONS)}"
        self._send(group, user_of(chat), text, "in a group")

    def _inline(self) -> None:
        user = user_of(self.chance.choice(self.chats))
        at = time.monotonic()
        query = self.api.inline(user, self.chance.choice(QUESTIONS))
        self.wishes.append(Wish("inline", at, "answerInlineQuery", (query["id"],)))

    def _press(self) -> None:
        """Press a button below one of the replies that came last."""
        self._look_for_buttons()
        if not self.buttons:
            return self._ask()
        user, message = self.buttons.pop(self.chance.randrange(len(self.buttons)))
        shown = [cell["text"] for row in buttons_below(message) for cell in row]
        wanted = [text for text in shown if text in BUTTONS]
        if not wanted:
            return self._ask()
        at = time.monotonic()
        query = self.api.press(message, self.chance.choice(wanted), user=user)
        self.wishes.append(Wish("button", at, "answerCallbackQuery", (query["id"],)))
        return None

    def _edit(self) -> None:
        """Change one of the last questions; its reply is to be changed with it."""
        if not self.asked:
            return self._ask()
        message = self.asked.pop(self.chance.randrange(len(self.asked)))
        others = [text for text in QUESTIONS if text != message["text"]]
        at = time.monotonic()
        self.api.edit(message, self.chance.choice(others))
        self.wishes.append(Wish("edit", at, "editMessageText", (message["chat"]["id"],)))
        del self.asked[:-PEOPLE]
        return None

    def _look_for_buttons(self) -> None:
        """Note the replies with buttons in private chats that came since the last look."""
        with self.api.delivery.changed:
            new, self._seen = self.api.log.entries[self._seen :], len(self.api.log.entries)
        by_id = {chat.id: chat for chat in self.chats}
        for entry in new:
            if isinstance(entry, Call) and entry.method == "sendMessage" and entry.result:
                chat = by_id.get(entry.params["chat_id"])
                if chat is not None and buttons_below(entry.result):
                    self.buttons.append((user_of(chat), entry.result))
        del self.buttons[:-PEOPLE]

    def waits(self, since: float) -> dict[str, list[float | None]]:
        """Seconds to each answer by kind, None for none, of what was wanted *since* then."""
        done: dict[tuple[object, ...], list[float]] = defaultdict(list)
        for call in self.api.calls:
            if not call.error_code:
                done[call.method, *key_of(call)].append(call.at)
        waits: dict[str, list[float | None]] = defaultdict(list)
        for wish in self.wishes:
            if wish.at >= since:
                later = [at for at in done[wish.method, *wish.key] if at >= wish.at]
                waits[wish.kind].append(later[0] - wish.at if later else None)
        return waits


def key_of(call: Call) -> tuple[object, ...]:
    """What a call answers, as the key of a Wish."""
    params = call.params
    if call.method == "sendMessage":
        return params["chat_id"], question_of(call)
    if call.method == "answerCallbackQuery":
        return (params["callback_query_id"],)
    if call.method == "answerInlineQuery":
        return (params["inline_query_id"],)
    return (params.get("chat_id"),)


def buttons_below(message: Json) -> list[list[Json]]:
    """The rows of buttons below a message."""
    rows: list[list[Json]] = (message.get("reply_markup") or {}).get("inline_keyboard", [])
    return rows


def user_of(chat: Chat) -> User:
    """Who talks to the bot in a private chat."""
    assert chat.user is not None
    return chat.user
