"""Methods by which the bot introduces itself: commands, descriptions, menu."""

from __future__ import annotations

import re
from collections.abc import Callable

from fake_telegram.access import joined_chat
from fake_telegram.world import Json, World, bad_request

COMMAND_LIMIT = 100
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
COMMAND_DESCRIPTION_LIMIT = 256
DESCRIPTION_LIMIT = 512
SHORT_DESCRIPTION_LIMIT = 120
NAME_LIMIT = 64
LANGUAGE = re.compile(r"([a-z]{2})?")
WIDE_SCOPES = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
CHAT_SCOPES = {"chat", "chat_administrators", "chat_member"}


def set_my_commands(world: World, params: Json) -> bool:
    """Set the commands that clients offer, of one scope and language; none deletes them."""
    commands = params.get("commands") or []
    if len(commands) > COMMAND_LIMIT:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND.fullmatch(command["command"].removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= COMMAND_DESCRIPTION_LIMIT:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    world.settings.setdefault("commands", {})[_place(world, params)] = commands
    return True


def get_my_commands(world: World, params: Json) -> list[Json]:
    """Give the commands of one scope and language."""
    found = world.settings.get("commands", {}).get(_place(world, params), [])
    return list(found)


def delete_my_commands(world: World, params: Json) -> bool:
    """Forget the commands of one scope and language."""
    world.settings.get("commands", {}).pop(_place(world, params), None)
    return True


def set_chat_menu_button(world: World, params: Json) -> bool:
    """Set the button beside the input field."""
    button = params.get("menu_button") or {"type": "default"}
    world.settings.setdefault("menu_button", {})[params.get("chat_id")] = button
    return True


def setter(name: str, limit: int) -> Callable[[World, Json], bool]:
    """Make the method that sets the text *name*, of at most *limit* characters, by language."""

    def set_text(world: World, params: Json) -> bool:
        text = params.get(name, "")
        if len(text) > limit:
            raise bad_request(f"{name} is too long: {len(text)} characters of at most {limit}")
        world.settings.setdefault(name, {})[_language(params)] = text
        return True

    return set_text


def getter(name: str) -> Callable[[World, Json], Json]:
    """Make the method that gives the text *name* of a language, or else the general one."""

    def get_text(world: World, params: Json) -> Json:
        texts = world.settings.get(name, {})
        return {name: texts.get(_language(params)) or texts.get("", "")}

    return get_text


def _place(world: World, params: Json) -> tuple[str, int, int, str]:
    scope = params.get("scope") or {"type": "default"}
    kind = scope.get("type")
    if kind not in WIDE_SCOPES | CHAT_SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    if kind in CHAT_SCOPES:
        joined_chat(world, scope)
    return kind, scope.get("chat_id", 0), scope.get("user_id", 0), _language(params)


def _language(params: Json) -> str:
    code = str(params.get("language_code", ""))
    if not LANGUAGE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code
