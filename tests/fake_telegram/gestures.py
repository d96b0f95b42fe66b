"""Methods that show something without writing: chat actions and reactions."""

from __future__ import annotations

from telegram.constants import ReactionEmoji

from fake_telegram.access import joined_chat, writable_chat
from fake_telegram.texts import thread
from fake_telegram.world import Json, World, bad_request

CHAT_ACTIONS = {
    *("typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice"),
    *("upload_document", "choose_sticker", "find_location", "record_video_note"),
    "upload_video_note",
}
REACTIONS = {emoji.value for emoji in ReactionEmoji}
GENERAL = 1  # the message_thread_id of a forum's first topic, which only a chat action can name


def send_chat_action(world: World, params: Json) -> bool:
    """Show for five seconds that one is at work."""
    chat = writable_chat(world, params)
    if params.get("action") not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    if chat.type == "channel":
        raise bad_request("chat actions are not shown in channels")  # by the documentation
    if not (chat.is_forum and params.get("message_thread_id") == GENERAL):
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
