"""Methods that write, change and remove messages."""

from __future__ import annotations

import time

from fake_telegram.access import joined_chat, writable_chat
from fake_telegram.texts import caption, keyboard, message_text, reply, thread
from fake_telegram.updates import forward_automatically
from fake_telegram.world import Json, World, bad_request

NOT_MODIFIED = "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"  # noqa: E501


def send_message(world: World, params: Json) -> Json:
    """Write a text."""
    content = message_text(params)
    if params.get("link_preview_options"):
        content["link_preview_options"] = params["link_preview_options"]
    return send(world, params, content)


def send(world: World, params: Json, content: Json) -> Json:
    """Write *content* into a chat, with its buttons, as a reply, to a topic."""
    chat = writable_chat(world, params)
    content |= keyboard(params) | reply(world, chat, params) | thread(chat, params)
    author = {"sender_chat": chat.json} if chat.type == "channel" else {"from": world.bot.json}
    message = world.add(chat, author | content)
    world.written.add((chat.id, message["message_id"]))
    copy = forward_automatically(world, chat, message) if chat.type == "channel" else None
    if copy is not None and chat.linked:
        world.outbox.append(("message", copy, chat.linked))
    return message


def edit_message_text(world: World, params: Json) -> Json | bool:
    """Put another text and keyboard in the place of those of one's own message."""
    content = {"entities": [], **message_text(params)}
    message = _own_message(world, params)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    return _edit(message, params, content | {"reply_markup": None} | keyboard(params))


def edit_message_caption(world: World, params: Json) -> Json | bool:
    """Put another caption and keyboard in the place of those of one's own message."""
    content = caption(params)
    message = _own_message(world, params)
    if "text" in message:
        raise bad_request("there is no caption in the message to edit")
    return _edit(message, params, content | {"reply_markup": None} | keyboard(params))


def edit_message_reply_markup(world: World, params: Json) -> Json | bool:
    """Put another keyboard under one's own message, or none."""
    message = _own_message(world, params)
    return _edit(message, params, {"reply_markup": None} | keyboard(params))


def _own_message(world: World, params: Json) -> Json:
    if params.get("inline_message_id"):
        if params["inline_message_id"] not in world.inline_messages:
            raise bad_request("MESSAGE_ID_INVALID")
        return world.inline_messages[params["inline_message_id"]]
    chat = writable_chat(world, params)
    message = chat.messages.get(params.get("message_id", 0))
    if message is None:
        raise bad_request("message to edit not found")
    if not is_own(world, message):
        raise bad_request("message can't be edited")
    return message


def is_own(world: World, message: Json) -> bool:
    """Whether the bot wrote *message*, which does not show in a channel."""
    return (message["chat"]["id"], message["message_id"]) in world.written


def _edit(message: Json, params: Json, content: Json) -> Json | bool:
    if all((message.get(key) or None) == (value or None) for key, value in content.items()):
        raise bad_request(NOT_MODIFIED)
    message.update(content)
    for key in [key for key, value in message.items() if not value]:
        del message[key]
    if params.get("inline_message_id"):
        return True
    message["edit_date"] = int(time.time())
    return message


def delete_message(world: World, params: Json) -> bool:
    """Remove a message: one's own, any in a private chat, any of a group one administers."""
    chat = joined_chat(world, params)
    message = chat.messages.get(params.get("message_id", 0))
    if message is None:
        raise bad_request("message to delete not found")
    administers = chat.type == "private" or chat.status(world.bot.id) == "administrator"
    if not (administers or is_own(world, message)):
        raise bad_request("message can't be deleted")
    del chat.messages[message["message_id"]]
    return True
