"""What people do in the tests: they write, press, edit, post, come and go."""

from __future__ import annotations

import time
from typing import Any

from fake_telegram import updates
from fake_telegram.chats import member_json
from fake_telegram.delivery import Delivery
from fake_telegram.log import Arrival, Log
from fake_telegram.places import Places
from fake_telegram.world import PRESENT, Chat, Json, User, World


class People(Places):
    """
    The hands of a test: each method does what a person does in Telegram.

    Messages are given back as Telegram made them, as dictionaries. Whether the bot gets an update
    is decided by its membership and privacy mode; `deliver=` decides it in their place.
    """

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.delivery = Delivery()
        self.log = Log(self.delivery.changed)

    def topic(self, forum: Chat, name: str, by: User) -> int:
        """Open a topic and give its message_thread_id."""
        with self.delivery.changed:
            created = {"name": name, "icon_color": 7322096}
            message = self.world.add(forum, {"from": by.json, "forum_topic_created": created})
            id: int = message["message_id"]  # noqa: A001
            message |= {"message_thread_id": id, "is_topic_message": True}
            forum.topics[id] = name
        self._arrive("message", message, forum)
        return id

    def send(self, chat: Chat, user: User, text: str | None = None, **fields: Any) -> Json:
        """
        Let *user* write into *chat*.

        `reply_to` is a message, `quote` words of it, `topic` a topic; `as_chat` the group itself
        for an anonymous administrator, or the channel that is written as; `deliver` overrides who
        sees it. Everything else is a field of the message: `caption`, `document`, `via_bot`, …
        """
        with self.delivery.changed:
            deliver = fields.pop("deliver", None)
            reply_to, topic = fields.pop("reply_to", None), fields.pop("topic", None)
            if topic is not None:
                fields |= {"message_thread_id": topic, "is_topic_message": True}
                reply_to = reply_to or chat.messages[topic]
            if reply_to is not None:
                fields |= self.world.reply(chat, reply_to["message_id"])
            if fields.get("quote"):
                fields["quote"] = updates.quote_of(reply_to, fields["quote"])
            message = self.world.add(chat, updates.message_of(chat, user, {"text": text} | fields))
        return self._arrive("message", message, chat, deliver)

    def forward(self, message: Json, chat: Chat, user: User, **fields: Any) -> Json:
        """Let *user* forward *message* into *chat*; *fields* are as for send()."""
        return self.send(chat, user, **updates.forwarded(message) | fields)

    def edit(self, message: Json, text: str, *, deliver: bool | None = None) -> Json:
        """Change the text, or the caption, of a message."""
        chat = self.world.chats[message["chat"]["id"]]
        with self.delivery.changed:
            message = chat.messages[message["message_id"]]
            name = "caption" if "caption" in message else "text"
            message |= {name: text, "edit_date": int(time.time())}
            message.pop("caption_entities" if name == "caption" else "entities", None)
            updates.found(message)
        kind = "edited_channel_post" if chat.type == "channel" else "edited_message"
        return self._arrive(kind, message, chat, deliver)

    def post(self, channel: Chat, text: str | None = None, **fields: Any) -> Json:
        """Post in *channel*; in its discussion group the post appears as well."""
        with self.delivery.changed:
            head = {"sender_chat": channel.json, "text": text}
            deliver = fields.pop("deliver", None)
            if "reply_to" in fields:
                fields |= self.world.reply(channel, fields.pop("reply_to")["message_id"])
            post = self.world.add(channel, updates.found(head | fields))
            copy = updates.forward_automatically(self.world, channel, post)
        self._arrive("channel_post", post, channel, deliver)
        if copy is not None and channel.linked:
            self._arrive("message", copy, channel.linked, deliver)
        return post

    def copy_of(self, post: Json) -> Json:
        """Give the automatic forward of *post* in the discussion group."""
        group = self.world.chats[post["chat"]["id"]].linked
        origin = (post["chat"]["id"], post["message_id"])
        for message in group.messages.values() if group else ():
            source = message.get("forward_origin", {})
            if (source.get("chat", {}).get("id"), source.get("message_id")) == origin:
                return message
        raise AssertionError(f"post {origin} has no copy in a discussion group.")

    def comment(self, post: Json, user: User, text: str, **fields: Any) -> Json:
        """Let *user* comment on a *post*, in the discussion group, by a reply to its copy."""
        copy = self.copy_of(post)
        return self.send(
            self.world.chats[copy["chat"]["id"]], user, text, **{"reply_to": copy} | fields
        )

    def press(self, message: Json | str, what: str, *, user: User, data: str | None = None) -> Json:
        """
        Let *user* press the button with the text or the callback_data *what*; give the query.

        *message* is one of a chat as it was when the user saw it, or the inline_message_id of one
        that was sent by a query. With *data* the button is one of a long time ago, which sends it
        in the place of its own.
        """
        with self.delivery.changed:
            if isinstance(message, str):
                button = updates.pressed(self.world.inline_messages[message], what)
                place: Json = {"inline_message_id": message, "chat_instance": message}
            else:
                # The buttons are those of the message as the user still sees it; what the bot is
                # told of it is how it is now, or that it is gone.
                button = updates.pressed(message, what)
                place = updates.place_of(self.world, message)
            sent = button["callback_data"] if data is None else data
            query = updates.callback_query(self.world, user, place | {"data": sent})
        return self._arrive("callback_query", query)

    def inline(
        self, user: User, query: str, *, offset: str = "", chat_type: str = "sender"
    ) -> Json:
        """Let *user* type the bot's name and *query* into a chat; give the inline query."""
        with self.delivery.changed:
            id = f"inline{self.world.new_id()}"  # noqa: A001
            self.world.inline[id] = False
        asked = {"id": id, "from": user.json, "query": query, "offset": offset}
        on = self.world.features["supports_inline_queries"]
        return self._arrive("inline_query", asked | {"chat_type": chat_type}, deliver=on)

    def guest(self, chat: Chat, user: User, text: str, **fields: Any) -> Json:
        """Let *user* call the bot by its name in a *chat* where it is no member."""
        with self.delivery.changed:
            id = f"guest{self.world.new_id()}"  # noqa: A001
            self.world.guest[id] = False
            caller = {"guest_query_id": id, "guest_bot_caller_user": user.json}
            content = updates.message_of(chat, user, {"text": text} | caller | fields)
            message = self.world.add(chat, content)
        on = self.world.features["supports_guest_queries"]
        return self._arrive("guest_message", message, deliver=on)

    def add_bot(self, chat: Chat, by: User, *, status: str = "member", **rights: bool) -> None:
        """Take the bot into *chat*, which a group is told of, or change what it may do there."""
        old = member_json(chat, self.bot)
        chat.put(self.bot, status, **rights)
        new = member_json(chat, self.bot)
        self._arrive("my_chat_member", updates.membership(chat, by, old, new))
        if chat.is_group and old["status"] not in PRESENT and status in PRESENT:
            joined = {"from": by.json, "new_chat_members": [self.bot.json]}
            with self.delivery.changed:
                message = self.world.add(chat, joined)
            self._arrive("message", message, chat)

    def remove_bot(self, chat: Chat, by: User) -> None:
        """Throw the bot out; in a private chat, block it."""
        self.add_bot(chat, by, status="kicked")

    def migrate(self, group: Chat, by: User) -> Chat:
        """Turn a basic *group* into a supergroup, which is another chat, and give that."""
        new = self.supergroup(str(group.title), bot=group.status(self.bot.id))
        new.people, new.statuses = dict(group.people), dict(group.statuses)
        new.rights = dict(group.rights)
        with self.delivery.changed:
            leaving = {"from": by.json, "migrate_to_chat_id": new.id}
            old_side = self.world.add(group, leaving)
            coming = {"from": by.json, "migrate_from_chat_id": group.id}
            new_side = self.world.add(new, coming)
            group.migrated_to = new.id
        self._arrive("message", old_side, new)
        self._arrive("message", new_side, new)
        return new

    def update(self, kind: str, content: Json) -> Json:
        """Queue an update of a *kind* that nothing else here makes."""
        return self._arrive(kind, content)

    def _arrive(
        self, kind: str, content: Json, chat: Chat | None = None, deliver: bool | None = None
    ) -> Json:
        """Queue the update, if the bot sees it, and note it either way."""
        with self.delivery.changed:
            seen = deliver
            if seen is None:
                seen = chat is None or updates.is_visible(self.world, chat, content)
            queued = self.delivery.put(kind, content) if seen else None
            self.log.add(Arrival(kind, content, queued is not None))
        return content
