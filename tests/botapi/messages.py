"""Methods that write, change and remove messages."""

from __future__ import annotations

from telegram.constants import ReactionEmoji

from botapi.texts import caption, keyboard, message_text, reply, thread
from botapi.world import Chat, File, Json, Refused, World, bad_request

CHAT_ACTIONS = {
    *("typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice"),
    *("upload_document", "choose_sticker", "find_location", "record_video_note"),
    "upload_video_note",
}
REACTIONS = {emoji.value for emoji in ReactionEmoji}
DOWNLOAD_LIMIT = 20 * 1024 * 1024  # bytes, that getFile hands out
CALLBACK_TEXT_LIMIT = 200
NOT_MODIFIED = "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"  # noqa: E501
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def find_chat(world: World, params: Json) -> Chat:
    """Give the chat of `chat_id`, which is a number or the @name of a public chat."""
    id = params.get("chat_id")  # noqa: A001
    if id in (None, ""):
        raise bad_request("chat_id is empty")
    for chat in world.chats.values():
        if chat.id == id or (chat.username and id == f"@{chat.username}"):
            break
    else:
        raise bad_request("chat not found")
    if chat.migrated_to:
        raise Refused(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=chat.migrated_to,
        )
    return chat


def joined_chat(world: World, params: Json) -> Chat:
    """Give the chat of a call that only somebody inside may make."""
    chat = find_chat(world, params)
    status = chat.status(world.bot.id)
    if status == "kicked" and chat.type == "private":
        raise Refused(403, "Forbidden: bot was blocked by the user")
    if status == "kicked":
        raise Refused(403, f"Forbidden: bot was kicked from the {chat.type} chat")
    if status == "left":
        raise Refused(403, f"Forbidden: bot is not a member of the {chat.type} chat")
    return chat


def writable_chat(world: World, params: Json) -> Chat:
    """Give the chat of a call that writes there."""
    chat = joined_chat(world, params)
    rights = chat.rights.get(world.bot.id, {})
    if chat.type == "channel" and not (
        chat.status(world.bot.id) == "administrator" and rights.get("can_post_messages", True)
    ):
        raise bad_request("need administrator rights in the channel chat")
    if chat.status(world.bot.id) == "restricted" and not rights.get("can_send_messages", False):
        raise bad_request("not enough rights to send text messages to the chat")
    return chat


def send_message(world: World, params: Json) -> Json:
    """Write a text."""
    content = message_text(params)
    if params.get("link_preview_options"):
        content["link_preview_options"] = params["link_preview_options"]
    return _send(world, params, content)


def send_document(world: World, params: Json) -> Json:
    """Write a file, uploaded with the call or known by its id."""
    content = caption(params)
    file = params.get("document")
    if not isinstance(file, File):
        file = world.files.get(str(file))
    if file is None:
        raise bad_request("there is no document in the request")
    world.files[file.file_id] = file
    return _send(world, params, content | {"document": document(file)})


def _send(world: World, params: Json, content: Json) -> Json:
    chat = writable_chat(world, params)
    content |= keyboard(params) | reply(world, chat, params) | thread(chat, params)
    author = {"sender_chat": chat.json} if chat.type == "channel" else {"from": world.bot.json}
    message = world.add(chat, author | content)
    world.written.add((chat.id, message["message_id"]))
    return message


def document(file: File) -> Json:
    """Give the Document object of *file*."""
    names = {"file_id": file.file_id, "file_unique_id": f"u{file.file_id}"}
    return names | {"file_name": file.name, "file_size": file.size}


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
    message["edit_date"] = message["date"] + 1
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


def send_chat_action(world: World, params: Json) -> bool:
    """Show for five seconds that one is at work."""
    chat = writable_chat(world, params)
    if params.get("action") not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    if chat.type == "channel":
        raise bad_request("chat actions are not shown in channels")  # by the documentation
    thread(chat, params)
    return True


def set_message_reaction(world: World, params: Json) -> bool:
    """React to a message with one emoji of the fixed list, or take the reaction back."""
    chat = joined_chat(world, params)
    reactions = params.get("reaction") or []
    if params.get("message_id") not in chat.messages:
        raise bad_request("message to react not found")
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if reactions and reactions[0].get("emoji") not in REACTIONS:
        raise bad_request("REACTION_INVALID")
    world.reactions[chat.id, params["message_id"]] = reactions
    return True


def answer_callback_query(world: World, params: Json) -> bool:
    """Answer the press of a button, once."""
    if len(params.get("text", "")) > CALLBACK_TEXT_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    close_query(world.callbacks, params.get("callback_query_id", ""))
    return True


def close_query(queries: dict[str, bool], id: str) -> None:  # noqa: A002
    """Note that a query is answered, which goes once and only while it is fresh."""
    if queries.get(id, True):
        raise bad_request(TOO_OLD)
    queries[id] = True


def get_file(world: World, params: Json) -> Json:
    """Say where a file can be fetched."""
    file = world.files.get(params.get("file_id", ""))
    if file is None:
        raise bad_request("invalid file_id")
    if file.size > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    names = {"file_id": file.file_id, "file_unique_id": f"u{file.file_id}"}
    return names | {"file_size": file.size, "file_path": f"documents/{file.file_id}"}
