"""Which chat a call means, and whether the bot may do there what it wants."""

from __future__ import annotations

from fake_telegram.world import Chat, Json, Refused, World, bad_request


def find_chat(world: World, params: Json) -> Chat:
    """Give the chat of `chat_id`, which is a number or the @name of a public chat."""
    id = params.get("chat_id")  # noqa: A001
    if id in (None, ""):
        raise bad_request("chat_id is empty")
    for chat in world.chats.values():
        if chat.id == id or (chat.username and str(id).lower() == f"@{chat.username}".lower()):
            return chat
    if id in world.users:
        raise Refused(403, "Forbidden: bot can't initiate conversation with a user")
    raise bad_request("chat not found")


def readable_chat(world: World, params: Json) -> Chat:
    """Give the chat of a call that asks about it: a public one may be asked about from outside."""
    chat = find_chat(world, params)
    if chat.type in ("supergroup", "channel") and not chat.username:
        return joined_chat(world, params)
    return chat


def joined_chat(world: World, params: Json) -> Chat:
    """Give the chat of a call that only somebody inside may make."""
    chat = find_chat(world, params)
    if chat.migrated_to:
        raise Refused(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=chat.migrated_to,
        )
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
