"""The methods of the Bot API that the server knows, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fake_telegram import chats, files, gestures, messages, queries, settings
from fake_telegram.world import Json, World


def get_me(world: World, params: Json) -> Json:
    """Tell who the bot is and what BotFather allows it."""
    return world.bot.json | world.features


METHODS: dict[str, Callable[[World, Json], Any]] = {
    "getMe": get_me,
    "sendMessage": messages.send_message,
    "sendDocument": files.send_document,
    "sendChatAction": gestures.send_chat_action,
    "editMessageText": messages.edit_message_text,
    "editMessageCaption": messages.edit_message_caption,
    "editMessageReplyMarkup": messages.edit_message_reply_markup,
    "deleteMessage": messages.delete_message,
    "setMessageReaction": gestures.set_message_reaction,
    "answerCallbackQuery": queries.answer_callback_query,
    "getFile": files.get_file,
    "getChat": chats.get_chat,
    "getChatMember": chats.get_chat_member,
    "getChatAdministrators": chats.get_chat_administrators,
    "getChatMemberCount": chats.get_chat_member_count,
    "leaveChat": chats.leave_chat,
    "answerInlineQuery": queries.answer_inline_query,
    "answerGuestQuery": queries.answer_guest_query,
    "setMyCommands": settings.set_my_commands,
    "getMyCommands": settings.get_my_commands,
    "deleteMyCommands": settings.delete_my_commands,
    "setMyName": settings.setter("name", settings.NAME_LIMIT),
    "getMyName": settings.getter("name"),
    "setMyDescription": settings.setter("description", settings.DESCRIPTION_LIMIT),
    "getMyDescription": settings.getter("description"),
    "setMyShortDescription": settings.setter("short_description", settings.SHORT_DESCRIPTION_LIMIT),
    "getMyShortDescription": settings.getter("short_description"),
    "setChatMenuButton": settings.set_chat_menu_button,
}
