"""The methods of the Bot API that the server knows, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botapi import chats, messages
from botapi.world import Json, World


def get_me(world: World, params: Json) -> Json:
    """Tell who the bot is and what BotFather allows it."""
    return world.bot.json | world.features


METHODS: dict[str, Callable[[World, Json], Any]] = {
    "getMe": get_me,
    "sendMessage": messages.send_message,
    "sendDocument": messages.send_document,
    "sendChatAction": messages.send_chat_action,
    "editMessageText": messages.edit_message_text,
    "editMessageCaption": messages.edit_message_caption,
    "editMessageReplyMarkup": messages.edit_message_reply_markup,
    "deleteMessage": messages.delete_message,
    "setMessageReaction": messages.set_message_reaction,
    "answerCallbackQuery": messages.answer_callback_query,
    "getFile": messages.get_file,
    "getChat": chats.get_chat,
    "getChatMember": chats.get_chat_member,
    "getChatAdministrators": chats.get_chat_administrators,
    "getChatMemberCount": chats.get_chat_member_count,
    "leaveChat": chats.leave_chat,
}
