"""Who and what there is: users, chats, their members and messages."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

# Accounts that Telegram puts in the place of a sender who is no user.
SERVICE: Json = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
ANONYMOUS_ADMIN: Json = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
FAKE_CHANNEL: Json = {"id": 136817688, "is_bot": True, "first_name": "Channel"}
PRESENT = ("creator", "administrator", "member", "restricted")


class Refused(Exception):  # noqa: N818
    """A call that Telegram does not carry out."""

    def __init__(self, error_code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.error_code = error_code
        self.description = description
        self.parameters = parameters


def bad_request(description: str) -> Refused:
    """Make the refusal that most wrong calls get."""
    return Refused(400, f"Bad Request: {description}")


@dataclass(eq=False)
class User:
    """A person, or the bot."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False

    @property
    def json(self) -> Json:
        """The user as Telegram writes it into updates."""
        return {name: value for name, value in vars(self).items() if value is not None}


@dataclass(eq=False)
class Chat:
    """A chat with who is in it and what was said; messages are kept as Telegram made them."""

    id: int
    type: str
    title: str | None = None
    username: str | None = None
    user: User | None = None  # of a private chat
    is_forum: bool = False
    linked: Chat | None = None  # the channel of a discussion group, or the group of a channel
    statuses: dict[int, str] = field(default_factory=dict)  # by user id, as in ChatMember.status
    rights: dict[int, dict[str, bool]] = field(default_factory=dict)  # of administrators
    topics: dict[int, str] = field(default_factory=dict)  # message_thread_id: name
    messages: dict[int, Json] = field(default_factory=dict)
    people: dict[int, User] = field(default_factory=dict)
    migrated_to: int | None = None

    @property
    def json(self) -> Json:
        """The chat as Telegram writes it into messages."""
        known: Json
        more: Json
        if self.user:
            known = {"id": self.id, "type": self.type, "first_name": self.user.first_name}
            more = {"last_name": self.user.last_name, "username": self.user.username}
        else:
            known = {"id": self.id, "type": self.type, "title": self.title}
            more = {"username": self.username, "is_forum": self.is_forum or None}
        return known | {name: value for name, value in more.items() if value is not None}

    @property
    def is_group(self) -> bool:
        """Whether people talk here among themselves."""
        return self.type in ("group", "supergroup")

    def status(self, user_id: int) -> str:
        """Give the ChatMember.status of a user, who has left when nothing is known."""
        return self.statuses.get(user_id, "left")

    def put(self, user: User, status: str, **rights: bool) -> None:
        """Make *user* a member of the kind *status*."""
        self.people[user.id] = user
        self.statuses[user.id] = status
        self.rights[user.id] = rights


@dataclass
class File:
    """A file on the server. Its size may be said to be larger than the content is."""

    file_id: str
    content: bytes
    name: str
    size: int


@dataclass
class World:
    """Everything the server knows."""

    bot: User
    features: dict[str, bool]
    users: dict[int, User] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    callbacks: dict[str, bool] = field(default_factory=dict)  # query id: whether it is answered
    inline: dict[str, bool] = field(default_factory=dict)
    guest: dict[str, bool] = field(default_factory=dict)
    settings: dict[str, dict[Any, Any]] = field(default_factory=dict)  # method: scope: value
    reactions: dict[tuple[int, int], list[Json]] = field(default_factory=dict)
    written: set[tuple[int, int]] = field(default_factory=set)  # chat and message, by the bot
    inline_messages: dict[str, Json] = field(default_factory=dict)
    # Updates that the bot's own calls make: kind, content, the chat that decides who sees it.
    outbox: list[tuple[str, Json, Chat | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ids = itertools.count(1001)
        self._shared = itertools.count(1)  # private chats and basic groups share one sequence
        self._own: dict[int, itertools.count[int]] = {}

    def new_id(self) -> int:
        """Give a number that nothing else has."""
        return next(self._ids)

    def message_id(self, chat: Chat) -> int:
        """Give the id of the next message of *chat*."""
        if chat.type in ("private", "group"):
            return next(self._shared)
        # Supergroups and channels count for themselves, from 2 on, as 1 tells that they were made;
        # here also far apart, so that a mix-up is noticed.
        return next(self._own.setdefault(chat.id, itertools.count(2 + 1000 * len(self._own))))

    def add(self, chat: Chat, message: Json) -> Json:
        """Store a new *message* of *chat* under an id of its own, with its date in seconds."""
        id = self.message_id(chat)  # noqa: A001
        head = {"message_id": id, "date": int(time.time()), "chat": chat.json}
        chat.messages[id] = head | {key: value for key, value in message.items() if value}
        return chat.messages[id]

    def reply(self, chat: Chat, message_id: int) -> Json:
        """Give what a reply in *chat* to a message holds besides its own content."""
        original = chat.messages[message_id]
        fields: Json = {"reply_to_message": without_reply(original)}
        if chat.type != "supergroup":
            return fields
        # A chain of replies is a thread named by its first message, also outside of topics.
        fields["message_thread_id"] = original.get("message_thread_id", message_id)
        if original.get("is_topic_message"):
            fields["is_topic_message"] = True
        return fields


def without_reply(message: Json) -> Json:
    """Give *message* as it stands inside a reply to it: a reply of a reply is left out."""
    return {key: value for key, value in message.items() if key != "reply_to_message"}
