"""What stands in the updates that the bot gets, and which of them it gets."""

from __future__ import annotations

import time

from fake_telegram.entities import Entity, detect, marked, units
from fake_telegram.world import (
    ANONYMOUS_ADMIN,
    FAKE_CHANNEL,
    SERVICE,
    Chat,
    Json,
    User,
    World,
)

SERVICE_FIELDS = {
    *("new_chat_members", "left_chat_member", "migrate_to_chat_id", "migrate_from_chat_id"),
    *("forum_topic_created", "pinned_message", "new_chat_title", "group_chat_created"),
}

OWN = {  # what a message has as a message of its chat, and a forward of it has not
    *("message_id", "date", "edit_date", "chat", "from", "sender_chat", "author_signature"),
    *("reply_to_message", "quote", "message_thread_id", "is_topic_message", "reply_markup"),
    *("is_automatic_forward", "media_group_id"),
}


def message_of(chat: Chat, sender: User, fields: Json) -> Json:
    """Make what *sender* says in *chat*: who from, and the entities that Telegram finds."""
    as_chat = fields.pop("as_chat", None)
    author: Json = {"from": sender.json}
    if as_chat is not None:
        author = {"from": ANONYMOUS_ADMIN if as_chat is chat else FAKE_CHANNEL}
        author["sender_chat"] = as_chat.json
    return found(author | fields)


def found(message: Json) -> Json:
    """Give *message* with the entities that Telegram finds in its text or caption."""
    for name, entities in (("text", "entities"), ("caption", "caption_entities")):
        if message.get(name):
            message[entities] = detect(message[name], message.get(entities) or [])
    return message


def is_visible(world: World, chat: Chat, message: Json) -> bool:
    """
    Whether the bot gets *message*, by its membership and its privacy mode.

    With privacy mode on, a member who is no administrator gets of a group only commands that are
    not another bot's, replies to itself, messages sent by way of itself, and service messages.
    Mentions are not among them, whatever BotFather says. Other bots' messages never arrive.
    """
    status = chat.status(world.bot.id)
    if chat.type == "channel":
        return status == "administrator"
    if status not in ("member", "administrator", "restricted"):
        return False
    sender = message["from"]
    if sender["is_bot"] and sender["id"] not in (ANONYMOUS_ADMIN["id"], FAKE_CHANNEL["id"]):
        return False
    if chat.type == "private" or status == "administrator":
        return True
    return world.features["can_read_all_group_messages"] or _is_meant(world, message)


def _is_meant(world: World, message: Json) -> bool:
    replied = message.get("reply_to_message", {}).get("from", {}).get("id")
    via = message.get("via_bot", {}).get("id")
    return bool(
        world.bot.id in (replied, via)
        or SERVICE_FIELDS & message.keys()
        or any(_is_for(world, command) for command in commands(message))
    )


def _is_for(world: World, command: str) -> bool:
    name = command.partition("@")[2]
    return not name or name.lower() == str(world.bot.username).lower()


def commands(message: Json) -> list[str]:
    """Give the commands that stand in the text or caption of *message*."""
    text = message.get("text") or message.get("caption") or ""
    entities = message.get("entities") or message.get("caption_entities") or []
    return [marked(text, entity) for entity in entities if entity["type"] == "bot_command"]


def text_mention(text: str, name: str, user: User) -> list[Entity]:
    """Give the entity by which *name* in *text* mentions a user without a username."""
    start = units(text[: text.index(name)])
    return [{"type": "text_mention", "offset": start, "length": units(name), "user": user.json}]


def forward_automatically(world: World, channel: Chat, post: Json) -> Json | None:
    """Give the copy of *post* that Telegram puts into the discussion group of its channel."""
    if channel.linked is None:
        return None
    head = {"from": SERVICE, "sender_chat": channel.json, "is_automatic_forward": True}
    return world.add(channel.linked, head | forwarded(post))


def forwarded(message: Json) -> Json:
    """Give what a forward of *message* holds: its content, and where that comes from."""
    content = {key: value for key, value in message.items() if key not in OWN}
    if "forward_origin" in content:
        return content
    origin: Json = {"type": "user", "sender_user": message.get("from"), "date": message["date"]}
    if message["chat"]["type"] == "channel":
        place = {"chat": message["chat"], "message_id": message["message_id"]}
        origin = {"type": "channel", "date": message["date"]} | place
    elif "sender_chat" in message:
        sender = {"sender_chat": message["sender_chat"]}
        origin = {"type": "chat", "date": message["date"]} | sender
    return content | {"forward_origin": origin}


def pressed(message: Json, what: str) -> Json:
    """Give the button under *message* with the text or the callback_data *what*."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    buttons: list[Json] = [button for row in rows for button in row]
    for button in buttons:
        if what in (button["text"], button.get("callback_data")):
            return button
    names = [button["text"] for button in buttons]
    raise AssertionError(f"there is no button {what!r} under the message; there are {names}.")


def place_of(world: World, message: Json) -> Json:
    """Give what a press tells of *message*: what it is now, or an inaccessible message."""
    gone = {"chat": message["chat"], "message_id": message["message_id"], "date": 0}
    now = world.chats[message["chat"]["id"]].messages.get(message["message_id"], gone)
    return {"message": now, "chat_instance": str(message["chat"]["id"])}


def callback_query(world: World, user: User, press: Json) -> Json:
    """Give the update of a *press* by *user*: the data, and where the button stands."""
    id = f"callback{world.new_id()}"  # noqa: A001
    world.callbacks[id] = False
    return {"id": id, "from": user.json} | press


def quote_of(message: Json, words: str) -> Json:
    """Give what a reply holds that quotes *words* of *message*."""
    text = message.get("text") or message["caption"]
    return {"text": words, "position": units(text[: text.index(words)]), "is_manual": True}


def membership(chat: Chat, by: User, old: Json, new: Json) -> Json:
    """Give a ChatMemberUpdated."""
    head = {"chat": chat.json, "from": by.json, "date": int(time.time())}
    return head | {"old_chat_member": old, "new_chat_member": new}
