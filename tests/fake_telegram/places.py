"""What there is before anything happens: users, chats, files."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from fake_telegram.files import document
from fake_telegram.world import Chat, File, Json, User, World


class Places:
    """Makes the users, chats and files of a test."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.bot = world.bot
        self._ids = itertools.count(4001)

    def user(self, first_name: str = "Ann", **fields: Any) -> User:
        """Make a person; `username`, `language_code`, `is_bot` and `last_name` may be given."""
        user = User(100_000_000 + next(self._ids), first_name, **fields)
        self.world.users[user.id] = user
        return user

    def private(self, user: User) -> Chat:
        """Give the chat of *user* with the bot, which they have started."""
        if user.id not in self.world.chats:
            chat = self._chat(Chat(user.id, "private", user=user), [user])
            chat.put(self.bot, "member")
        return self.world.chats[user.id]

    def group(
        self, title: str = "A group", *, members: Sequence[User] = (), bot: str = "member"
    ) -> Chat:
        """Make a basic group; the first of *members* created it; *bot* is the bot's status."""
        chat = self._chat(Chat(-next(self._ids), "group", title), members)
        chat.put(self.bot, bot)
        return chat

    def supergroup(
        self,
        title: str = "A supergroup",
        *,
        members: Sequence[User] = (),
        bot: str = "member",
        forum: bool = False,
        **fields: Any,
    ) -> Chat:
        """Make a supergroup, with topics when it is a *forum*."""
        id = -1_000_000_000_000 - next(self._ids)  # noqa: A001
        chat = self._chat(Chat(id, "supergroup", title, is_forum=forum, **fields), members)
        chat.put(self.bot, bot)
        return chat

    def channel(
        self,
        title: str = "A channel",
        *,
        members: Sequence[User] = (),
        bot: str = "administrator",
        **fields: Any,
    ) -> Chat:
        """Make a channel; the first of *members* created it; `linked` is its discussion group."""
        id = -1_000_000_000_000 - next(self._ids)  # noqa: A001
        chat = self._chat(Chat(id, "channel", title, **fields), members)
        chat.put(self.bot, bot)
        if chat.linked:
            chat.linked.linked = chat
        return chat

    def document(
        self, content: bytes, name: str, *, mime_type: str = "", size: int | None = None
    ) -> Json:
        """Put a file on the server; *size* may say that it is larger than its content."""
        file_id = f"file{self.world.new_id()}"
        file = File(file_id, content, name, len(content) if size is None else size)
        self.world.files[file_id] = file
        return document(file) | ({"mime_type": mime_type} if mime_type else {})

    def photo(self) -> list[Json]:
        """Give a photo, in its one size."""
        return [self._media() | {"width": 640, "height": 480}]

    def voice(self) -> Json:
        """Give a voice message."""
        return self._media() | {"duration": 3, "mime_type": "audio/ogg"}

    def sticker(self) -> Json:
        """Give a sticker."""
        looks = {"width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self._media() | {"type": "regular", "emoji": "👍"} | looks

    def _media(self) -> Json:
        number = self.world.new_id()
        return {"file_id": f"file{number}", "file_unique_id": f"ufile{number}", "file_size": 1000}

    def _chat(self, chat: Chat, members: Sequence[User]) -> Chat:
        for number, user in enumerate(members):
            creates = number == 0 and chat.type != "private"
            chat.put(user, "creator" if creates else "member")
        self.world.chats[chat.id] = chat
        return chat
